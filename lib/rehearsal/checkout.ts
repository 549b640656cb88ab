import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DeviceFolder, type Target } from '../devices/device-folder';
import type { Device } from '../fleet/fleet';
import { type FleetTemplates, synthesizeAssembly } from '../stacks/app';

/** A synthesized fleet. */
export interface Synthesis extends FleetTemplates {
  /** The folder that the CDK's CLI takes as its `--app`. */
  readonly assembly: string;
}

/** A rehearsal's own devices and assemblies, in a folder of its own. The user's `devices/` is not touched. */
export class Checkout {
  readonly devicesRoot: string;
  private count = 0;

  /** @param folder - empty, and removed after the rehearsal: private keys are in it */
  constructor(
    readonly folder: string,
    readonly target: Exclude<Target, 'local'>,
  ) {
    this.devicesRoot = join(folder, 'devices');
  }

  /** The folder in which the CDK's CLI keeps what it remembers. */
  get cdkHome(): string {
    return join(this.folder, 'cdk-home');
  }

  /** Synthesizes a fleet. Makes the keys and requests that are missing. @throws what {@link synthesizeAssembly} throws */
  async synthesize(fleet: object): Promise<Synthesis> {
    this.count += 1;
    const assembly = join(this.folder, `cdk-${this.count}.out`);
    const { target, devicesRoot } = this;
    return { assembly, ...(await synthesizeAssembly(assembly, { target, devicesRoot, context: { fleet } })) };
  }

  folderOf({ thingName }: Pick<Device, 'thingName'>): DeviceFolder {
    return new DeviceFolder(this.devicesRoot, this.target, thingName);
  }

  /** Removes a device's folder, so that the next synthesis makes another key and request. */
  forget(device: Pick<Device, 'thingName'>): void {
    rmSync(this.folderOf(device).path, { recursive: true });
  }
}
