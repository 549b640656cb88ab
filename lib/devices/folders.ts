import type { Fleet } from '../fleet/fleet';
import { DeviceFolder, type Target } from './device-folder';

/** The fleet's folders for a target, by thing name. */
export function foldersOf(fleet: Fleet, devicesRoot: string, target: Target): Map<string, DeviceFolder> {
  return new Map(fleet.devices.map(({ thingName }) => [thingName, new DeviceFolder(devicesRoot, target, thingName)]));
}
