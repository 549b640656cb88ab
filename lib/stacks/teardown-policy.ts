import { type IRole, ManagedPolicy, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Fn } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Device } from '../fleet/fleet';
import type { FleetPart } from '../fleet/fleet-parts';

export interface TeardownPolicyProps {
  readonly fleet: FleetPart;

  /** The role of the sweep. */
  readonly role: IRole;

  /** The log of the sweep. */
  readonly logGroup: ILogGroup;
}

/**
 * The rights of the sweep that need names only: each action on exactly the fleet's things, policies, clients and topic, as far as AWS lets
 * that action be limited.
 *
 * It is one inline policy if the devices fit into it, and otherwise as many managed policies as they need. So a large fleet's rights are as
 * narrow as a small one's.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiot.html
 */
export function teardownPolicies(scope: Construct, props: TeardownPolicyProps): (Policy | ManagedPolicy)[] {
  const roles = [props.role];
  const common = onAll(props);
  const [first, ...others] = pagesOf(props.fleet.devices).map(onDevices);
  const statements = [...first, ...common];
  if (others.length === 0) return [new Policy(scope, 'Policy', { roles, statements })];
  return [statements, ...others].map(
    (statements, index) => new ManagedPolicy(scope, `Policy${index + 1}`, { roles, statements }),
  );
}

function onDevices(devices: readonly Device[]): PolicyStatement[] {
  const thingNames = devices.map(({ thingName }) => thingName);
  const clientIds = devices.map(({ clientId }) => clientId);
  return [
    allow(['iot:DescribeThing', 'iot:ListThingPrincipals', 'iot:UpdateThing'], iotArns('thing', thingNames)),
    // It is authorized on the principal, which is a stranger's: any certificate, or a Cognito identity, whose id no ARN matches. AWS has
    // iot:thingArn for this action, and does not say that every request has it.
    new PolicyStatement({
      actions: ['iot:DetachThingPrincipal'],
      resources: ['*'],
      conditions: { ArnEqualsIfExists: { 'iot:thingArn': iotArns('thing', thingNames) } },
    }),
    allow('iot:ListTargetsForPolicy', iotArns('policy', thingNames)),
    allow('iot:DeleteConnection', iotArns('client', clientIds)),
  ];
}

function onAll({ fleet, logGroup }: TeardownPolicyProps): PolicyStatement[] {
  return [
    // AWS IoT has no resource type for this action. It only reads.
    allow('iot:ListAttachedPolicies', ['*']),
    // It is authorized on the target, which is a stranger's: any certificate, any thing group, or a Cognito identity, whose id no ARN matches.
    allow('iot:DetachPolicy', ['*']),
    allow(['iot:GetRetainedMessage', 'iot:Publish', 'iot:RetainPublish'], iotArns('topic', [fleet.topic])),
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]),
  ];
}

/**
 * The characters of a policy that its devices may take. A managed policy has 6,144, and the inline policies of a role have 10,240 together
 * with its certificates. The rest is for the other statements, with the longest topic.
 */
const room = 4_700;

/** The length of the longest ARN of a thing, policy or client without its name, with the quotes and the comma around it. */
const aroundName = '"arn:aws-us-gov:iot:ap-southeast-1:123456789012:client/",'.length;

function pagesOf(devices: readonly Device[]): Device[][] {
  const pages: Device[][] = [];
  let left = 0;
  for (const device of devices) {
    const needed = 4 * aroundName + 3 * device.thingName.length + device.clientId.length;
    if (needed > left) {
      pages.push([]);
      left = room;
    }
    pages.at(-1)!.push(device);
    left -= needed;
  }
  return pages;
}

/**
 * The ARNs of resources of AWS IoT. Fn::Sub takes a quarter of the characters of what Stack.formatArn renders, and most of the template is
 * ARNs. The names in a fleet contain no `${`.
 */
function iotArns(resource: string, names: readonly string[]): string[] {
  const account = `arn:\${AWS::Partition}:iot:\${AWS::Region}:\${AWS::AccountId}`;
  return names.map((name) => Fn.sub(`${account}:${resource}/${name}`));
}

function allow(actions: string | string[], resources: string[]): PolicyStatement {
  return new PolicyStatement({ actions: [actions].flat(), resources });
}
