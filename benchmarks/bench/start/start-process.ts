import { DeviceFolder } from '../../../lib/devices/device-folder';
import { foldersOf } from '../../../lib/devices/folders';
import { enrollDevice } from '../../../lib/enrollment/enrollment';
import { Fleet } from '../../../lib/fleet/fleet';
import { synthesizeFleet } from '../../../lib/stacks/app';
import { startLocalIotCore } from '../../../lib/targets/local-fleet';
import { shared } from '../../../lib/walk-through/scenarios/shared';
import { WalkThrough } from '../../../lib/walk-through/walk-through';
import { blogFleet } from '../blog-fleet';
import { endWithParent, failProcess } from '../parent-process';

/** Seconds of each phase of `npm start`. */
export interface StartPhases {
  readonly boot: number;
  readonly keys: number;
  readonly synth: number;
  readonly iotCore: number;
  readonly walkThrough: number;
  readonly total: number;
}

/** Does what `npm start` does with the blog post's fleet, phase by phase, and sends its parent the time of each. */
async function main(devicesRoot: string): Promise<void> {
  // Since the start of the process: Node.js, the bundle and all that the imports above load.
  const boot = performance.now();
  const fleet = Fleet.fromContext(blogFleet);
  for (const { thingName } of fleet.devices) await new DeviceFolder(devicesRoot, 'local', thingName).ensureKeyAndCsr();
  const keys = performance.now();
  const context = { fleet: blogFleet };
  const { templates } = await synthesizeFleet({ target: 'local', devicesRoot, withTeardown: false, context });
  const synth = performance.now();
  const core = await startLocalIotCore({ port: 0, devicesRoot });
  for (const [stackName, template] of templates) await core.deploy(template, stackName);
  const folders = foldersOf(fleet, devicesRoot, 'local');
  for (const folder of folders.values()) await enrollDevice(core, folder);
  const deployed = performance.now();
  await new WalkThrough({ scenario: shared, fleet, target: 'local', endpoint: core, folders, mqtt: 5, qos: 0 }).play();
  const end = performance.now();
  await core.stop();
  const times = [boot, keys - boot, synth - keys, deployed - synth, end - deployed, end].map((time) => time / 1000);
  process.send!({
    boot: times[0],
    keys: times[1],
    synth: times[2],
    iotCore: times[3],
    walkThrough: times[4],
    total: times[5],
  });
}

endWithParent();
main(process.argv[2]).then(() => process.disconnect(), failProcess);
