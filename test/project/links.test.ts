import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = join(__dirname, '../..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** The paths of all documents, relative to the project's folder. */
const documents = [root, join(root, 'docs'), join(root, 'docs/decisions'), join(root, 'test/conformance')]
  .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
  .filter((file) => file.endsWith('.md'))
  .map((file) => relative(root, file));

const textOf = (document: string) => readFileSync(join(root, document), 'utf8');

/** The text without what is in fences: a heading or a link in there is none. */
const withoutFences = (text: string) => text.replace(/^```.*?^```/gms, '');

/** The anchors that GitHub gives to a document's headings. */
function anchorsOf(text: string): string[] {
  const headings = Array.from(withoutFences(text).matchAll(/^#+ (.+)$/gm), ([, heading]) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** What is wrong with a document's links, paths and commands, a sentence each. */
function faultsOf(document: string, text: string): string[] {
  const prose = withoutFences(text);
  const links = Array.from(prose.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm), ([, inline, reference]) => {
    return inline ?? reference;
  });
  const paths = Array.from(
    prose.matchAll(/`((?:bin|lib|scripts|benchmarks|test|docs)\/[\w./-]*)`/g),
    ([, path]) => path,
  );
  return [
    ...links.flatMap((link) => faultOfLink(document, text, link)),
    ...faultsOfPaths(paths),
    ...faultsOfCommands(text),
  ].map((fault) => `${document}: ${fault}`);
}

/** The same of a source file, whose paths begin at the project's folder. Its imports are tsc's to check. */
function faultsOfCode(file: string, source: string): string[] {
  const paths = Array.from(
    source.matchAll(/(?<![\w./-])(?:lib|scripts|benchmarks|test|docs|examples)\/[\w./-]*\.(?:ts|md|json)\b/g),
    ([path]) => path,
  );
  return [...faultsOfPaths(paths), ...faultsOfCommands(source)].map((fault) => `${file}: ${fault}`);
}

function faultsOfPaths(paths: readonly string[]): string[] {
  return paths.filter((path) => !existsSync(join(root, path))).map((path) => `There is no file or folder ${path}.`);
}

function faultsOfCommands(text: string): string[] {
  const commands = Array.from(text.matchAll(/\bnpm run (?:-s )?([a-z]+)/g), ([, name]) => name);
  return commands.filter((name) => !(name in scripts)).map((name) => `There is no script "${name}" in package.json.`);
}

function faultOfLink(document: string, text: string, link: string): string[] {
  if (/^https?:/.test(link)) return [];
  const [path, anchor] = link.split('#', 2);
  const file = path === '' ? join(root, document) : resolve(root, dirname(document), path);
  if (!existsSync(file)) return [`The link ${link} leads to no file.`];
  if (anchor === undefined) return [];
  const target = path === '' ? text : readFileSync(file, 'utf8');
  return anchorsOf(target).includes(anchor) ? [] : [`The link ${link} leads to no heading.`];
}

test('Documents are found in every folder that has some', () => {
  const found = ['README.md', join('docs', 'fidelity.md'), join('test', 'conformance', 'mqtt-5.md')];
  expect(documents).toEqual(expect.arrayContaining(found));
});

test.each(documents)('%s links to files and headings, and names paths and npm scripts, that exist', (document) => {
  expect(faultsOf(document, textOf(document))).toEqual([]);
});

test('The code names files and npm scripts that exist', () => {
  const files = ['lib', 'scripts', 'benchmarks'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
  expect(files.length).toBeGreaterThan(300);
  expect(files.flatMap((file) => faultsOfCode(file, textOf(file)))).toEqual([]);
  expect(
    faultsOfCode('x.ts', '// See docs/nowhere.md, ../lib/x.ts and https://x.org/docs/y.md: npm run nothing'),
  ).toEqual([
    'x.ts: There is no file or folder docs/nowhere.md.',
    'x.ts: There is no script "nothing" in package.json.',
  ]);
});

test('README.md has fewer than 1,200 words', () => {
  expect(textOf('README.md').split(/\s+/).length).toBeLessThan(1200);
});

test('Every document is linked from another', () => {
  const linked = new Set(
    documents.flatMap((document) =>
      Array.from(textOf(document).matchAll(/\]\(([^)#\s]+)/g), ([, path]) => join(dirname(document), path)),
    ),
  );
  expect(documents.filter((document) => document !== 'README.md' && !linked.has(document))).toEqual([]);
});

test.each([
  ['a link to a file that is missing', '[x](docs/nowhere.md)', 'The link docs/nowhere.md leads to no file.'],
  ['a reference to a file that is missing', '[x]: lib/nowhere.ts', 'The link lib/nowhere.ts leads to no file.'],
  [
    'a link to a heading that is missing',
    '[x](docs/fidelity.md#nowhere)',
    'docs/fidelity.md#nowhere leads to no heading.',
  ],
  ['a link to a heading of its own that is missing', '# Here\n[x](#there)', 'The link #there leads to no heading.'],
  ['a link to a heading in a fence', '```\n# There\n```\n[x](#there)', 'The link #there leads to no heading.'],
  ['a path that is missing', 'see `lib/nowhere.ts`', 'There is no file or folder lib/nowhere.ts.'],
  ['a script that is missing', '    npm run nowhere', 'There is no script "nowhere" in package.json.'],
])('%s is a fault', (_, text, fault) => {
  expect(faultsOf('README.md', text)).toEqual([expect.stringContaining(fault)]);
});

test('Links, headings, paths and scripts that exist are no fault', () => {
  const text =
    '# What’s here?\n[a](#whats-here) [b](docs/fidelity.md#limits) [c](https://example.com) `lib/` npm run local';
  expect(faultsOf('README.md', text)).toEqual([]);
});
