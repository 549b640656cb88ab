import type { Device } from '../fleet/fleet';

/*
 * A lookalike of a name is another name that begins and ends with it: of the topic cars/data, it is cars/data/cars/data. No policy of the
 * fleet names it. But a `*` in a policy's resource allows it, whichever part of the name the `*` stands for: cars/*, cars/data*, c*a, *data
 * all match it. So one attempt with a lookalike finds every such policy. Where AWS's limits leave no room for it, a lookalike begins and ends
 * with as much of the name as fits.
 */

/** A lookalike of a device's topic. */
export function lookalikeTopic({ topic }: Device): string {
  return extended(topic, [topic, lastLevelOf(topic)]);
}

/** A lookalike of what a device subscribes to; a member's has the member's share name. */
export function lookalikeFilter(device: Exclude<Device, { role: 'car' }>): string {
  if (device.role === 'consumer') return lookalikeTopic(device);
  const { topic, shareName } = device;
  return `$share/${shareName}/${extended(topic, [`${shareName}/${topic}`, topic, lastLevelOf(topic)])}`;
}

/** A lookalike of a device's client id, which has at most 128 bytes, as AWS allows. Thing names, and so client ids, are ASCII. */
export function lookalikeClientId({ clientId }: Device): string {
  const twice = `${clientId}-${clientId}`;
  if (twice.length <= 128) return twice;
  const middle = Math.floor(clientId.length / 2);
  return clientId.slice(0, middle) + clientId.slice(middle + 1);
}

/**
 * The topic filters that match a topic and have `+` in place of one of its levels, or `#` in place of its last ones. Those of cars/data are
 * +/data, cars/+, # and cars/#. On AWS, cars/data/# does not match it.
 */
export function wildcardFilters(topic: string): string[] {
  const levels = topic.split('/');
  const withPlus = levels.map((_, index) => [...levels.slice(0, index), '+', ...levels.slice(index + 1)]);
  const withHash = levels.map((_, index) => [...levels.slice(0, index), '#']);
  return [...withPlus, ...withHash].map((filter) => filter.join('/'));
}

/** The topic with the first of the endings with which it has at most 7 slashes and 256 bytes; else a topic with another last level. */
function extended(topic: string, endings: readonly string[]): string {
  const longer = endings.map((ending) => `${topic}/${ending}`);
  const fits = (name: string) => name.split('/').length <= 8 && Buffer.byteLength(name) <= 256;
  return longer.find(fits) ?? [...topic.split('/').slice(0, -1), lastLevelOf(topic) === 'x' ? 'y' : 'x'].join('/');
}

function lastLevelOf(topic: string): string {
  return topic.slice(topic.lastIndexOf('/') + 1);
}
