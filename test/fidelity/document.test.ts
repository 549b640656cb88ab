import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(__dirname, '../../docs');
const document = readFileSync(join(folder, 'fidelity.md'), 'utf8');

/** Where the document's references lead. */
const references = new Map(
  Array.from(document.matchAll(/^\[([^\]]+)\]: (\S+)$/gm), ([, name, target]) => [name, target]),
);

/** The rows of all its tables, but not their heads. */
const rows = document.split('\n').filter((line) => line.startsWith('|') && !/^\| (Behavior|---) \|/.test(line));

/** What is wrong with a row, in a sentence each. */
function faultsOf(row: string): string[] {
  const cells = row.split('|').map((cell) => cell.trim());
  const [, behavior, aws, local, tests] = cells;
  if (cells.length !== 6 || cells.some((cell, index) => cell === '' && index > 0 && index < 5)) {
    return ['It does not have four cells.'];
  }
  return [
    ...(/^[HML] /.test(aws) ? [] : ['It does not say how sure it is.']),
    ...(/\[.+\]/.test(aws) ? [] : ['It names no source.']),
    ...Array.from(aws.matchAll(/\[([^\]]+)\]/g)).flatMap(([, name]) => faultsOfSource(name)),
    ...(/^(same|differs|chosen|left out)\b/.test(local) ? [] : ['It does not say what IoT Core Local does.']),
    ...faultsOfTests(tests, local),
  ].map((fault) => `${behavior}: ${fault}`);
}

function faultsOfSource(name: string): string[] {
  return references.get(name)?.startsWith('https://') ? [] : [`Its source [${name}] leads nowhere.`];
}

/** The last cell: `[file] “name”, “name”; [file] “name”`, or the reason for there being none. */
function faultsOfTests(tests: string, local: string): string[] {
  if (tests.startsWith('none: ')) return local.startsWith('left out') ? [] : ['Only what is left out needs no test.'];
  if (!/^(\[[^\]]+\]( “[^”]+”,?)+(; |$))+$/.test(tests)) return [`Its tests cannot be read: ${tests}`];
  return tests.split(/; (?=\[)/).flatMap((group) => {
    const [, file] = /^\[([^\]]+)\]/.exec(group)!;
    const path = join(folder, references.get(file) ?? 'nowhere');
    if (!existsSync(path)) return [`There is no file [${file}].`];
    const text = readFileSync(path, 'utf8');
    const names = Array.from(group.matchAll(/“([^”]+)”/g), ([, name]) => name);
    return names.filter((name) => !isNamed(text, name)).map((name) => `[${file}] has no test “${name}”.`);
  });
}

/** Whether a test, or a row of a table of tests, has exactly this name: a whole string of the file's text. */
function isNamed(text: string, name: string): boolean {
  return ["'", '"', '`'].some((quote) => text.includes(`${quote}${name}${quote}`));
}

test('The page docs/fidelity.md has rows in tables of the same four columns', () => {
  expect(rows.length).toBeGreaterThan(100);
  const heads = document.match(/^\| Behavior \|.*$/gm) ?? [];
  expect(heads.length).toBe(document.match(/^## /gm)?.length);
  expect(new Set(heads)).toEqual(new Set(['| Behavior | AWS | IoT Core Local | Test |']));
});

test.each(rows)('%s', (row) => {
  expect(faultsOf(row)).toEqual([]);
});

test('Every reference of docs/fidelity.md exists and is used', () => {
  const used = new Set(Array.from(rows.join('\n').matchAll(/\[([^\]]+)\]/g), ([, name]) => name));
  expect([...references.keys()].filter((name) => !used.has(name))).toEqual([]);
  expect([...used].filter((name) => !references.has(name))).toEqual([]);
});

test('Every reference of docs/fidelity.md is defined once, as Markdown takes the first definition and sees no upper case', () => {
  const names = Array.from(document.matchAll(/^\[([^\]]+)\]: /gm), ([, name]) => name.toLowerCase());
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

describe('a row is at fault', () => {
  const good = ['Wildcards', 'H [MQTT]', 'same', '[topic-filter] “7 slashes behind $share and a share name”'];

  test.each<[what: string, cell: number, text: string, fault: string]>([
    ['without a sureness', 1, '[MQTT]', 'It does not say how sure it is.'],
    ['without a source', 1, 'H everybody knows', 'It names no source.'],
    ['with a source that is not there', 1, 'H [MQTT], M [hearsay]', 'Its source [hearsay] leads nowhere.'],
    ['without what IoT Core Local does', 2, 'perhaps', 'It does not say what IoT Core Local does.'],
    ['with an empty cell', 2, '', 'It does not have four cells.'],
    ['without a test, though it is not left out', 3, 'none: too hard', 'Only what is left out needs no test.'],
    ['with a test that cannot be read', 3, '[topic-filter]', 'Its tests cannot be read: [topic-filter]'],
    ['with a file that is not there', 3, '[topic-sieve] “x”', 'There is no file [topic-sieve].'],
    ['with a test that is not there', 3, '[topic-filter] “9 slashes”', '[topic-filter] has no test “9 slashes”.'],
    ['with a part of a test’s name', 3, '[topic-filter] “7 slashes behind”', 'has no test “7 slashes behind”.'],
    ['with one such test of several', 3, `${good[3]}, “8 lashes”`, '[topic-filter] has no test “8 lashes”.'],
  ])('%s', (_, cell, text, fault) => {
    expect(faultsOf(`| ${good.join(' | ')} |`)).toEqual([]);
    expect(faultsOf(`| ${good.map((own, index) => (index === cell ? text : own)).join(' | ')} |`)).toEqual([
      expect.stringContaining(fault),
    ]);
  });
});
