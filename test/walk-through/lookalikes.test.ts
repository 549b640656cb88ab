import type { Subscriber } from '../../lib/fleet/fleet';
import { TopicTree } from '../../lib/iot-core-local/broker/topic-tree';
import { wildcard } from '../../lib/iot-core-local/registry/wildcard';
import { lookalikeClientId, lookalikeFilter, lookalikeTopic, wildcardFilters } from '../../lib/walk-through/lookalikes';
import { fleetWith } from '../support/demo-fleet';

const carOf = (topic: string) => fleetWith({ topic }).cars[0];

function subscriberOf(topic: string, role: Subscriber['role'], shareName = 'group2'): Subscriber {
  const { subscribers } = fleetWith({ topic, groups: { [shareName]: ['member'] } });
  return subscribers.find((each) => each.role === role)!;
}

test.each([
  ['cars/data', 'cars/data/cars/data'],
  ['data', 'data/data'],
  ['a/b/c/d', 'a/b/c/d/a/b/c/d'],
  ['a/b/c/d/e', 'a/b/c/d/e/e'],
  ['a/b/c/d/e/f/g/h', 'a/b/c/d/e/f/g/x'],
  ['a/b/c/d/e/f/g/x', 'a/b/c/d/e/f/g/y'],
])('The lookalike of the topic %s is %s', (topic, lookalike) => {
  expect(lookalikeTopic(carOf(topic))).toBe(lookalike);
  expect(lookalikeFilter(subscriberOf(topic, 'consumer'))).toBe(lookalike);
});

test('The lookalike of a long topic has at most 256 bytes', () => {
  const level = 'd'.repeat(120);
  const lookalikes = [`cars/${level}`, `cars/12345/${level}`, `cars/${level}${level}`].map((topic) => {
    return lookalikeTopic(carOf(topic));
  });
  expect(lookalikes).toEqual([`cars/${level}/cars/${level}`, `cars/12345/${level}/${level}`, 'cars/x']);
});

test.each([
  ['cars/data', 'cars/data/group2/cars/data'],
  ['a/b/c/d', 'a/b/c/d/a/b/c/d'],
  ['a/b/c/d/e', 'a/b/c/d/e/e'],
  ['a/b/c/d/e/f/g/h', 'a/b/c/d/e/f/g/x'],
])("The lookalike of a member's filter of %s is in the member's group, of %s", (topic, lookalike) => {
  expect(lookalikeFilter(subscriberOf(topic, 'member'))).toBe(`$share/group2/${lookalike}`);
});

test.each([
  ['data', ['+', '#']],
  ['cars/data', ['+/data', 'cars/+', '#', 'cars/#']],
  ['a/b/c', ['+/b/c', 'a/+/c', 'a/b/+', '#', 'a/#', 'a/b/#']],
])('The topic %s has the wildcard filters %j, each of which matches it', (topic, filters) => {
  expect(wildcardFilters(topic)).toEqual(filters);
  const tree = new TopicTree<string>();
  for (const filter of filters) tree.set(filter, filter);
  expect(tree.match(topic).sort()).toEqual([...filters].sort());
});

test('The lookalike of a client id has it twice; if that has more than 128 bytes, it lacks the character in the middle', () => {
  const ids = ['car1', 'c'.repeat(63), `${'c'.repeat(31)}x${'d'.repeat(32)}`, `${'c'.repeat(64)}x${'d'.repeat(63)}`];
  const lookalikes = ids.map((id) => lookalikeClientId(fleetWith({ cars: [id] }).cars[0]));
  expect(lookalikes).toEqual([
    'car1-car1',
    `${'c'.repeat(63)}-${'c'.repeat(63)}`,
    `${'c'.repeat(31)}x${'d'.repeat(31)}`,
    `${'c'.repeat(64)}${'d'.repeat(63)}`,
  ]);
});

/** A name with a `*` in place of each of its parts, and between its characters. */
function widened(name: string): string[] {
  const places = Array.from({ length: name.length + 1 }, (_, index) => index);
  return places.flatMap((from) => places.slice(from).map((to) => `${name.slice(0, from)}*${name.slice(to)}`));
}

describe('A lookalike is another name than its own, and a wildcard in place of any part of the name matches it', () => {
  const member = subscriberOf('cars/data', 'member');
  const consumer = subscriberOf('cars/data', 'consumer');
  test.each([
    ['topic', 'cars/data', lookalikeTopic(consumer)],
    ["consumer's filter", consumer.topicFilter, lookalikeFilter(consumer)],
    // Behind `$share/`: no `*` can stand for a part of that and let in another shared subscription alone.
    ["member's filter", member.topicFilter.slice(7), lookalikeFilter(member).slice(7)],
    ['client id', consumer.clientId, lookalikeClientId(consumer)],
  ])('%s', (_, name, lookalike) => {
    expect(lookalike).not.toBe(name);
    expect(widened(name).filter((pattern) => !wildcard(pattern)(lookalike))).toEqual([]);
  });
});
