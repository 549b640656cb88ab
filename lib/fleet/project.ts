import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { reasonOf } from '../util/reason-of';

/** The folder of package.json and cdk.json. Scripts find their files by it, whatever folder they are started in. */
export const projectRoot = folderOfPackage(__dirname);

/** The folder of the devices' folders, unless a caller names another. */
export const devicesRoot = join(projectRoot, 'devices');

/** The folder in which a person started a script. Paths that are typed or printed are relative to it; npm runs scripts in the project's. */
export const startedFrom = process.env.INIT_CWD ?? process.cwd();

/** The context of cdk.json, for commands that read the fleet without the CDK. @throws Error when cdk.json cannot be read */
export function readContext(): Record<string, unknown> {
  const file = join(projectRoot, 'cdk.json');
  try {
    return JSON.parse(readFileSync(file, 'utf8'))?.context ?? {};
  } catch (error) {
    throw new Error(`${file} cannot be read: ${reasonOf(error)}.`);
  }
}

/** The nearest folder upwards that has a package.json. In a script's bundle, __dirname is the folder of the script and not of this file. */
function folderOfPackage(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`No package.json is in the folder of ${__filename}, or in one above it.`);
  return folderOfPackage(parent);
}
