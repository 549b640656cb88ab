import { createPrivateKey } from 'node:crypto';
import { Template } from 'aws-cdk-lib/assertions';
import { newCertificateRequest } from '../../lib/devices/certificate-request';
import type { Fleet } from '../../lib/fleet/fleet';
import { addStacks } from '../../lib/stacks/fleet-stacks';
import type { FleetProperties } from '../../lib/stacks/sweep/fleet-resources';
import { newPrivateKey } from '../../lib/util/private-key';
import { fleetWith } from './demo-fleet';
import { newApp } from './new-app';

/** A fleet's two templates, and the private keys that its certificate requests were made with, in PEM by thing name. */
export interface DemoStacks {
  readonly fleet: Fleet;
  readonly keys: ReadonlyMap<string, string>;
  readonly fleetStackName: string;
  readonly fleetTemplate: object;
  readonly teardownTemplate: object;
  /** The properties of the custom resource that sweeps the fleet. */
  readonly properties: FleetProperties;
}

/** @param changes - of the demo's fleet */
export async function synthesizeStacks(changes: Record<string, unknown> = {}): Promise<DemoStacks> {
  const fleet = fleetWith(changes);
  const keys = new Map<string, string>();
  const csrs = new Map<string, string>();
  for (const { thingName } of fleet.devices) {
    const key = newPrivateKey();
    keys.set(thingName, key);
    csrs.set(thingName, await newCertificateRequest(createPrivateKey(key), thingName));
  }
  const { fleetStacks, teardownStacks } = addStacks(newApp(), { parts: [fleet], csrs, checkoutId: '0123456789abcdef' });
  const [fleetStack, teardownStack] = [fleetStacks[0], teardownStacks[0]];
  const teardown = Template.fromStack(teardownStack);
  const [{ Properties }] = Object.values(teardown.findResources('Custom::FleetSweep'));
  return {
    fleet,
    keys,
    fleetStackName: fleetStack.stackName,
    fleetTemplate: Template.fromStack(fleetStack).toJSON(),
    teardownTemplate: teardown.toJSON(),
    properties: {
      ...Properties,
      FleetStack: fleetStack.stackName,
      CertificateArnPrefix: 'arn:aws:iot:us-east-1:123456789012:cert/',
    },
  };
}
