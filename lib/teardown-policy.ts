import { type IRole, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Fleet } from './fleet';

export interface TeardownPolicyProps {
  readonly fleet: Fleet;

  /** Who is to sweep. */
  readonly role: IRole;

  /** Where the sweep's log goes. */
  readonly logGroup: ILogGroup;
}

/**
 * What the sweep may do besides deactivating certificates: each action on exactly the fleet's things, policies, clients and topic, as far
 * as AWS lets that action be limited.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiot.html
 */
export class TeardownPolicy extends Policy {
  constructor(scope: Construct, id: string, { fleet, role, logGroup }: TeardownPolicyProps) {
    const iotArns = (resource: string, names: string[]) =>
      names.map((resourceName) => Stack.of(scope).formatArn({ service: 'iot', resource, resourceName }));
    const thingNames = fleet.members.map(({ thingName }) => thingName);
    const clientIds = fleet.members.map(({ clientId }) => clientId);

    super(scope, id, {
      roles: [role],
      statements: [
        allow('iot:ListThingPrincipals', iotArns('thing', thingNames)),
        allow('iot:ListTargetsForPolicy', iotArns('policy', thingNames)),
        // AWS IoT knows no type of resource for this action. It only reads.
        allow('iot:ListAttachedPolicies', ['*']),
        // Detaching is authorized on what the fleet's policy or thing is detached from, and that is a stranger's: it can be any.
        allow('iot:DetachPolicy', [...iotArns('cert', ['*']), ...iotArns('thinggroup', ['*'])]),
        allow('iot:DetachThingPrincipal', iotArns('cert', ['*'])),
        allow('iot:DeleteConnection', iotArns('client', clientIds)),
        allow(['iot:GetRetainedMessage', 'iot:Publish', 'iot:RetainPublish'], iotArns('topic', [fleet.topic])),
        allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]),
      ],
    });
  }
}

function allow(actions: string | string[], resources: string[]): PolicyStatement {
  return new PolicyStatement({ actions: [actions].flat(), resources });
}
