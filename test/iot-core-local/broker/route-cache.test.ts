import type { Subscribers } from '../../../lib/iot-core-local/broker/route';
import { RouteCache } from '../../../lib/iot-core-local/broker/route-cache';

const matching: Subscribers[] = [{ id: 1, plain: new Map(), groups: new Map() }];

/** Looks up topics as a routing table does. @returns how many were not in the cache */
function searches(cache: RouteCache, topics: readonly string[]): number {
  let count = 0;
  for (const topic of topics) {
    if (cache.find(topic)) continue;
    cache.add(topic, matching);
    count += 1;
  }
  return count;
}

const names = (kind: string, count: number) => Array.from({ length: count }, (_, index) => `${kind}/${index}`);

test.each([
  [30_000, 0],
  [33_000, 3000],
  [60_000, 30_000],
])('A rotation of %i topics costs %i searches a round', (count, expected) => {
  const cache = new RouteCache();
  const topics = names('topic', count);
  expect(searches(cache, topics)).toBe(count);
  for (let round = 0; round < 3; round += 1) expect(searches(cache, topics)).toBe(expected);
});

test('Topics that are used from now on get into a full cache', () => {
  const cache = new RouteCache();
  searches(cache, names('old', 30_000));
  const topics = names('new', 100);
  for (let round = 0; round <= 3000; round += 1) searches(cache, topics);
  expect(searches(cache, topics)).toBe(0);
});

test('Nothing is found in a cache that was emptied', () => {
  const cache = new RouteCache();
  searches(cache, ['a']);
  cache.clear();
  expect(cache.find('a')).toBeUndefined();
});
