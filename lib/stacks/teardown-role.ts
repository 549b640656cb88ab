import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnCertificate } from 'aws-cdk-lib/aws-iot';
import type { Stack } from 'aws-cdk-lib/core';

/**
 * Who the sweep is: a role that may deactivate exactly the certificates that the fleet's stack has.
 *
 * It belongs to that stack, since there the certificates are named by reference, whenever one was replaced. What else it may do needs no
 * more than names, and is in the teardown stack's policies.
 */
export class TeardownRole extends Role {
  constructor(fleetStack: Stack) {
    const certificates = fleetStack.node.findAll().filter((construct) => construct instanceof CfnCertificate);
    // No thing name has a dot, so no device can have this id.
    super(fleetStack, 'Teardown.Role', {
      description: 'Sweeps the shared-subscriptions fleet before it is deleted',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        Fleet: new PolicyDocument({
          statements: [
            new PolicyStatement({
              actions: ['cloudformation:ListStackResources'],
              resources: [fleetStack.stackId],
            }),
            new PolicyStatement({
              actions: ['iot:ListPrincipalThings', 'iot:UpdateCertificate'],
              resources: certificates.map(({ attrArn }) => attrArn),
            }),
          ],
        }),
      },
    });
  }
}
