import { createHash } from 'node:crypto';
import type { Fleet, Member } from './fleet';
import { FleetError, mostStacks } from './fleet-rules';

/** Who is in one stack. A fleet of a single stack is its own part. */
export type FleetPart = Pick<Fleet, 'topic' | 'members'>;

/**
 * The most devices of a stack, whatever they are called and wherever they are.
 *
 * CloudFormation's 500 resources would take 99. What takes no more is IAM: the teardown's role names each certificate of the stack in its
 * inline policies, which may have 10,240 characters, and each thing, policy and client in at most ten managed ones of 6,144.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const devicesPerStack = 80;

/** Below this a stack has room to grow. */
const roomy = 0.9 * devicesPerStack;

/**
 * The fleet's members, stack by stack.
 *
 * Which stack a device is in follows from its name and the number of stacks, and from nothing else: whoever comes or goes, no other
 * device moves. A number that followed from the fleet's size would move many at once, so cdk.json says it; when it is raised, devices
 * move to the new stacks only, each stack giving up its share.
 *
 * @throws FleetError when a stack would have more devices than fit, or none
 */
export function partsOf({ topic, members, stacks }: Fleet): readonly FleetPart[] {
  const parts = Array.from({ length: stacks }, () => ({ topic, members: [] as Member[] }));
  for (const member of members) parts[stackOf(keyOf(member), stacks)].members.push(member);
  const sizes = parts.map((part) => part.members.length);
  const largest = Math.max(...sizes);
  if (largest > devicesPerStack) {
    throw new FleetError(
      `A stack takes ${devicesPerStack} devices; with "stacks" ${stacks}, one of this fleet's would have ${largest} of its ${members.length}. ${advice(members)}`,
    );
  }
  // CloudFormation deploys no stack that is empty. To leave it out would leave on AWS what it had before.
  if (sizes.includes(0)) {
    throw new FleetError(
      `A stack needs a device; with "stacks" ${stacks}, one of this fleet's would have none of its ${members.length}. ${advice(members)}`,
    );
  }
  return parts;
}

function advice(members: readonly Member[]): string {
  const stacks = stacksFor(members);
  if (stacks !== undefined) return `Set "stacks" of the fleet in cdk.json to ${stacks}.`;
  return `Even ${mostStacks} stacks are too few: that is what AWS IoT Core's fleet provisioning is for.`;
}

/** The least number of stacks that leaves room to grow in each; undefined where there is none. */
export function stacksFor(members: readonly Member[]): number | undefined {
  const keys = members.map(keyOf);
  for (let stacks = Math.ceil(keys.length / roomy); stacks <= mostStacks; stacks += 1) {
    const sizes = new Array<number>(stacks).fill(0);
    for (const key of keys) sizes[stackOf(key, stacks)] += 1;
    if (Math.max(...sizes) <= roomy) return stacks;
  }
  return undefined;
}

/** A number of 64 bits that has nothing to do with what other names are like. */
function keyOf({ thingName }: Member): bigint {
  return createHash('sha256').update(thingName).digest().readBigUInt64BE();
}

/**
 * The index of a device's stack: jump consistent hashing. The key seeds a series of random numbers, and each says how many stacks there would
 * have to be for the device to move on to the last of them.
 *
 * @see https://arxiv.org/abs/1406.2294
 */
function stackOf(key: bigint, stacks: number): number {
  let index = 0;
  for (let next = 0, random = key; next < stacks; ) {
    index = next;
    random = BigInt.asUintN(64, random * 2862933555777941757n + 1n);
    next = Math.floor(((index + 1) * 2 ** 31) / (Number(random >> 33n) + 1));
  }
  return index;
}
