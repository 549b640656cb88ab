import { CfnOutput, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { FleetPart } from '../fleet/fleet-parts';
import { addCheckoutFence } from './checkout-fence';
import { RegisteredDevice } from './registered-device';
import { SizedSynthesizer } from './sized-synthesizer';
import { TeardownRole } from './teardown-role';

export interface FleetStackProps {
  /** The devices of this stack: a whole fleet, or a part of one. */
  readonly fleet: FleetPart;

  /** Each device's certificate request in PEM, by thing name. */
  readonly csrs: ReadonlyMap<string, string>;

  /** The checkout that holds the devices' keys. */
  readonly checkoutId: string;
}

/**
 * A {@link RegisteredDevice} for each device of the fleet, and the {@link TeardownRole} of its sweep.
 *
 * A device's logical ids depend on its thing name alone, so adding a device or moving it within cdk.json changes no other device.
 */
export class FleetStack extends Stack {
  /** The devices of this stack. */
  readonly fleet: FleetPart;

  readonly registeredDevices: readonly RegisteredDevice[];

  /**
   * The name of the teardown's role, as another stack imports it. It is an export, because CloudFormation then refuses to delete this stack
   * while a stack that imports it exists.
   */
  readonly teardownRoleName: string;

  /** The id of this stack, as another stack imports it. */
  readonly importedStackId: string;

  constructor(scope: Construct, id: string, { fleet, csrs, checkoutId }: FleetStackProps) {
    super(scope, id, {
      description: 'AWS IoT Core shared subscriptions: the things, certificates and policies of the fleet',
      synthesizer: new SizedSynthesizer(),
    });
    this.fleet = fleet;
    const checkout = addCheckoutFence(this, checkoutId);

    // No thing name has a dot, so no device can have this id, nor that of the role below.
    new CfnOutput(this, 'Fleet.Topic', { value: fleet.topic, description: 'The topic that the cars publish to' });

    this.registeredDevices = fleet.devices.map((device) => {
      const csr = csrs.get(device.thingName);
      if (csr === undefined) {
        throw new Error(`Every device needs a certificate request; "${device.thingName}" has none.`);
      }
      const registered = new RegisteredDevice(this, device.thingName, { device, csr, checkout });
      new CfnOutput(registered, 'CertificateId', {
        value: registered.certificate.ref,
        description: `The certificate of ${device.thingName}`,
      });
      return registered;
    });

    // Sorted, so that another order in cdk.json changes nothing here either.
    const sorted = [...this.registeredDevices].sort((one, other) => (one.node.id < other.node.id ? -1 : 1));
    const role = new TeardownRole(this, 'Teardown.Role', {
      certificateArns: sorted.map(({ certificate }) => certificate.attrArn),
    });
    this.teardownRoleName = this.exportValue(role.roleName);
    this.importedStackId = this.exportValue(this.stackId);
  }
}
