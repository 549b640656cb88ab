import { parseJson } from '../../lib/util/json';

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

test('JSON is parsed', () => {
  expect(parseJson('{"a": [1, null, "b"]}')).toEqual({ a: [1, null, 'b'] });
  expect(() => parseJson('{')).toThrow(SyntaxError);
});

test.each([200, 199])('JSON of %i levels is parsed', (levels) => {
  expect(JSON.stringify(parseJson(nested(levels)))).toBe(nested(levels));
});

test.each([201, 100_000])('JSON of %i levels is refused', (levels) => {
  expect(() => parseJson(nested(levels))).toThrow(new RangeError('it has more than 200 levels'));
  expect(() => parseJson(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`)).toThrow(RangeError);
});
