import { readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { projectRoot } from '../../lib/fleet/project';
import { circlesOf } from './imports/circles';
import { importsOf } from './imports/imports-of';
import { moduleOf, readModules } from './imports/modules';
import { partOf, violations } from './imports/rules';

const modules = readModules(projectRoot);

/** Imports that close a circle between files, and why they do. */
const closingImports = [
  // By type alone: a subscription names its session and its group, and both keep subscriptions.
  ['lib/iot-core-local/broker/delivery.ts', 'lib/iot-core-local/broker/session.ts'],
  ['lib/iot-core-local/broker/delivery.ts', 'lib/iot-core-local/broker/shared-subscription.ts'],
  // By type alone: a session gives back what waits for a group's other members, and a group delivers to sessions.
  ['lib/iot-core-local/broker/session.ts', 'lib/iot-core-local/broker/shared-subscription.ts'],
];

/** All files with the files that they import, without some imports. */
function filesWithout(left: readonly (readonly string[])[]): Map<string, string[]> {
  const isLeft = (from: string, to: string) => left.some((each) => each[0] === from && each[1] === to);
  const filesOf = ({ file, imports }: (typeof modules)[number]) =>
    imports.flatMap((to) => ('file' in to && !isLeft(file, to.file) ? [to.file] : []));
  return new Map(modules.map((module) => [module.file, filesOf(module)]));
}

test('Every import keeps the rules of docs/architecture.md', () => {
  expect(violations(modules)).toEqual([]);
});

test('The rules see every source file of the project', () => {
  const elsewhere = ['node_modules', 'cdk.out', 'coverage', 'devices'];
  const folders = readdirSync(projectRoot, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !elsewhere.includes(entry.name))
    .map(({ name }) => name);
  const files = folders.flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
      .map((file) => join(folder, file).replaceAll('\\', '/'))
      .filter((file) => /\.[cm]?[jt]sx?$/.test(file) && !file.includes('/node_modules/')),
  );
  expect(modules.map(({ file }) => file).sort()).toEqual(files.sort());
});

test('No circle of imports joins two folders', () => {
  const edges = new Map<string, Set<string>>();
  // IoT Core Local's parts count as folders, also those that are one file.
  const folderOf = (file: string) => (partOf(file) ? `lib/iot-core-local/${partOf(file)}` : posix.dirname(file));
  for (const { file, imports } of modules) {
    const to = edges.get(folderOf(file)) ?? new Set();
    edges.set(folderOf(file), to);
    for (const each of imports) if ('file' in each) to.add(folderOf(each.file));
  }
  expect(circlesOf(edges)).toEqual([]);
});

test('No circle of imports joins files, but for those that some known imports close', () => {
  expect(circlesOf(filesWithout(closingImports))).toEqual([]);
});

test.each(closingImports)('The import from %s of %s still closes a circle', (from, to) => {
  const others = closingImports.filter((each) => each[0] !== from || each[1] !== to);
  expect(circlesOf(filesWithout(others))).not.toEqual([]);
});

test.each([
  ['lib/fleet/fleet.ts', '../devices/endpoint', 'Imports point one way'],
  ['lib/enrollment/enrollment.ts', '../stacks/app', 'Imports point one way'],
  ['benchmarks/soak/soak.ts', '../../test/support/time', 'Imports point one way'],
  ['lib/iot-core-local/registry/registry.ts', '../../fleet/fleet', 'IoT Core Local imports itself and lib/util alone'],
  [
    'lib/walk-through/pacer.ts',
    '../iot-core-local/log',
    'Only lib/targets, benchmarks and tests import IoT Core Local',
  ],
  ['lib/iot-core-local/mqtt/packets.ts', '../registry/arns', 'In IoT Core Local, mqtt imports'],
  ['lib/iot-core-local/broker/session.ts', '../gateway/client', 'In IoT Core Local, broker imports'],
  ['lib/iot-core-local/log.ts', './api/pages', 'In IoT Core Local, log imports'],
  ['lib/iot-core-local/broker/session.ts', 'node:tls', 'The broker and the codec know no network'],
  ['lib/devices/endpoint.ts', 'constructs', 'Only lib/stacks, bin'],
  [
    'lib/stacks/app.ts',
    '@aws-sdk/client-iot',
    'Only lib/enrollment, lib/stacks/sweep, lib/rehearsal/account and tests',
  ],
])('A type import from %s of %s is refused by name', (file, specifier, rule) => {
  const [violation, ...others] = violations([moduleOf(projectRoot, file, `import type { X } from '${specifier}';`)]);
  const { name } = posix.parse(specifier);
  expect(violation).toMatch(new RegExp(`^${file} imports .*${name}(\\.ts)?\\. ${rule}`));
  expect(others).toEqual([]);
});

test('A file in a folder that no rule knows is refused by name', () => {
  const sentences = ['lib/new/room.ts', 'lib/app.ts', 'lib/iot-core-local/new/part.ts'].flatMap((file) =>
    violations([{ file, imports: [] }]),
  );
  expect(sentences).toEqual([
    'lib/new/room.ts is in no room: name its folder in test/project/imports/rules.ts.',
    'lib/app.ts is in no room: name its folder in test/project/imports/rules.ts.',
    'lib/iot-core-local/new/part.ts is in no room: name its folder in test/project/imports/rules.ts.',
  ]);
});

test('Every way to import is seen', () => {
  const source = `
    import './effect';
    import value, { type A } from './value';
    import type { B } from './type';
    import legacy = require('./legacy');
    export { c } from './named';
    export type { D } from './named-type';
    export * from './all';
    type E = import('./in-a-type').E;
    const f = await import('./dynamic');
    const g = require('./required');
    export const local = 1;
    export { local as h };
  `;
  expect(importsOf(source, 'x.ts')).toEqual([
    './effect',
    './value',
    './type',
    './legacy',
    './named',
    './named-type',
    './all',
    './in-a-type',
    './dynamic',
    './required',
  ]);
});

test('An import of anything but a string, or of no file, is refused', () => {
  expect(() => importsOf('import(name)', 'x.ts')).toThrow('x.ts imports something other than a string');
  expect(() => moduleOf(projectRoot, 'lib/x.ts', "import './not-there'")).toThrow(
    'lib/x.ts imports ./not-there, which is not a file.',
  );
});

test('A circle is found, and what only leads to it is not part of it', () => {
  const edges = { a: ['b'], b: ['c', 'd'], c: ['b'], d: ['e'], e: ['f'], f: ['d', 'package'], g: ['g'] };
  expect(circlesOf(new Map(Object.entries(edges)))).toEqual([
    ['d', 'e', 'f'],
    ['b', 'c'],
  ]);
});
