import { TopicTree } from '../../../lib/iot-core-local/broker/topic-tree';

function treeOf(...filters: string[]): TopicTree<string> {
  const tree = new TopicTree<string>();
  for (const filter of filters) tree.set(filter, filter);
  return tree;
}

test.each([
  ['cars/data', 'cars/data', true],
  ['cars/data', 'cars', false],
  ['cars/data', 'cars/data/x', false],
  ['cars/data', 'Cars/data', false],
  ['cars/+', 'cars/data', true],
  ['cars/+', 'cars/', true],
  ['cars/+', 'cars', false],
  ['cars/+', 'cars/data/x', false],
  ['+/data', 'cars/data', true],
  ['+/+', 'cars/data', true],
  ['+/+', '/data', true],
  ['+', '/data', false],
  ['/+', '/data', true],
  ['#', 'cars/data', true],
  ['cars/#', 'cars/data', true],
  ['cars/#', 'cars/data/x', true],
  ['cars/#', 'cars/', true],
  // AWS's departure from [MQTT-4.7.1-2].
  ['sensor/#', 'sensor', false],
  ['+/#', 'sensor', false],
  // [MQTT-4.7.2-1]
  ['#', '$aws/things', false],
  ['+/things', '$aws/things', false],
  ['$aws/#', '$aws/things', true],
  ['$aws/+', '$aws/things', true],
  ['$aws/things', '$aws/things', true],
  ['cars/+', 'cars/$data', true],
])('The filter %s matches %s: %s', (filter, topic, matches) => {
  expect(treeOf(filter).match(topic)).toEqual(matches ? [filter] : []);
});

test('All filters that match are found, and each once', () => {
  const tree = treeOf('#', 'cars/#', 'cars/+', 'cars/data', '+/data', 'cars/data/#', 'trucks/data');
  expect(tree.match('cars/data').sort()).toEqual(['#', '+/data', 'cars/#', 'cars/+', 'cars/data']);
});

test('A filter that is set again has the new value', () => {
  const tree = treeOf('cars/+');
  tree.set('cars/+', 'new');
  expect([tree.get('cars/+'), tree.match('cars/data')]).toEqual(['new', ['new']]);
});

test('A deleted filter is gone, and those above and below it are not', () => {
  const tree = treeOf('a', 'a/b', 'a/b/c');
  tree.delete('a/b');
  tree.delete('a/x');
  expect(['a', 'a/b', 'a/b/c'].map((filter) => tree.get(filter))).toEqual(['a', undefined, 'a/b/c']);
  expect(['a', 'a/b', 'a/b/c'].flatMap((topic) => tree.match(topic))).toEqual(['a', 'a/b/c']);
});

test('A tree is empty when all its filters are deleted', () => {
  const tree = treeOf('a/b/c', 'a/+', '#');
  for (const filter of ['a/b/c', 'a/+', '#']) tree.delete(filter);
  expect(tree).toEqual(new TopicTree());
});

test('A tree finds the same filters as a comparison of each filter with the topic', () => {
  const random = seeded(20_261_122);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)];
  const name = (parts: readonly string[]) =>
    Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(parts)).join('/');
  const matchers = new Map<string, (topic: string) => boolean>();
  const tree = new TopicTree<string>();
  const found: string[][] = [];
  const expected: string[][] = [];
  for (let round = 0; round < 2000; round += 1) {
    const filter = name(['a', 'b', '', '+', '$x']) + pick(['', '', '/#']);
    if (random() < 0.6) {
      matchers.set(filter, matcherOf(filter));
      tree.set(filter, filter);
    } else {
      matchers.delete(filter);
      tree.delete(filter);
    }
    const topic = name(['a', 'b', '', '$x']);
    found.push([topic, ...tree.match(topic).sort()]);
    expected.push([topic, ...[...matchers.keys()].filter((candidate) => matchers.get(candidate)!(topic)).sort()]);
  }
  expect(found).toEqual(expected);
  expect(found.flat().length).toBeGreaterThan(10_000);
});

/** The rules of matching as a regular expression: slow, and plainly right. */
function matcherOf(filter: string): (topic: string) => boolean {
  const source = filter.replaceAll('$', '\\$').replaceAll('+', '[^/]*').replace(/#$/, '.*');
  const pattern = new RegExp(`^${source}$`);
  return (topic) => !(topic.startsWith('$') && /^[+#]/.test(filter)) && pattern.test(topic);
}

/** A linear congruential generator, with the constants of Numerical Recipes. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
