import { median, medianRatio, percentile } from '../../benchmarks/statistics';

test.each([
  [[7], 7],
  [[9, 1, 5], 5],
  [[4, 1], 2.5],
  [[40, 10, 30, 20], 25],
  // Numbers, not texts: "10" comes before "9".
  [[10, 9, 100], 10],
])('The median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});

test('The median leaves the values in their order', () => {
  const values = [3, 1, 2];
  median(values);
  expect(values).toEqual([3, 1, 2]);
});

test('No values have no median', () => {
  expect(() => median([])).toThrow(new RangeError('No values have no median.'));
});

test('Two measurements are compared run by run, whatever changed between the runs', () => {
  // The third run was on a busy machine: both took ten times as long.
  expect(medianRatio([2, 4, 30], [1, 2, 10])).toBe(2);
  // The ratio of the medians would be 4 / 2.
  expect(medianRatio([2, 4, 9], [2, 1, 3])).toBe(3);
});

test('Measurements with different numbers of runs are not compared', () => {
  expect(() => medianRatio([1, 2], [1])).toThrow(new RangeError('2 runs cannot be compared with 1.'));
});

test.each([
  [0.5, 50],
  [0.99, 99],
  [1, 100],
  [0.001, 1],
])('Of 1 to 100, the share %d does not exceed %d', (share, expected) => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(percentile(values, share)).toBe(expected);
});

test('No values have no percentile', () => {
  expect(percentile([], 0.5)).toBeUndefined();
});
