import { CfnOutput, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { FleetPart } from '../fleet/fleet-parts';
import { Device } from './device';
import { SizedSynthesizer } from './sized-synthesizer';

export interface FleetStackProps {
  /** Whose devices it has: all of a fleet, or its part of one. */
  readonly fleet: FleetPart;

  /** Each member's certificate request in PEM, by thing name. */
  readonly csrs: ReadonlyMap<string, string>;
}

/**
 * A {@link Device} for each member of the fleet.
 *
 * A device's logical ids come from its thing name alone: a device that is added, or moves within cdk.json, changes no other.
 */
export class FleetStack extends Stack {
  /** Whose devices it has. */
  readonly fleet: FleetPart;

  constructor(scope: Construct, id: string, { fleet, csrs }: FleetStackProps) {
    super(scope, id, {
      description: 'AWS IoT Core shared subscriptions: the things, certificates and policies of the fleet',
      synthesizer: new SizedSynthesizer(),
    });
    this.fleet = fleet;

    // No thing name has a dot, so no device can have this id.
    new CfnOutput(this, 'Fleet.Topic', { value: fleet.topic, description: 'The topic that the cars publish to' });

    for (const member of fleet.members) {
      const csr = csrs.get(member.thingName);
      if (csr === undefined)
        throw new Error(`Every device needs a certificate request; "${member.thingName}" has none.`);
      const device = new Device(this, member.thingName, { member, csr });
      new CfnOutput(device, 'CertificateId', {
        value: device.certificateId,
        description: `The certificate of ${member.thingName}`,
      });
    }
  }
}
