import {
  CfnCertificate,
  CfnPolicy,
  CfnPolicyPrincipalAttachment,
  CfnThing,
  CfnThingPrincipalAttachment,
} from 'aws-cdk-lib/aws-iot';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Device } from '../fleet/fleet';
import { devicePolicy } from './device-policy';

export interface RegisteredDeviceProps {
  /** Who the device is in the fleet. */
  readonly device: Device;

  /** The text of its certificate request, in PEM. Another text is another certificate, even if the key is the same. */
  readonly csr: string;
}

/**
 * A thing with a certificate of its own and a policy that lets it do its part.
 *
 * CloudFormation deletes in the reverse order of dependencies, and AWS IoT Core deletes nothing that is still attached. So the attachments
 * refer to the others by Ref and GetAtt, never by a repeated name, and go first. The certificate goes next: CloudFormation waits some
 * seconds between deactivating and deleting it, which is what the asynchronous detaching of thing and policy needs.
 */
export class RegisteredDevice extends Construct {
  /** The certificate's id, known once it is deployed. */
  readonly certificateId: string;

  constructor(scope: Construct, id: string, { device, csr }: RegisteredDeviceProps) {
    super(scope, id);

    const thing = new CfnThing(this, 'Thing', { thingName: device.thingName });
    const policy = new CfnPolicy(this, 'Policy', {
      policyName: device.thingName,
      policyDocument: devicePolicy(device, Stack.of(this)),
    });

    const certificate = new CfnCertificate(this, 'Certificate', { certificateSigningRequest: csr, status: 'ACTIVE' });
    certificate.addResourceDependency(thing);
    certificate.addResourceDependency(policy);
    this.certificateId = certificate.ref;

    new CfnPolicyPrincipalAttachment(this, 'PolicyAttachment', {
      policyName: policy.ref,
      principal: certificate.attrArn,
    });
    new CfnThingPrincipalAttachment(this, 'ThingAttachment', { thingName: thing.ref, principal: certificate.attrArn });
  }
}
