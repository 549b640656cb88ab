import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

export interface TeardownRoleProps {
  /** The ARNs of the stack's certificates, as references. */
  readonly certificateArns: readonly string[];
}

/**
 * The role of the sweep, which may read and deactivate the certificates of its stack, detach things from them, and touch no others.
 *
 * It belongs to the fleet's stack, because there the certificates are named by reference, even after one was replaced. Its other rights
 * need names only, and are in the teardown stack's policies.
 *
 * It is a CfnRole, because `npm start` synthesizes it: a Role would add a tenth of a second to each start.
 */
export class TeardownRole extends Construct {
  readonly roleName: string;

  constructor(scope: Construct, id: string, { certificateArns }: TeardownRoleProps) {
    super(scope, id);
    const role = new CfnRole(this, 'Resource', {
      description: 'Sweeps the shared-subscriptions fleet before it is deleted',
      assumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
      },
      policies: [
        {
          policyName: 'Fleet',
          policyDocument: {
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Action: 'cloudformation:ListStackResources', Resource: [Stack.of(scope).stackId] },
              {
                Effect: 'Allow',
                Action: [
                  'iot:DescribeCertificate',
                  'iot:DetachThingPrincipal',
                  'iot:ListPrincipalThings',
                  'iot:UpdateCertificate',
                ],
                Resource: certificateArns,
              },
            ],
          },
        },
      ],
    });
    this.roleName = role.ref;
  }
}
