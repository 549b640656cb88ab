import { createHash } from 'node:crypto';
import type { Registry } from '../../registry/registry';
import type { ResourceContext } from './resource-type';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const suffixLength = 12;

/** How many names each registry has had for a resource, by stack name and logical id. */
const generations = new WeakMap<Registry, Map<string, number>>();

/**
 * The name of a resource that the template does not name: stack name, logical id and 12 characters, such as `Fleet-Thing-4Q2ZJ0Z1K9AB`. If
 * it would be too long, stack name and logical id are cut.
 *
 * The characters look random, as CloudFormation's are, and no name is given twice. But the same stacks get the same names again when IoT
 * Core Local starts again, so that a client finds its files where they were.
 *
 * @param maximum - the most characters that the service takes
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
 */
export function generatedName(
  { stack, logicalId, registry }: Pick<ResourceContext, 'stack' | 'logicalId' | 'registry'>,
  maximum: number,
): string {
  const suffix = suffixOf(`${stack.stackName}/${logicalId}`, registry);
  const room = maximum - suffixLength - 2;
  const id = logicalId.slice(0, Math.max(Math.floor(room / 2), room - stack.stackName.length));
  return `${stack.stackName.slice(0, room - id.length)}-${id}-${suffix}`;
}

/**
 * The name of an AWS IoT policy that the template does not name: logical id and 12 characters, such as `CarPolicy_4Q2ZJ0Z1K9AB`.
 *
 * @see https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-iot, AWS::IoT::Policy, CreateHandler
 */
export function generatedPolicyName({
  stack,
  logicalId,
  registry,
}: Pick<ResourceContext, 'stack' | 'logicalId' | 'registry'>): string {
  const longestName = 128;
  const id = logicalId.slice(0, longestName - suffixLength - 1);
  return `${id}_${suffixOf(`${stack.stackName}/${logicalId}`, registry)}`;
}

function suffixOf(key: string, registry: Registry): string {
  const counts = generations.get(registry) ?? new Map<string, number>();
  generations.set(registry, counts);
  const count = counts.get(key) ?? 0;
  counts.set(key, count + 1);
  const digest = createHash('sha256').update(`${key}/${count}`).digest();
  return Array.from(digest.subarray(0, suffixLength), (byte) => letters[byte % letters.length]).join('');
}
