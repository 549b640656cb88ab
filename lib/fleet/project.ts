import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of package.json and cdk.json: scripts find their files from wherever they are started. */
export const projectRoot = join(__dirname, '../..');

/** Where the devices' folders are, unless a caller says otherwise. */
export const devicesRoot = join(projectRoot, 'devices');

/** The folder that a person started a script in, to which the paths that one reads or types are relative: npm runs it in the project's. */
export const startedFrom = process.env.INIT_CWD ?? process.cwd();

/** The context of cdk.json, for those that read the fleet without the CDK. */
export function readContext(): Record<string, unknown> {
  const file = join(projectRoot, 'cdk.json');
  try {
    return JSON.parse(readFileSync(file, 'utf8'))?.context ?? {};
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message}.`);
  }
}
