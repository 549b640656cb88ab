import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { IoT } from '@aws-sdk/client-iot';
import { IoTDataPlane } from '@aws-sdk/client-iot-data-plane';
import type { IdentityPolicy } from '../../lib/iot-core-local/iam/identity-policy';
import type { FleetProperties } from '../../lib/stacks/sweep/fleet-resources';
import { type Account, configOf } from './clients';
import type { DemoStacks } from './demo-stacks';

/** AWS's clients with the rights that the teardown's function has, and no others. */
export interface SweepSession {
  readonly iot: IoT;
  readonly iotData: IoTDataPlane;
  readonly cloudFormation: CloudFormation;
  /** The policies of its role. */
  readonly policies: readonly IdentityPolicy[];
  /** The properties of the custom resource. */
  readonly properties: FleetProperties;
  close(): void;
}

type Resources = Readonly<Record<string, { readonly Type: string }>>;

/** The part of a teardown template that gives the role its rights. */
function rightsIn(teardownTemplate: object): object {
  const { Resources, ...others } = teardownTemplate as { Resources: Resources };
  const isWanted = ([, { Type }]: [string, { readonly Type: string }]) => /^AWS::(IAM|Logs)::/.test(Type);
  return { ...others, Resources: Object.fromEntries(Object.entries(Resources).filter(isWanted)) };
}

/**
 * A session of the sweep's role, after the fleet's stack was deployed. The sweep's function is not deployed, only its rights.
 *
 * @param account - an account whose user is an administrator
 */
export async function openSweepSession(account: Account, stacks: DemoStacks): Promise<SweepSession> {
  const { iotCore } = account.fixture;
  await iotCore.deploy(rightsIn(stacks.teardownTemplate), 'SweepRights');
  const { StackResources = [] } = await account.cloudFormation.describeStackResources({
    StackName: stacks.fleetStackName,
  });
  const found = StackResources.find(({ ResourceType }) => ResourceType === 'AWS::IAM::Role');
  const role = iotCore.iam.roles.getRole(found!.PhysicalResourceId!);
  const config = {
    ...configOf(account.fixture),
    credentials: iotCore.iam.assumeRole(role.arn, 'sweep'),
    maxAttempts: 1,
  };
  const clients = [new IoT(config), new IoTDataPlane(config), new CloudFormation(config)] as const;
  const [iot, iotData, cloudFormation] = clients;
  return {
    iot,
    iotData,
    cloudFormation,
    policies: iotCore.iam.roles.policiesOf(role),
    properties: { ...stacks.properties, FleetStack: found!.StackId! },
    close() {
      for (const client of clients) client.destroy();
    },
  };
}
