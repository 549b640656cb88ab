import { isObject } from '../../../util/json';
import { TemplateError } from './template-error';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const mostAttributes = 200;

/**
 * Checks the mappings of a template, also those that nothing uses: a mapping has keys, each key has attributes, and each attribute is a text
 * or a list.
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
      for (const [name, value] of entries) checkAttribute(name, value);
    }
  }
}

function entriesOf(value: unknown, what: string): [string, unknown][] {
  const entries = isObject(value) ? Object.entries(value) : [];
  if (entries.length > 0) return entries;
  throw malformed(`${what} is not an object with at least one member.`);
}

function checkAttribute(name: string, value: unknown): void {
  if (!/^[a-z\d]{1,255}$/i.test(name)) {
    throw malformed(`Mappings attribute name '${name}' must contain only alphanumeric characters.`);
  }
  // A function is an object. CloudFormation evaluates none in a mapping.
  if (isObject(value)) throw malformed('Every Mappings attribute must be a String or a List.');
}

function malformed(message: string): TemplateError {
  return new TemplateError(`Template format error: ${message}`);
}
