import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { importsOf } from './imports-of';

/** A source file of the project. */
export interface Module {
  /** Its path from the project's root, with slashes. */
  readonly file: string;
  readonly imports: readonly Import[];
}

/** What a module imports: another file of the project, or a package. */
export type Import = { readonly file: string } | { readonly package: string };

const folders = ['benchmarks', 'bin', 'lib', 'scripts', 'test'];

/** All source files of the project with what they import. @throws Error for a relative import that no file answers */
export function readModules(root: string): Module[] {
  return folders
    .flatMap((folder) => sourceFiles(root, folder))
    .map((file) => moduleOf(root, file, readFileSync(join(root, file), 'utf8')));
}

/** A module with other source than its file has. */
export function moduleOf(root: string, file: string, source: string): Module {
  return { file, imports: importsOf(source, file).map((specifier) => resolve(root, file, specifier)) };
}

function sourceFiles(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : sourceFiles(root, path);
    return /\.(ts|js|cjs|mjs)$/.test(entry.name) ? [path] : [];
  });
}

function resolve(root: string, from: string, specifier: string): Import {
  if (!specifier.startsWith('.')) return { package: specifier };
  const path = posix.join(posix.dirname(from), specifier);
  const file = [`${path}.ts`, path, `${path}/index.ts`].find((candidate) => existsSync(join(root, candidate)));
  if (file === undefined) throw new Error(`${from} imports ${specifier}, which is not a file.`);
  return { file };
}
