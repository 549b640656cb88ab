import { closest, didYouMean } from '../util/closest';
import { isObject } from '../util/json';
import {
  FleetError,
  requireClientId,
  requireShareName,
  requireStacks,
  requireThingName,
  requireTopic,
  show,
} from './fleet-rules';

interface DeviceNames {
  /** The AWS IoT thing, also the name of its policy and of its folder. */
  readonly thingName: string;
  /** The device's files are `<fileName>.private.key` and so on. */
  readonly fileName: string;
  /** The client id that the device connects with; its policy allows no other. */
  readonly clientId: string;
}

/** Publishes to the fleet's topic. */
export interface Car extends DeviceNames {
  readonly role: 'car';
  readonly topic: string;
}

/** Shares the topic's messages with the other members of its group. */
export interface GroupMember extends DeviceNames {
  readonly role: 'member';
  readonly shareName: string;
  readonly topic: string;
  /** What it subscribes to: `$share/<share name>/<topic>`. */
  readonly topicFilter: string;
}

/** Gets every message of the topic. */
export interface Consumer extends DeviceNames {
  readonly role: 'consumer';
  readonly topic: string;
  /** What it subscribes to: the topic itself. */
  readonly topicFilter: string;
}

export type Subscriber = GroupMember | Consumer;
export type Device = Car | Subscriber;

/**
 * The devices that publish, share or listen, and their topic.
 *
 * A Fleet is made from checked input only, so its names need no further check.
 */
export class Fleet {
  /**
   * A fleet from the value of the context key `fleet` in cdk.json.
   *
   * @throws FleetError naming the value and the rule that it breaks
   */
  static fromContext(value: unknown): Fleet {
    const { cars = [], groups = {}, consumers = [], stacks = 1, ...rest } = fields(fromText(value));
    const topic = requireTopic(rest.topic);
    const everyone = [
      ...thingNames('cars', cars).map((thingName) => car(thingName, topic)),
      ...members(groups, topic),
      ...thingNames('consumers', consumers).map((thingName) => consumer(thingName, topic)),
    ];
    const fleet = new Fleet(topic, everyone, requireStacks(stacks));
    if (fleet.devices.length === 0) {
      throw new FleetError('A fleet needs at least one car, group or consumer; this one has none.');
    }
    requireDistinct(fleet.devices);
    return fleet;
  }

  private constructor(
    readonly topic: string,
    /** The cars, then each group's members, then the consumers; each in the order of cdk.json. */
    readonly devices: readonly Device[],
    /** How many CloudFormation stacks its devices are divided among. */
    readonly stacks: number,
  ) {}

  get cars(): Car[] {
    return this.devices.filter((device) => device.role === 'car');
  }

  get consumers(): Consumer[] {
    return this.devices.filter((device) => device.role === 'consumer');
  }

  /** The devices that subscribe: group members, then consumers. */
  get subscribers(): Subscriber[] {
    return this.devices.filter((device) => device.role !== 'car');
  }

  /** The groups' members, by share name. */
  get groups(): ReadonlyMap<string, GroupMember[]> {
    const groups = new Map<string, GroupMember[]>();
    for (const device of this.devices) {
      if (device.role !== 'member') continue;
      const group = groups.get(device.shareName);
      if (group) group.push(device);
      else groups.set(device.shareName, [device]);
    }
    return groups;
  }
}

/** The beginning of the names of a thing's files: lower case, as in the blog post. */
export function fileNameOf(thingName: string): string {
  return thingName.toLowerCase();
}

function car(thingName: string, topic: string): Car {
  return { role: 'car', ...names(thingName, thingName.toLowerCase()), topic };
}

function member(thingName: string, shareName: string, topic: string): GroupMember {
  const topicFilter = `$share/${shareName}/${topic}`;
  return { role: 'member', ...names(thingName, subscriberId(thingName)), shareName, topic, topicFilter };
}

function consumer(thingName: string, topic: string): Consumer {
  return { role: 'consumer', ...names(thingName, subscriberId(thingName)), topic, topicFilter: topic };
}

function subscriberId(thingName: string): string {
  return `${thingName.toLowerCase()}-sub`;
}

function names(thingName: string, clientId: string): DeviceNames {
  return { thingName, fileName: fileNameOf(thingName), clientId: requireClientId(clientId) };
}

/** A key under which people leave a comment in JSON. */
function isComment(key: string): boolean {
  return key.startsWith('//');
}

/** The CDK gives context of the command line as text. @throws FleetError when it is not JSON */
function fromText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch (error) {
    throw new FleetError(
      `The context key "fleet" is text, as -c gives it, and must be JSON: -c fleet='{"topic": "cars/data", …}'. ${(error as Error).message}.`,
    );
  }
}

const keys = ['topic', 'cars', 'groups', 'consumers', 'stacks'] as const;

function fields(value: unknown): Partial<Record<(typeof keys)[number], unknown>> {
  const rule = `an object with the keys ${keys.join(', ')}`;
  if (!isObject(value)) throw new FleetError(`The context key "fleet" must be ${rule}; it is ${show(value)}.`);
  const unknown = Object.keys(value).find((key) => !isComment(key) && !keys.some((known) => known === key));
  if (unknown !== undefined) {
    throw new FleetError(`A fleet is ${rule}; "${unknown}" is none of them.${didYouMean(unknown, keys)}`);
  }
  return value;
}

function members(groups: unknown, topic: string): GroupMember[] {
  if (!isObject(groups)) throw new FleetError(`"groups" must be an object of share names; it is ${show(groups)}.`);
  return Object.entries(groups).flatMap(([name, list]) => {
    if (isComment(name)) return [];
    const shareName = requireShareName(name);
    const group = thingNames(`groups.${shareName}`, list).map((thingName) => member(thingName, shareName, topic));
    if (group.length === 0) throw new FleetError(`A group needs at least one member; "${shareName}" has none.`);
    return group;
  });
}

function thingNames(key: string, value: unknown): string[] {
  if (!Array.isArray(value)) throw new FleetError(`"${key}" must be a list of thing names; it is ${show(value)}.`);
  return value.map(requireThingName);
}

function requireDistinct(devices: readonly Device[]): void {
  const byFileName = new Map<string, Device>();
  const byClientId = new Map<string, Device>();
  for (const device of devices) {
    const { thingName, fileName, clientId } = device;
    const other = byFileName.get(fileName);
    if (other?.thingName === thingName) {
      throw new FleetError(`A thing name is used once; "${thingName}" is in the fleet twice.`);
    }
    if (other) {
      const why = 'on a disk that ignores case they would share a folder';
      throw new FleetError(
        `Thing names must differ in more than case; "${other.thingName}" and "${thingName}" do not, and ${why}.`,
      );
    }
    const rival = byClientId.get(clientId);
    if (rival) {
      const both = `"${rival.thingName}" and "${thingName}" would both connect as "${clientId}"`;
      throw new FleetError(`A client id is used once; ${both}, and AWS IoT Core would disconnect one for the other.`);
    }
    byFileName.set(fileName, device);
    byClientId.set(clientId, device);
  }
}

/**
 * Refuses context that was meant for the fleet, but that is not its key.
 *
 * @param context - the app's whole context
 * @throws FleetError naming the key
 */
export function refuseOtherKeys(context: Readonly<Record<string, unknown>>): void {
  for (const key of Object.keys(context)) {
    if (key === 'fleet') continue;
    if (/^fleet[.:[]/i.test(key)) {
      throw new FleetError(
        `"${key}" is not a context key. The fleet is one value: edit cdk.json, or give it whole: -c fleet='{"topic": "cars/data", …}'`,
      );
    }
    if (closest(key, ['fleet'])) throw new FleetError(`"${key}" is not a context key.${didYouMean(key, ['fleet'])}`);
  }
}
