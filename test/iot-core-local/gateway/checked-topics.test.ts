import { CheckedTopics } from '../../../lib/iot-core-local/gateway/checked-topics';

test('A topic that was added is known, and no other', () => {
  const topics = new CheckedTopics();
  expect(topics.has('a')).toBe(false);
  for (const topic of ['a', 'b', 'c']) topics.add(topic);
  expect(['b', 'c', 'b', 'd', 'c'].map((topic) => topics.has(topic))).toEqual([true, true, true, false, true]);
});

test('A bounded number of topics is remembered', () => {
  const topics = new CheckedTopics();
  const names = Array.from({ length: 5000 }, (_, index) => `topic ${index}`);
  for (const name of names) topics.add(name);
  const known = names.filter((name) => topics.has(name));
  expect(known.length).toBeLessThanOrEqual(1001);
  expect(known).toContain(names.at(-1));
});
