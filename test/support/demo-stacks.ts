import { createPrivateKey } from 'node:crypto';
import { Template } from 'aws-cdk-lib/assertions';
import { newCertificateRequest } from '../../lib/devices/certificate-request';
import type { Fleet } from '../../lib/fleet/fleet';
import { FleetStack } from '../../lib/stacks/fleet-stack';
import type { FleetProperties } from '../../lib/stacks/sweep/fleet-resources';
import { TeardownStack } from '../../lib/stacks/teardown-stack';
import { newPrivateKey } from '../../lib/util/private-key';
import { fleetWith } from './demo-fleet';
import { newApp } from './new-app';

/** A fleet's two templates, and the private keys that its certificate requests were made with, in PEM by thing name. */
export interface DemoStacks {
  readonly fleet: Fleet;
  readonly keys: ReadonlyMap<string, string>;
  readonly fleetTemplate: object;
  readonly teardownTemplate: object;
  /** What the teardown stack tells its function of the fleet. */
  readonly properties: FleetProperties;
}

export async function synthesizeStacks(): Promise<DemoStacks> {
  const fleet = fleetWith();
  const keys = new Map<string, string>();
  const csrs = new Map<string, string>();
  for (const { thingName } of fleet.devices) {
    const key = newPrivateKey();
    keys.set(thingName, key);
    csrs.set(thingName, await newCertificateRequest(createPrivateKey(key), thingName));
  }
  const app = newApp();
  const fleetStack = new FleetStack(app, 'Fleet', { fleet, csrs });
  const teardownStack = new TeardownStack(app, 'Teardown', { fleetStack });
  const teardown = Template.fromStack(teardownStack);
  const [{ Properties }] = Object.values(teardown.findResources('Custom::FleetSweep'));
  return {
    fleet,
    keys,
    fleetTemplate: Template.fromStack(fleetStack).toJSON(),
    teardownTemplate: teardown.toJSON(),
    properties: { ...Properties, CertificateArnPrefix: 'arn:aws:iot:us-east-1:123456789012:cert/' },
  };
}
