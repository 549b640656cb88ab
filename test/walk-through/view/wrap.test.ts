import { wrap } from '../../../lib/walk-through/view/wrap';

const dim = (text: string) => `\u001b[2m${text}\u001b[22m`;

test.each([
  ['a text that fits', 'one two', 20, ['one two']],
  ['a text that is broken at spaces', 'one two three', 9, ['one two', '  three']],
  ['a word that is longer than a line', 'see {"Effect":"Allow"}', 12, ['see', '  {"Effect"', '  :"Allow"}']],
  ['a long word between escape sequences', dim('0123456789abcdef'), 10, ['\u001b[2m01234567', '  89abcdef\u001b[22m']],
  ['a long word at the beginning', 'abcdefgh', 6, ['abcd', '  efgh']],
])('Wrap breaks %s', (_, text, columns, lines) => {
  expect(wrap(text, columns)).toEqual(lines);
});
