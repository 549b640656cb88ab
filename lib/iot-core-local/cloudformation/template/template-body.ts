import { checkDepth, duplicateKey } from '../../../util/json';
import { TemplateError } from './template-error';
import { parseYaml } from './yaml';

/**
 * Parses a template: JSON if it begins with a brace, otherwise YAML with CloudFormation's short forms of functions.
 *
 * @throws TemplateError in CloudFormation's words
 */
export async function parseTemplateBody(body: string): Promise<unknown> {
  const template = /^\s*\{/.test(body) ? parseJson(body) : await parseYaml(body);
  try {
    checkDepth(template);
  } catch (error) {
    throw new TemplateError(`Template format error: the template ${(error as Error).message}.`);
  }
  return template;
}

function parseJson(body: string): unknown {
  let template: unknown;
  try {
    template = JSON.parse(withExactNumbers(body));
  } catch (error) {
    throw new TemplateError(`Template format error: JSON not well-formed. (${(error as Error).message})`);
  }
  // AWS's page calls what CloudFormation makes of it undefined.
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
  const twice = duplicateKey(body);
  if (twice === undefined) return template;
  throw new TemplateError(`Template format error: JSON not well-formed. (the key "${twice}" twice in one object)`);
}

/** Makes texts of the numbers in JSON that JavaScript would round. A number of a template becomes a text in the end. */
function withExactNumbers(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"|(?<![\d.eE+-])-?[1-9]\d{15,}(?![\d.eE])/g, (token) =>
    token.startsWith('"') || Number.isSafeInteger(Number(token)) ? token : `"${token}"`,
  );
}
