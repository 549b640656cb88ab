import { repeated } from '../../lib/util/repeated';

test.each<[values: readonly string[], expected: string | undefined]>([
  [[], undefined],
  [['a', 'b', 'A'], undefined],
  [['a', 'b', 'c', 'b', 'a'], 'b'],
])('Of %j, the first value that is there again is %j', (values, expected) => {
  expect(repeated(values)).toBe(expected);
});
