import { mask, unmask, wildcard } from '../../../lib/iot-core-local/registry/wildcard';

test.each([
  ['', '', true],
  ['', 'a', false],
  ['a', 'a', true],
  ['a', 'A', false],
  ['a', 'ab', false],
  ['ab', 'a', false],
  ['*', '', true],
  ['*', 'a/b\nc', true],
  ['a*', 'a', true],
  ['a*', 'ba', false],
  ['*a', 'aba', true],
  ['*ab', 'aab', true],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'a-c-b', false],
  ['a**c', 'abc', true],
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  ['a?', 'a\u{1f697}', true],
  ['??', '\u{1f697}', false],
  ['?*', '', false],
  ['*?', 'a', true],
  ['a.c', 'abc', false],
  ['[a-c]+(b)', '[a-c]+(b)', true],
])('The pattern %j matches %j: %s', (pattern, text, expected) => {
  expect(wildcard(pattern)(text)).toBe(expected);
});

test.each(['*', '?', 'a*b?c', 'a\u{f0000}b', 'plain'])('The mask of %j matches nothing else', (text) => {
  expect(unmask(mask(text))).toBe(text);
  for (const pattern of [mask(text), `${mask(text)}*`]) {
    expect(wildcard(pattern)(text)).toBe(true);
    expect(wildcard(pattern)(text.replace(/[*?\u{f0000}]/gu, 'x'))).toBe(!/[*?\u{f0000}]/u.test(text));
  }
});

test('A pattern of many wildcards that nearly match takes little time', () => {
  expect(wildcard(`${'*-'.repeat(50)}v1`)('-'.repeat(256))).toBe(false);
});
