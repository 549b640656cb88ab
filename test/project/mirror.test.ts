import { existsSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { projectRoot } from '../../lib/fleet/project';

const files = readdirSync(join(projectRoot, 'test'), { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules/'));

/** Where the file is that a test file in a mirroring folder is about, by its path from `test/`; elsewhere undefined. */
function subjectOf(file: string): string | undefined {
  const isOutsideLib = /^(scripts|benchmarks)\//.test(file);
  const name = posix.join(isOutsideLib ? '' : 'lib', file.replace(/\.test\.ts$/, ''));
  const source = existsSync(join(projectRoot, `${name}.cjs`)) ? `${name}.cjs` : `${name}.ts`;
  return existsSync(join(projectRoot, posix.dirname(source))) ? source : undefined;
}

test('A test file in a folder that mirrors a folder of the code has the name of a file there', () => {
  const mirrors = files.filter((file) => subjectOf(file) !== undefined);
  expect(mirrors.length).toBeGreaterThan(files.length / 2);
  expect(mirrors.filter((file) => !existsSync(join(projectRoot, subjectOf(file)!)))).toEqual([]);
});
