import { isObject } from '../../../util/json';
import { intrinsicCall } from './intrinsic-call';
import { TemplateError } from './template-error';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const mostAttributes = 200;

/**
 * Checks the mappings of a template, also those that nothing uses: a mapping has keys, each key has attributes, and each attribute is a text
 * or a list. CloudFormation evaluates no function in a mapping.
 *
 * @throws TemplateError in CloudFormation's words where they are known
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/mappings-section-structure.html
 * @see https://github.com/aws/aws-cdk/issues/16866
 */
export function checkMappings(mappings: Readonly<Record<string, unknown>>): void {
  for (const [map, keys] of Object.entries(mappings)) {
    for (const [key, attributes] of entriesOf(keys, `The mapping "${map}"`)) {
      if (!/^[a-z\d.-]{1,255}$/i.test(key)) {
        throw malformed(`Mappings key name '${key}' must contain only alphanumeric characters, '-' or '.'.`);
      }
      const entries = entriesOf(attributes, `The key "${key}" of the mapping "${map}"`);
      if (entries.length > mostAttributes) {
        throw malformed(`The key "${key}" of the mapping "${map}" has more than ${mostAttributes} attributes.`);
      }
      for (const [name, value] of entries) checkAttribute(name, value, `"${name}" of ${key} of the mapping "${map}"`);
    }
  }
}

function entriesOf(value: unknown, what: string): [string, unknown][] {
  const entries = isObject(value) ? Object.entries(value) : [];
  if (entries.length > 0) return entries;
  throw malformed(`${what} is not an object with at least one member.`);
}

function checkAttribute(name: string, value: unknown, what: string): void {
  if (!/^[a-z\d]{1,255}$/i.test(name)) {
    throw malformed(`Mappings attribute name '${name}' must contain only alphanumeric characters.`);
  }
  if (isObject(value)) throw malformed(`Every Mappings attribute must be a String or a List; ${what} is not.`);
  const call = functionIn(value);
  if (call !== undefined) throw malformed(`A mapping has no functions; ${what} has ${call}.`);
}

/** The name of a function that is called in the objects of a list. */
function functionIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const call = isObject(value) ? intrinsicCall(value) : undefined;
  return call
    ? call.name
    : Object.values(value)
        .map(functionIn)
        .find((name) => name !== undefined);
}

function malformed(message: string): TemplateError {
  return new TemplateError(`Template format error: ${message}`);
}
