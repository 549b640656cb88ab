import type { CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import type { Fleet } from '../../lib/fleet/fleet';
import { partsOf } from '../../lib/fleet/fleet-parts';
import { addStacks } from '../../lib/stacks/fleet-stacks';
import { fleetWith } from './demo-fleet';
import { newApp } from './new-app';

/** A synthesized stack: one of a fleet, or a teardown stack. */
export type Artifact = CloudFormationStackArtifact;

export type IamPolicyDocument = { Statement: { Action: string | string[]; Resource: unknown }[] };

/** The id of the checkout of synthesized apps. */
export const checkoutId = '0123456789abcdef';

/** A text in the place of each device's certificate request, with the length of a request for a P-256 key. */
export function requestsOf(fleet: Fleet): Map<string, string> {
  return new Map(fleet.devices.map(({ thingName }) => [thingName, `the request of ${thingName}.`.padEnd(410, '.')]));
}

/** The names of this many cars. */
export const cars = (count: number) => Array.from({ length: count }, (_, index) => `truck${index}`);

/** An app with a fleet's stacks, each followed by its teardown stack. */
export function appOf(changes: Record<string, unknown>) {
  const app = newApp();
  const fleet = fleetWith(changes);
  const { fleetStacks, teardownStacks } = addStacks(app, {
    parts: partsOf(fleet),
    csrs: requestsOf(fleet),
    checkoutId,
  });
  return { app, stacks: fleetStacks.flatMap((fleetStack, index) => [fleetStack, teardownStacks[index]]) };
}

/** The stacks of {@link appOf}, synthesized. */
export function synthesize(changes: Record<string, unknown>): Artifact[] {
  const { app, stacks } = appOf(changes);
  const assembly = app.synth();
  return stacks.map(({ artifactId }) => assembly.getStackArtifact(artifactId));
}

/** The logical ids of a stack's resources whose type begins with this text. */
export function idsOf(artifact: Artifact, type: string): string[] {
  return Object.entries(resourcesOf(artifact)).flatMap(([id, { Type }]) => (Type.startsWith(type) ? [id] : []));
}

/** The properties of a stack's resources whose type begins with this text. */
export function propertiesOf<Properties>(artifact: Artifact, type: string): Properties[] {
  return idsOf(artifact, type).map((id) => resourcesOf(artifact)[id].Properties as Properties);
}

function resourcesOf({ template }: Artifact): Record<string, { Type: string; Properties: unknown }> {
  return template.Resources;
}
