import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../lib/fleet/project';

/** Names of one meaning that two files export on purpose, and why. */
const exportedTwice = [
  // A field of a packet as bytes: of the codec, and of packets made without the codec, which test it.
  'uint16',
];

/** The names that a source file declares and exports. */
function exportsOf(source: string): string[] {
  const declarations = source.matchAll(
    /^export (?:abstract |async )?(?:class|const|enum|function\*?|interface|let|type) (\w+)/gm,
  );
  return Array.from(declarations, ([, name]) => name);
}

test('No two files of the code export the same name, but for some of one meaning', () => {
  const files = ['benchmarks', 'bin', 'lib', 'scripts'].flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(projectRoot, folder, file)),
  );
  const filesByName = new Map<string, Set<string>>();
  for (const file of files) {
    for (const name of exportsOf(readFileSync(file, 'utf8'))) {
      filesByName.set(name, (filesByName.get(name) ?? new Set()).add(file));
    }
  }
  expect(filesByName.size).toBeGreaterThan(1000);
  expect([...filesByName].flatMap(([name, { size }]) => (size > 1 ? [name] : [])).sort()).toEqual(exportedTwice);
});

test('Every form of an exported declaration is seen', () => {
  const source = `
export abstract class A {}
export async function b() {}
export function* c() {}
export const d = 1;
export interface E {}
export type F = string;
export type { G } from './g';
const local = 1;
`;
  expect(exportsOf(source)).toEqual(['A', 'b', 'c', 'd', 'E', 'F']);
});
