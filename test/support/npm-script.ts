import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../lib/fleet/project';

const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** The names of the npm scripts that run a file of `scripts/`. */
export const scriptNames = Object.keys(scripts).filter((name) => scripts[name].endsWith(` scripts/${name}.ts`));

/** What npm has Node.js run, in the project's folder, for a script with these arguments. */
export function npmScript(name: string, ...args: string[]): string[] {
  const [program, ...words] = scripts[name].split(' ');
  if (program !== 'node') throw new Error(`npm runs "${name}" with ${program}.`);
  return [...words, ...args];
}
