import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Fleet } from '../fleet/fleet';
import { DeviceFolder, type Target } from './device-folder';

/**
 * The folders of a target that belong to no device of the fleet: of devices that were removed or renamed. The target `local` has none:
 * scenarios and the option --fleet have devices of their own there.
 */
export function leftoverFolders(fleet: Fleet, devicesRoot: string, target: Target): DeviceFolder[] {
  if (target === 'local') return [];
  const thingNames = new Set(fleet.devices.map(({ thingName }) => thingName));
  return folderNames(join(devicesRoot, target))
    .filter((name) => !name.startsWith('.') && !thingNames.has(name))
    .map((name) => new DeviceFolder(devicesRoot, target, name));
}

function folderNames(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
