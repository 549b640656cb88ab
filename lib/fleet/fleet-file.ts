import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { reasonOf } from '../util/reason-of';
import { Fleet } from './fleet';
import { stacksFor } from './fleet-parts';
import { FleetError } from './fleet-rules';
import { readContext, startedFrom } from './project';

/**
 * The fleet of a file, which holds what the key `fleet` of cdk.json holds; without a file the fleet of cdk.json.
 *
 * A file need not say how many stacks there are: such a fleet runs on this machine, where that number makes no difference.
 *
 * @param file - relative to the folder in which a person started the script
 * @throws Error when the file cannot be read or holds no JSON
 * @throws FleetError when no fleet can be made of it
 */
export function readFleet(file?: string): Fleet {
  return file === undefined ? Fleet.fromContext(readContext().fleet) : read(file).fleet;
}

/**
 * What {@link readFleet} reads, for those who make the fleet of it themselves: context that takes precedence over that of cdk.json.
 *
 * @throws what readFleet throws
 */
export function fleetContext(file?: string): { readonly fleet?: unknown } {
  return file === undefined ? {} : { fleet: read(file).context };
}

function read(file: string): { fleet: Fleet; context: unknown } {
  const given = contextIn(file);
  const { fleet: wrapped, context } = Object(given) as { fleet?: unknown; context?: { fleet?: unknown } | null };
  if (wrapped !== undefined || context?.fleet !== undefined) {
    const key = wrapped === undefined ? 'context.fleet' : 'fleet';
    throw new FleetError(
      `${file}: The file has a fleet under the key "${key}". Write that object alone into the file.`,
    );
  }
  try {
    const fleet = Fleet.fromContext(given);
    const stacks = stacksFor(fleet.devices);
    if (stacks === undefined || 'stacks' in (given as object)) return { fleet, context: given };
    const context = { ...(given as object), stacks };
    return { fleet: Fleet.fromContext(context), context };
  } catch (error) {
    throw error instanceof FleetError ? new FleetError(`${file}: ${error.message}`) : error;
  }
}

function contextIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(resolve(startedFrom, file), 'utf8'));
  } catch (error) {
    throw new Error(`${file} cannot be read as a fleet: ${reasonOf(error)}.`);
  }
}
