import { type CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { carryOut, type Timing, tryOnce } from './tasks';

/** The custom resource's properties. */
export interface FleetProperties {
  /** The id of the stack that owns the fleet. */
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

/** A device's resources that the fleet's stack owns now. */
export interface OwnedDevice {
  readonly clientId: string;
  readonly thingName?: string;
  readonly policyName?: string;
  readonly certificateArn?: string;
}

/**
 * The fleet's devices with the things, policies and certificates that CloudFormation owns for them now.
 *
 * Only CloudFormation knows them. A certificate gets another id whenever its device's request changes, it has no tags, and it looks like any
 * other that is attached to the thing. The stack does not own a resource that it has deleted, even if one of the same name exists again.
 *
 * @throws Error when the stack cannot be listed: nothing is guessed
 */
export async function ownedDevices(
  cloudFormation: CloudFormationClient,
  { FleetStack, CertificateArnPrefix, Devices }: FleetProperties,
  timing: Timing,
): Promise<OwnedDevice[]> {
  const name = `listing what the stack ${FleetStack} owns`;
  let found: ReadonlyMap<string, string> | undefined;
  const list = async () => {
    found = await physicalIds(cloudFormation, FleetStack, timing.signal);
  };
  await carryOut([{ name, run: () => tryOnce(name, list) }], timing);
  if (!found) throw new Error(`The stack ${FleetStack} is not there.`);
  const owned = found;
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
