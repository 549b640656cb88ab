import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientPackets } from '../codec/client-packets';
import { malformedPackets } from '../codec/malformed-packets';
import { versions } from '../support/versions';
import { conformanceCases } from './cases';
import { statements, whereShown } from './statements';

const folder = join(__dirname, '..');
const codecCases = [...clientPackets.map(({ name }) => name), ...malformedPackets.map(({ rule }) => rule)];

describe.each(versions)('MQTT %s', (_, version) => {
  const rows = statements(version);

  test('The table has all statements, each once and in order', () => {
    const counts = new Map<string, number>();
    for (const { id } of rows) {
      // The standard itself writes [MQTT-3-8.3-4].
      const [, section, number] = /^([\d.]+)-(\d+)$/.exec(id.replace('3-8.3', '3.8.3'))!;
      // MQTT 5 has no [MQTT-2.2.1-1].
      const before = counts.get(section) ?? (version === 5 && section === '2.2.1' ? 1 : 0);
      expect([id, Number(number)]).toEqual([id, before + 1]);
      counts.set(section, before + 1);
    }
    // The number in appendix B of the specification, and for 3.1.1 [MQTT-3.1.2-7], which only its text has.
    expect(rows).toHaveLength(version === 5 ? 251 : 141);
  });

  test.each(rows)('The table says of $id where it is kept, or why not: $where', ({ id, where }) => {
    const shown = whereShown(version, id);
    if (shown !== undefined) expect(`${where} `).toContain(`${shown} `);
    else expect(isFound(where)).toBe(true);
  });

  test('Every conversation shows only statements that are in the table', () => {
    const known = new Set(rows.map(({ id }) => id));
    const shown = conformanceCases.flatMap(({ shows }) => shows[version]?.split(' ') ?? []);
    expect(shown.filter((id) => !known.has(id))).toEqual([]);
  });
});

test('No two conversations have the same name', () => {
  const names = conformanceCases.map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

/** Whether the test that a row names exists, or the row has a reason instead. */
function isFound(where: string): boolean {
  const [, kind, text] = /^(client|[\w.-]+(?=: ))(?:: (.+))?$/.exec(where) ?? [];
  // What is in brackets behind a test's title is a remark.
  const title = text?.replace(/ \(.*\)$/, '');
  switch (kind) {
    case 'client':
      return text === undefined;
    case 'AWS':
    case 'none':
      return text.length > 0;
    case 'codec':
      return codecCases.some((name) => name.startsWith(title));
    case 'test':
      return readFileSync(join(__dirname, 'conformance.test.ts'), 'utf8').includes(title);
    default:
      return testFiles().some((file) => file.endsWith(`/${kind}`) && readFileSync(file, 'utf8').includes(title));
  }
}

function testFiles(): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file));
}
