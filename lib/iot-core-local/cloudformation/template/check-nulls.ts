import { isObject } from '../../../util/json';
import { TemplateError } from './template-error';

/**
 * Refuses a null anywhere in a template, also where IoT Core Local reads nothing.
 *
 * @throws TemplateError in CloudFormation's words, with the path of the null
 * @see https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1378
 */
export function checkNulls(value: unknown, path = ''): void {
  if (value === null) {
    throw new TemplateError(`Template format error: [${path}] 'null' values are not allowed in templates`);
  }
  if (!Array.isArray(value) && !isObject(value)) return;
  for (const [name, entry] of Object.entries(value)) checkNulls(entry, `${path}/${name}`);
}
