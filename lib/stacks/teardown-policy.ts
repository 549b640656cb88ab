import { type IRole, ManagedPolicy, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Device } from '../fleet/fleet';
import type { FleetPart } from '../fleet/fleet-parts';

export interface TeardownPolicyProps {
  readonly fleet: FleetPart;

  /** Who is to sweep. */
  readonly role: IRole;

  /** Where the sweep's log goes. */
  readonly logGroup: ILogGroup;
}

/**
 * What the sweep may do besides deactivating certificates: each action on exactly the fleet's things, policies, clients and topic, as far
 * as AWS lets that action be limited.
 *
 * It is a policy of the role's own while the devices fit in, and then as many managed ones as they need: a large fleet's rights are as
 * narrow as a small one's.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiot.html
 */
export function teardownPolicies(scope: Construct, props: TeardownPolicyProps): (Policy | ManagedPolicy)[] {
  const roles = [props.role];
  const common = onAll(props, Stack.of(scope));
  const [first, ...others] = pagesOf(props.fleet.devices).map((devices) => onDevices(devices, Stack.of(scope)));
  const statements = [...first, ...common];
  if (others.length === 0) return [new Policy(scope, 'Policy', { roles, statements })];
  return [statements, ...others].map(
    (statements, index) => new ManagedPolicy(scope, `Policy${index + 1}`, { roles, statements }),
  );
}

function onDevices(devices: readonly Device[], stack: Stack): PolicyStatement[] {
  const thingNames = devices.map(({ thingName }) => thingName);
  const clientIds = devices.map(({ clientId }) => clientId);
  return [
    allow('iot:ListThingPrincipals', iotArns(stack, 'thing', thingNames)),
    allow('iot:ListTargetsForPolicy', iotArns(stack, 'policy', thingNames)),
    allow('iot:DeleteConnection', iotArns(stack, 'client', clientIds)),
  ];
}

function onAll({ fleet, logGroup }: TeardownPolicyProps, stack: Stack): PolicyStatement[] {
  return [
    // AWS IoT knows no type of resource for this action. It only reads.
    allow('iot:ListAttachedPolicies', ['*']),
    // Detaching is authorized on what the fleet's policy or thing is detached from, and that is a stranger's: it can be any.
    allow('iot:DetachPolicy', [...iotArns(stack, 'cert', ['*']), ...iotArns(stack, 'thinggroup', ['*'])]),
    allow('iot:DetachThingPrincipal', iotArns(stack, 'cert', ['*'])),
    allow(['iot:GetRetainedMessage', 'iot:Publish', 'iot:RetainPublish'], iotArns(stack, 'topic', [fleet.topic])),
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]),
  ];
}

/**
 * The characters of a policy that devices may take: of the 6,144 that a managed one has, and of the 10,240 of a role's inline ones beside its
 * certificates, what the rest leaves when the topic is as long as it can be.
 */
const room = 4_800;

/** A thing, policy or client's ARN but for its name, in the partition and Region that are the longest; and the quotes and comma around it. */
const aroundName = '"arn:aws-us-gov:iot:ap-southeast-1:123456789012:client/",'.length;

function pagesOf(devices: readonly Device[]): Device[][] {
  const pages: Device[][] = [];
  let left = 0;
  for (const device of devices) {
    const needed = 3 * aroundName + 2 * device.thingName.length + device.clientId.length;
    if (needed > left) {
      pages.push([]);
      left = room;
    }
    pages.at(-1)!.push(device);
    left -= needed;
  }
  return pages;
}

function iotArns(stack: Stack, resource: string, names: string[]): string[] {
  return names.map((resourceName) => stack.formatArn({ service: 'iot', resource, resourceName }));
}

function allow(actions: string | string[], resources: string[]): PolicyStatement {
  return new PolicyStatement({ actions: [actions].flat(), resources });
}
