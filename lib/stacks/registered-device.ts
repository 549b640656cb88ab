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
import { checkoutAttribute } from '../fleet/thing-attributes';
import { devicePolicy } from './device-policy';

export interface RegisteredDeviceProps {
  /** The device, with its names and its role. */
  readonly device: Device;

  /** Its certificate request, in PEM. A request with another text makes another certificate, even for the same key. */
  readonly csr: string;

  /** The id of the checkout that holds its key, or a reference to it. The thing is marked with it. */
  readonly checkout: string;
}

/**
 * A thing with its own certificate and policy.
 *
 * CloudFormation deletes in the reverse order of dependencies, and AWS IoT Core deletes nothing that is still attached. So the attachments
 * refer to the other resources by Ref and GetAtt, never by a repeated name, and are deleted first. The certificate is deleted next.
 * CloudFormation waits some seconds between deactivating and deleting it, and the asynchronous detaching of thing and policy needs them.
 */
export class RegisteredDevice extends Construct {
  readonly device: Device;
  readonly thing: CfnThing;
  readonly policy: CfnPolicy;
  readonly certificate: CfnCertificate;

  constructor(scope: Construct, id: string, { device, csr, checkout }: RegisteredDeviceProps) {
    super(scope, id);
    this.device = device;

    this.thing = new CfnThing(this, 'Thing', {
      thingName: device.thingName,
      attributePayload: { attributes: { [checkoutAttribute]: checkout } },
    });
    this.policy = new CfnPolicy(this, 'Policy', {
      policyName: device.thingName,
      policyDocument: devicePolicy(device, Stack.of(this)),
    });

    this.certificate = new CfnCertificate(this, 'Certificate', { certificateSigningRequest: csr, status: 'ACTIVE' });
    this.certificate.addResourceDependency(this.thing);
    this.certificate.addResourceDependency(this.policy);

    const principal = this.certificate.attrArn;
    new CfnPolicyPrincipalAttachment(this, 'PolicyAttachment', { policyName: this.policy.ref, principal });
    new CfnThingPrincipalAttachment(this, 'ThingAttachment', { thingName: this.thing.ref, principal });
  }
}
