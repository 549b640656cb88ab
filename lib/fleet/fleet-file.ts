import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Fleet } from './fleet';
import { FleetError } from './fleet-rules';
import { readContext, startedFrom } from './project';

/**
 * The fleet of a file, which holds what the key `fleet` of cdk.json holds; without a file the fleet of cdk.json.
 *
 * @param file - relative to the folder in which a person started the script
 * @throws Error when the file cannot be read or holds no JSON
 * @throws FleetError when no fleet can be made of it
 */
export function readFleet(file?: string): Fleet {
  if (file === undefined) return Fleet.fromContext(readContext().fleet);
  try {
    return Fleet.fromContext(contextIn(file));
  } catch (error) {
    throw error instanceof FleetError ? new FleetError(`${file}: ${error.message}`) : error;
  }
}

/**
 * What {@link readFleet} reads, for those who make the fleet of it themselves: context that takes precedence over that of cdk.json.
 *
 * @throws what readFleet throws
 */
export function fleetContext(file?: string): { readonly fleet?: unknown } {
  if (file === undefined) return {};
  readFleet(file);
  return { fleet: contextIn(file) };
}

function contextIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(resolve(startedFrom, file), 'utf8'));
  } catch (error) {
    throw new Error(`${file} is no file of a fleet: ${(error as Error).message}.`);
  }
}
