import { rmSync } from 'node:fs';
import { App } from 'aws-cdk-lib/core';
import { DISABLE_CREATION_STACK_TRACES } from 'aws-cdk-lib/cx-api';
import { ensureCheckoutId } from '../devices/checkout-id';
import { DeviceFolder, DeviceFolderError, type Target } from '../devices/device-folder';
import { Fleet, refuseOtherKeys } from '../fleet/fleet';
import { partsOf } from '../fleet/fleet-parts';
import * as project from '../fleet/project';
import { makeTemporaryFolder } from '../util/temporary-folder';
import { addStacks, type FleetStacks } from './fleet-stacks';

export interface AppOptions {
  /** The target whose keys the certificates are for: each target has its own. */
  readonly target: Target;

  /** @default - the project's `devices` folder */
  readonly devicesRoot?: string;

  /** @default true - each fleet stack gets its teardown stack */
  readonly withTeardown?: boolean;
}

export interface SynthesisOptions extends AppOptions {
  /** Context that takes precedence over cdk.json's. */
  readonly context?: Readonly<Record<string, unknown>>;
}

/** A fleet and the templates of its stacks, by stack name, in an order in which they can be deployed. */
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
 * Adds the stacks of the fleet that the app's context describes. Makes keys, certificate requests and the checkout's id if they are missing.
 *
 * @throws FleetError when the context holds no valid fleet, or one that does not fit into its stacks
 * @throws DeviceFolderError or FileError when a device's key or request cannot be used or made
 */
export async function addFleet(
  app: App,
  { target, devicesRoot = project.devicesRoot, withTeardown }: AppOptions,
): Promise<FleetStacks & { readonly fleet: Fleet }> {
  refuseOtherKeys(app.node.getAllContext());
  const fleet = Fleet.fromContext(app.node.tryGetContext('fleet'));
  // Before any key is made, as a fleet that does not fit into its stacks is refused here.
  const parts = partsOf(fleet);
  const csrs = new Map<string, string>();
  const owners = new Map<string, string>();
  for (const { thingName } of fleet.devices) {
    const folder = new DeviceFolder(devicesRoot, target, thingName);
    const csr = await folder.ensureKeyAndCsr();
    refuseClone(folder, owners.get(csr));
    owners.set(csr, thingName);
    csrs.set(thingName, csr);
  }
  const checkoutId = ensureCheckoutId(devicesRoot, target);
  return { fleet, ...addStacks(app, { parts, csrs, checkoutId, withTeardown }) };
}

/** Refuses a folder that was copied from another device's: with one key, each of the two devices could connect as the other. */
function refuseClone({ csrFile, path, thingName }: DeviceFolder, owner: string | undefined): void {
  if (owner === undefined) return;
  throw new DeviceFolderError(
    `${csrFile} is the certificate request of "${owner}", too. Each device needs its own key: delete ${path}, and "${thingName}" gets a new one.`,
  );
}

/**
 * The fleet of cdk.json and its stacks' templates, synthesized in this process: what `cdk synth` makes, without the CLI and its validation.
 *
 * @throws what {@link addFleet} throws
 */
export async function synthesizeFleet(options: SynthesisOptions): Promise<FleetTemplates> {
  const outdir = makeTemporaryFolder('synth');
  try {
    return await synthesizeAssembly(outdir, options);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/**
 * Synthesizes as {@link synthesizeFleet} does, into a folder that the CDK's CLI takes as its `--app`.
 *
 * @throws what {@link addFleet} throws
 */
export async function synthesizeAssembly(
  outdir: string,
  { context, ...options }: SynthesisOptions,
): Promise<FleetTemplates> {
  const app = new App({
    context: { ...project.readContext(), ...context, ...withoutCreationStacks },
    outdir,
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
    stackTraces: false,
  });
  const { fleet, fleetStacks, teardownStacks } = await addFleet(app, options);
  const assembly = app.synth();
  const templates = [...fleetStacks, ...teardownStacks].map(
    ({ stackName, artifactId }) => [stackName, assembly.getStackArtifact(artifactId).template] as const,
  );
  return { fleet, templates: new Map(templates) };
}
