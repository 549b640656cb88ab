import { escapeControls, escapeControlsInLines } from '../../lib/util/escape-controls';

test.each([
  ['a control character', 'a\u001b[31mb', 'a\\u001b[31mb'],
  ['a line break', 'a\nb', 'a\\u000ab'],
  ['DEL', '\u007f', '\\u007f'],
  ['a C1 control character', '\u009b31m', '\\u009b31m'],
  ['a character that turns the direction of writing', '\u202eb', '\\u202eb'],
  ['a line separator', '\u2028', '\\u2028'],
])('%s is shown as an escape', (_, text, shown) => {
  expect(escapeControls(text)).toBe(shown);
});

test.each(['cars/data', 'ü € 日本語 😀', '"quoted" \\n', ''])('%j is printed as it is', (text) => {
  expect(escapeControls(text)).toBe(text);
});

test('Lines of a text stay lines', () => {
  expect(escapeControlsInLines('first\u001b\nsecond\r')).toBe('first\\u001b\nsecond\\u000d');
});

test('JSON stays equivalent JSON', () => {
  const value = { topic: '\u009b\u202e\u007f\u2028' };
  expect(JSON.parse(escapeControlsInLines(JSON.stringify(value, undefined, 2)))).toEqual(value);
});
