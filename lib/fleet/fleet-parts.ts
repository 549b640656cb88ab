import { createHash } from 'node:crypto';
import type { Device, Fleet } from './fleet';
import { FleetError, mostStacks } from './fleet-rules';

/** The devices of one stack. A fleet with one stack is its own part. */
export type FleetPart = Pick<Fleet, 'topic' | 'devices'>;

/**
 * The most devices in a stack, with the longest names in the Region with the longest name.
 *
 * CloudFormation's limit of 500 resources allows 99. IAM allows fewer: the sweep's role names each certificate of the stack in inline
 * policies of at most 10,240 characters, and each thing (twice), policy and client in at most ten managed policies of 6,144 characters.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const devicesPerStack = 60;

/** A stack with at most this many devices has room to grow. */
const roomy = 0.9 * devicesPerStack;

/**
 * The fleet's devices, stack by stack.
 *
 * A device's stack depends on its name and the number of stacks, and on nothing else. So adding or removing a device moves no other. The
 * number of stacks is set in cdk.json, because a number that followed from the fleet's size would move many devices at once. When it is
 * raised, each stack gives a share of its devices to the new stacks, and no device moves between the old ones.
 *
 * @throws FleetError when a stack would have more devices than fit, or none
 */
export function partsOf({ topic, devices, stacks }: Fleet): readonly FleetPart[] {
  const parts = Array.from({ length: stacks }, () => ({ topic, devices: [] as Device[] }));
  for (const device of devices) parts[new Jump(device).among(stacks)].devices.push(device);
  const sizes = parts.map((part) => part.devices.length);
  const largest = Math.max(...sizes);
  if (largest > devicesPerStack) {
    throw new FleetError(
      `A stack takes ${devicesPerStack} devices; with "stacks" ${stacks}, one stack would have ${largest} of this fleet's ${devices.length}. ${advice(devices)}`,
    );
  }
  // CloudFormation deploys no empty stack. Leaving it out of the app would leave its old devices on AWS.
  if (sizes.includes(0)) {
    throw new FleetError(
      `A stack needs a device; with "stacks" ${stacks}, one stack would have none of this fleet's ${devices.length}. ${advice(devices)}`,
    );
  }
  return parts;
}

function advice(devices: readonly Device[]): string {
  const stacks = stacksFor(devices);
  if (stacks !== undefined) return `Set "stacks" of the fleet in cdk.json to ${stacks}.`;
  return `Even ${mostStacks} stacks are too few: use AWS IoT Core's fleet provisioning for a fleet of this size.`;
}

/** The smallest number of stacks that leaves room to grow in each; undefined if no number does. */
export function stacksFor(devices: readonly Device[]): number | undefined {
  const jumps = devices.map((device) => new Jump(device));
  for (let stacks = Math.ceil(jumps.length / roomy); stacks <= mostStacks; stacks += 1) {
    const sizes = new Array<number>(stacks).fill(0);
    for (const jump of jumps) sizes[jump.among(stacks)] += 1;
    if (Math.max(...sizes) <= roomy) return stacks;
  }
  return undefined;
}

/**
 * A device's stack for each number of stacks: jump consistent hashing. The name seeds a series of random numbers, and each says at which
 * number of stacks the device moves to the last of them.
 *
 * @see https://arxiv.org/abs/1406.2294
 */
class Jump {
  private index = 0;
  private next = 0;
  /** 64 bits that do not correlate with those of similar names. */
  private random: bigint;

  constructor({ thingName }: Device) {
    this.random = createHash('sha256').update(thingName).digest().readBigUInt64BE();
  }

  /** The index of the device's stack. @param stacks - the number of stacks, not less than in the call before */
  among(stacks: number): number {
    while (this.next < stacks) {
      this.index = this.next;
      this.random = BigInt.asUintN(64, this.random * 2862933555777941757n + 1n);
      this.next = Math.floor(((this.index + 1) * 2 ** 31) / (Number(this.random >> 33n) + 1));
    }
    return this.index;
  }
}
