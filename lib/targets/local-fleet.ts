import { join } from 'node:path';
import { DeviceFolder } from '../devices/device-folder';
import { enrollDevice } from '../enrollment/enrollment';
import type { Fleet } from '../fleet/fleet';
import * as project from '../fleet/project';
import { LocalIotCore, type LocalIotCoreOptions } from '../iot-core-local/local-iot-core';
import { CertificateAuthority } from '../iot-core-local/registry/certificate-authority';
import { synthesizeFleet } from '../stacks/app';

// For the scripts, which import this folder and not IoT Core Local.
export type { LocalIotCore } from '../iot-core-local/local-iot-core';
export type { LogEntry } from '../iot-core-local/log';
export { noLogLimits } from '../iot-core-local/log-limiter';

export interface LocalFleetOptions
  extends Pick<
    LocalIotCoreOptions,
    | 'port'
    | 'apiPort'
    | 'log'
    | 'logLimits'
    | 'strict'
    | 'lenient'
    | 'rsaEndpoint'
    | 'location'
    | 'customResources'
    | 'userPolicy'
  > {
  /** @default - the project's `devices` folder */
  readonly devicesRoot?: string;
  /** Context that takes precedence over cdk.json's. */
  readonly context?: Readonly<Record<string, unknown>>;
}

/** The fleet on a running IoT Core Local, its devices' certificates in their folders. */
export interface LocalFleet {
  readonly core: LocalIotCore;
  readonly fleet: Fleet;
  /** By thing name. */
  readonly folders: ReadonlyMap<string, DeviceFolder>;
  /** What was deployed, by the stacks' names. */
  readonly templates: ReadonlyMap<string, object>;
}

/**
 * Synthesizes the fleet, deploys it to IoT Core Local and puts each device's certificate into its folder.
 *
 * @throws FleetError, DeviceFolderError, FileError or PortError, each naming what is in the way; nothing is left running then
 */
export async function startLocalFleet({
  context,
  devicesRoot = project.devicesRoot,
  ...options
}: LocalFleetOptions = {}) {
  const { fleet, templates } = await synthesizeFleet({ target: 'local', devicesRoot, context, withTeardown: false });
  const core = await startLocalIotCore({ devicesRoot, ...options });
  try {
    for (const [stackName, template] of templates) await core.deploy(template, stackName);
    const folders = new Map<string, DeviceFolder>();
    for (const { thingName } of fleet.devices) {
      const folder = new DeviceFolder(devicesRoot, 'local', thingName);
      await enrollDevice(core, folder);
      folders.set(thingName, folder);
    }
    return { core, fleet, folders, templates } satisfies LocalFleet;
  } catch (error) {
    await core.stop();
    throw error;
  }
}

/** An IoT Core Local whose authority is kept beside the devices' folders, so that their certificates stay good while it comes and goes. */
export async function startLocalIotCore({
  devicesRoot = project.devicesRoot,
  ...options
}: Omit<LocalFleetOptions, 'context'>): Promise<LocalIotCore> {
  const certificateAuthority = await CertificateAuthority.open(join(devicesRoot, 'local', '.certificate-authority'));
  return LocalIotCore.start({ ...options, certificateAuthority });
}
