import { createHash } from 'node:crypto';
import type { Device, Fleet } from './fleet';
import { FleetError, mostStacks } from './fleet-rules';

/** Who is in one stack. A fleet of a single stack is its own part. */
export type FleetPart = Pick<Fleet, 'topic' | 'devices'>;

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
 * The fleet's devices, stack by stack.
 *
 * Which stack a device is in follows from its name and the number of stacks, and from nothing else: whoever comes or goes, no other
 * device moves. A number that followed from the fleet's size would move many at once, so cdk.json says it; when it is raised, devices
 * move to the new stacks only, each stack giving up its share.
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
      `A stack takes ${devicesPerStack} devices; with "stacks" ${stacks}, one of this fleet's would have ${largest} of its ${devices.length}. ${advice(devices)}`,
    );
  }
  // CloudFormation deploys no stack that is empty. To leave it out would leave on AWS what it had before.
  if (sizes.includes(0)) {
    throw new FleetError(
      `A stack needs a device; with "stacks" ${stacks}, one of this fleet's would have none of its ${devices.length}. ${advice(devices)}`,
    );
  }
  return parts;
}

function advice(devices: readonly Device[]): string {
  const stacks = stacksFor(devices);
  if (stacks !== undefined) return `Set "stacks" of the fleet in cdk.json to ${stacks}.`;
  return `Even ${mostStacks} stacks are too few: that is what AWS IoT Core's fleet provisioning is for.`;
}

/** The least number of stacks that leaves room to grow in each; undefined where there is none. */
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
 * Which stack a device is in, as there come to be more of them: jump consistent hashing. The name seeds a series of random numbers, and
 * each says how many stacks there would have to be for the device to move on to the last of them.
 *
 * @see https://arxiv.org/abs/1406.2294
 */
class Jump {
  private index = 0;
  private next = 0;
  /** 64 bits that have nothing to do with what other names are like. */
  private random: bigint;

  constructor({ thingName }: Device) {
    this.random = createHash('sha256').update(thingName).digest().readBigUInt64BE();
  }

  /** The index of the device's stack among so many: as many as when last asked, or more. */
  among(stacks: number): number {
    while (this.next < stacks) {
      this.index = this.next;
      this.random = BigInt.asUintN(64, this.random * 2862933555777941757n + 1n);
      this.next = Math.floor(((this.index + 1) * 2 ** 31) / (Number(this.random >> 33n) + 1));
    }
    return this.index;
  }
}
