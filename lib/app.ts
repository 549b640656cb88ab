import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { DeviceFolder, type Target } from './device-folder';
import { Fleet } from './fleet';
import { FleetStack } from './fleet-stack';
import * as project from './project';

export interface StacksOptions {
  /** Whose keys the certificates are for: each target has its own. */
  readonly target: Target;

  /** @default - the project's `devices` folder */
  readonly devicesRoot?: string;
}

export interface SynthesisOptions extends StacksOptions {
  /** Context that takes precedence over cdk.json's. */
  readonly context?: Readonly<Record<string, unknown>>;
}

/**
 * Adds the stacks of the fleet that the app's context describes. Keys and certificate requests that are missing are made.
 *
 * @throws FleetError when the context holds no good fleet
 * @throws DeviceFolderError or FileError when a device's key or request cannot be used or made
 */
export async function addStacks(app: App, { target, devicesRoot = project.devicesRoot }: StacksOptions) {
  const fleet = Fleet.fromContext(app.node.tryGetContext('fleet'));
  const csrs = new Map<string, string>();
  for (const { thingName } of fleet.members) {
    csrs.set(thingName, await new DeviceFolder(devicesRoot, target, thingName).ensureKeyAndCsr());
  }
  const fleetStack = new FleetStack(app, 'SharedSubscriptionsFleet', { fleet, csrs });
  return { fleet, fleetStack };
}

/**
 * The fleet of cdk.json and its stack's template, synthesized in this process: what `cdk synth` makes, without the CLI and its validation.
 *
 * @throws what {@link addStacks} throws
 */
export async function synthesizeFleet({
  context,
  ...options
}: SynthesisOptions): Promise<{ fleet: Fleet; template: object }> {
  const outdir = mkdtempSync(join(tmpdir(), 'shared-subscriptions-'));
  try {
    const app = new App({
      context: { ...project.readContext(), ...context },
      outdir,
      analyticsReporting: false,
      builtinCloudFormationValidation: false,
      stackTraces: false,
    });
    const { fleet, fleetStack } = await addStacks(app, options);
    return { fleet, template: app.synth().getStackArtifact(fleetStack.artifactId).template };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
