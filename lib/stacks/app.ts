import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { DISABLE_CREATION_STACK_TRACES } from 'aws-cdk-lib/cx-api';
import { DeviceFolder, type Target } from '../devices/device-folder';
import { Fleet } from '../fleet/fleet';
import { partsOf } from '../fleet/fleet-parts';
import * as project from '../fleet/project';
import { FleetStack } from './fleet-stack';

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

/** A fleet and its stacks, in the order of its parts. */
export interface FleetStacks {
  readonly fleet: Fleet;
  readonly fleetStacks: readonly FleetStack[];
}

/** A fleet and the template of each of its stacks, by the stack's name. */
export interface FleetTemplates {
  readonly fleet: Fleet;
  readonly templates: ReadonlyMap<string, object>;
}

/**
 * Context that keeps the CDK from recording which line made each resource. That line is the same for all devices, and recording it takes a
 * tenth of a large fleet's synthesis. `cdk --debug` still records it.
 */
export const withoutCreationStacks = { [DISABLE_CREATION_STACK_TRACES]: true };

/**
 * Adds the stacks of the fleet that the app's context describes. Makes keys and certificate requests that are missing.
 *
 * @throws FleetError when the context holds no valid fleet, or one that does not fit into its stacks
 * @throws DeviceFolderError or FileError when a device's key or request cannot be used or made
 */
export async function addStacks(
  app: App,
  { target, devicesRoot = project.devicesRoot }: StacksOptions,
): Promise<FleetStacks> {
  const fleet = Fleet.fromContext(app.node.tryGetContext('fleet'));
  const parts = partsOf(fleet);
  const csrs = new Map<string, string>();
  for (const { thingName } of fleet.devices) {
    csrs.set(thingName, await new DeviceFolder(devicesRoot, target, thingName).ensureKeyAndCsr());
  }
  const fleetStacks = parts.map((part, index) => new FleetStack(app, stackId('Fleet', index), { fleet: part, csrs }));
  // A device only ever moves to a stack with a higher number. It must be gone from its old stack before the new one creates it.
  for (const [index, stack] of fleetStacks.slice(1).entries()) stack.addStackDependency(fleetStacks[index]);
  return { fleet, fleetStacks };
}

/**
 * The id of one of a fleet's stacks: SharedSubscriptionsFleet, SharedSubscriptionsFleet-002 and so on.
 *
 * The first stack has no number, so it keeps its name, and its devices, when a second one is added.
 */
export function stackId(kind: 'Fleet' | 'Teardown', index: number): string {
  return `SharedSubscriptions${kind}${index === 0 ? '' : `-${String(index + 1).padStart(3, '0')}`}`;
}

/**
 * The fleet of cdk.json and its stacks' templates, synthesized in this process: what `cdk synth` makes, without the CLI and its validation.
 *
 * @throws what {@link addStacks} throws
 */
export async function synthesizeFleet({ context, ...options }: SynthesisOptions): Promise<FleetTemplates> {
  const outdir = mkdtempSync(join(tmpdir(), 'shared-subscriptions-'));
  try {
    const app = new App({
      context: { ...project.readContext(), ...context, ...withoutCreationStacks },
      outdir,
      analyticsReporting: false,
      builtinCloudFormationValidation: false,
      stackTraces: false,
    });
    const { fleet, fleetStacks } = await addStacks(app, options);
    const assembly = app.synth();
    const templates = fleetStacks.map(
      ({ stackName, artifactId }) => [stackName, assembly.getStackArtifact(artifactId).template] as const,
    );
    return { fleet, templates: new Map(templates) };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
