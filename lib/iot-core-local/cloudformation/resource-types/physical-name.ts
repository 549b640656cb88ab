import { randomInt } from 'node:crypto';
import type { ResourceContext } from './resource-type';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const suffixLength = 12;

/**
 * The name of a resource that the template does not name: stack name, logical id and 12 random characters, such as
 * `Fleet-Thing-4Q2ZJ0Z1K9AB`. If it would be too long, stack name and logical id are cut.
 *
 * @param maximum - the most characters that the service takes
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
 */
export function generatedName({ stack, logicalId }: ResourceContext, maximum: number): string {
  const suffix = Array.from({ length: suffixLength }, () => letters[randomInt(letters.length)]).join('');
  const room = maximum - suffixLength - 2;
  const id = logicalId.slice(0, Math.max(Math.floor(room / 2), room - stack.stackName.length));
  return `${stack.stackName.slice(0, room - id.length)}-${id}-${suffix}`;
}
