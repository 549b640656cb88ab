import { type CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';

/** What the custom resource's properties say of the fleet. */
export interface FleetProperties {
  /** The name of the stack that owns the fleet. */
  readonly FleetStack: string;
  /** A certificate's ARN up to its id. */
  readonly CertificateArnPrefix: string;
  readonly Topic: string;
  readonly Devices: readonly DeviceProperties[];
}

/** A device's client id, and the logical ids of its resources in the fleet's stack. */
export interface DeviceProperties {
  readonly ClientId: string;
  readonly Thing: string;
  readonly Policy: string;
  readonly Certificate: string;
}

/** A device's resources, as far as the fleet's stack owns them at present. */
export interface OwnedDevice {
  readonly clientId: string;
  readonly thingName?: string;
  readonly policyName?: string;
  readonly certificateArn?: string;
}

/**
 * The fleet's devices with the things, policies and certificates that CloudFormation owns for them now.
 *
 * CloudFormation is asked and nobody else, since it alone knows: a certificate has another id each time that its device's request changes,
 * carries no tags, and looks like any other that is attached to the thing. What the stack has deleted, it owns no more, even if something
 * of that name is there again.
 */
export async function ownedDevices(
  cloudFormation: CloudFormationClient,
  { FleetStack, CertificateArnPrefix, Devices }: FleetProperties,
  abortSignal: AbortSignal,
): Promise<OwnedDevice[]> {
  const owned = await physicalIds(cloudFormation, FleetStack, abortSignal);
  return Devices.map(({ ClientId, Thing, Policy, Certificate }) => {
    const certificateId = owned.get(Certificate);
    return {
      clientId: ClientId,
      thingName: owned.get(Thing),
      policyName: owned.get(Policy),
      certificateArn: certificateId && CertificateArnPrefix + certificateId,
    };
  });
}

async function physicalIds(client: CloudFormationClient, StackName: string, abortSignal: AbortSignal) {
  const ids = new Map<string, string>();
  for await (const page of paginateListStackResources({ client }, { StackName }, { abortSignal })) {
    for (const { LogicalResourceId, PhysicalResourceId, ResourceStatus } of page.StackResourceSummaries ?? []) {
      if (LogicalResourceId && PhysicalResourceId && ResourceStatus !== 'DELETE_COMPLETE') {
        ids.set(LogicalResourceId, PhysicalResourceId);
      }
    }
  }
  return ids;
}
