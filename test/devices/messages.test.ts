import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { blogMessages, readMessages, takeMessages } from '../../lib/devices/messages';
import { temporaryFolder } from '../support/temporary-folder';

const folder = temporaryFolder();
const file = join(folder, 'messages.json');

function read(text: string): string[] {
  writeFileSync(file, text);
  return readMessages(file);
}

test("A car's messages are the blog post's, under its own ID", () => {
  expect(blogMessages('car2')).toEqual([
    '{"ID": "car2", "speed": "75"}',
    '{"ID": "car2", "speed": "77"}',
    '{"ID": "car2", "speed": "79"}',
  ]);
});

test.each([
  ['lines as they stand', '{"a":  1}\n[2]\n', ['{"a":  1}', '[2]']],
  ['no end of the last line', '1\n2', ['1', '2']],
  ['blank lines', '\n1\n  \n2\n\n', ['1', '2']],
  ['the ends of lines of Windows', '1\r\n2\r\n', ['1', '2']],
  ['a byte order mark', '\uFEFF1\n', ['1']],
  ['a line twice', '1\n1\n', ['1', '1']],
])('A file may have %s', (_, text, messages) => {
  expect(read(text)).toEqual(messages);
});

test.each([
  ['no line', '\n\n', /messages\.json holds no message/],
  ['JSON over several lines', '{\n  "ID": 1\n}', /messages\.json, line 1: \{ is not JSON/],
  ['a line that is not JSON', '1\n\nspeed 75', /messages\.json, line 3: speed 75 is not JSON/],
  [
    'a message larger than AWS takes',
    `"${'x'.repeat(128 * 1024)}"`,
    /messages\.json, line 1: .* 128 KiB; this one has 131074 bytes/,
  ],
])('A file with %s is refused by its name', (_, text, error) => {
  expect(() => read(text)).toThrow(error);
});

test('A file that is not there holds no message', () => {
  expect(() => readMessages(join(folder, 'none.json'))).toThrow('holds no message');
});

const lines = blogMessages('car1');

test.each([
  ['all of the file, if it is not said how many', undefined, lines],
  ['the first ones', 2, lines.slice(0, 2)],
  ['ever faster ones beyond the file', 5, [...lines, '{"ID": "car1", "speed": "81"}', '{"ID": "car1", "speed": "83"}']],
])('A car sends %s', (_, count, messages) => {
  expect(takeMessages('car1', lines, count)).toEqual(messages);
});

test.each(['{"temperature": 3}', '"text"', 'null', '{"speed": null}'])(
  'After %s, which tells no speed, a car starts at 75',
  (line) => {
    expect(takeMessages('car1', [line], 2)).toEqual([line, '{"ID": "car1", "speed": "75"}']);
  },
);
