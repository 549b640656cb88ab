import { checkDepth, duplicateKey, parseJson } from '../../lib/util/json';

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

test('JSON is parsed', () => {
  expect(parseJson('{"a": [1, null, "b"]}')).toEqual({ a: [1, null, 'b'] });
  expect(() => parseJson('{')).toThrow(SyntaxError);
});

test.each([200, 199])('JSON of %i levels is parsed', (levels) => {
  expect(JSON.stringify(parseJson(nested(levels)))).toBe(nested(levels));
});

test.each([201, 100_000])('JSON of %i levels is refused', (levels) => {
  expect(() => parseJson(nested(levels))).toThrow(new RangeError('has more than 200 levels of lists and objects'));
  expect(() => parseJson(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`)).toThrow(RangeError);
});

test.each([
  ['a text', 'text'],
  ['null', null],
  ['a list that is in another one twice', Array(2).fill([1])],
])('The depth of %s is no fault', (_, value) => {
  expect(() => checkDepth(value)).not.toThrow();
});

test.each([
  ['{"a": 1, "b": 2}', undefined],
  ['{"a": {"a": {"a": 1}}, "b": [{"a": 1}, {"a": 2}]}', undefined],
  ['{"a": "b", "b": "a: {", "c": "\\"a\\":"}', undefined],
  ['["a", "a"]', undefined],
  ['{"a": 1, "b": 2, "a": 3}', 'a'],
  ['{"a": 1, "\\u0061" : 3}', 'a'],
  ['[{"x": {"a": [], "a": {}}}]', 'a'],
])('The key that %j has twice is %j', (text, expected) => {
  JSON.parse(text);
  expect(duplicateKey(text)).toBe(expected);
});
