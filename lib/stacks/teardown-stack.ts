import { join } from 'node:path';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { type CfnResource, CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { buildSync } from 'esbuild';
import { projectRoot } from '../fleet/project';
import { addCheckoutFence } from './checkout-fence';
import type { FleetStack } from './fleet-stack';
import type { RegisteredDevice } from './registered-device';
import { SizedSynthesizer } from './sized-synthesizer';
import type { DeviceProperties, FleetProperties } from './sweep/fleet-resources';
import { teardownPolicies } from './teardown-policy';

export interface TeardownStackProps {
  /** Whose devices it sweeps. */
  readonly fleetStack: FleetStack;

  /** The checkout that holds the devices' keys. */
  readonly checkoutId: string;
}

/**
 * A stack that does nothing until it is deleted. Its deletion sweeps the fleet, before the fleet's stack is deleted. Its creation arms the
 * fleet, in case an earlier sweep left it disarmed.
 *
 * Where a fleet has several stacks, each has a teardown stack of its own, so that each can be destroyed without the others. One for thousands
 * of devices would exceed a template's megabyte and a function's time. Without wildcards, it would also exceed a role's policies.
 *
 * No certificate is in this template, neither by reference nor by id, because a device's certificate is replaced when its request changes.
 * A reference would be an export, which CloudFormation does not change while it is imported. An id would be out of date as soon as the fleet
 * is deployed alone. So the sweep asks CloudFormation what the fleet's stack owns at that moment, and has a role of that stack, which the
 * fleet's deployments keep exact.
 */
export class TeardownStack extends Stack {
  constructor(scope: Construct, id: string, { fleetStack, checkoutId }: TeardownStackProps) {
    super(scope, id, {
      description: 'AWS IoT Core shared subscriptions: makes the fleet deletable when it is to be deleted',
      synthesizer: new SizedSynthesizer(),
    });
    const { fleet } = fleetStack;
    addCheckoutFence(this, checkoutId);
    // A stack that depends on another is deleted before it.
    this.addStackDependency(fleetStack);

    const logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.ONE_WEEK,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = Role.fromRoleName(this, 'Role', fleetStack.teardownRoleName);
    const policies = teardownPolicies(this, { fleet, role, logGroup });

    // Twice the five minutes that AWS IoT may take over detaching a policy:
    // https://docs.aws.amazon.com/iot/latest/apireference/API_DeletePolicy.html
    const timeout = Duration.minutes(10);
    const sweeper = new LambdaFunction(this, 'Sweeper', {
      description: 'Sweeps the shared-subscriptions fleet before it is deleted',
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline(handlerCode()),
      timeout,
      // Node.js with the SDK's three clients takes about 70 MB, and thousands of attachments are listed at once. The default is 128.
      memorySize: 256,
      role,
      logGroup,
    });

    const properties: FleetProperties = {
      // Its id, because AWS does not say whether a role's rights on that id are enough where a request has the name.
      FleetStack: fleetStack.importedStackId,
      CertificateArnPrefix: this.formatArn({ service: 'iot', resource: 'cert', resourceName: '' }),
      Topic: fleet.topic,
      Devices: fleetStack.registeredDevices.map(propertiesOf),
    };
    const sweep = new CustomResource(this, 'Sweep', {
      resourceType: 'Custom::FleetSweep',
      serviceToken: sweeper.functionArn,
      // A function that cannot even start never answers, and CloudFormation would wait for an hour.
      serviceTimeout: timeout.plus(Duration.minutes(5)),
      properties: { ...properties },
    });
    // It is deleted while the function still has its rights.
    sweep.node.addDependency(...policies);
  }
}

let bundled: string | undefined;

/** The handler's code. It is the same in every stack, so it is bundled once. */
function handlerCode(): string {
  bundled ??= bundle(join(projectRoot, 'lib', 'stacks', 'sweep', 'handler.ts'));
  return bundled;
}

function propertiesOf({ device, thing, policy, certificate }: RegisteredDevice): DeviceProperties {
  const logicalId = (resource: CfnResource) => Stack.of(resource).getLogicalId(resource);
  return {
    ClientId: device.clientId,
    Thing: logicalId(thing),
    Policy: logicalId(policy),
    Certificate: logicalId(certificate),
  };
}

/** A TypeScript file with all that it imports but the AWS SDK, which the Lambda runtime has. Left readable: the Lambda console shows it. */
function bundle(entryPoint: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [entryPoint],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    external: ['@aws-sdk/*'],
  });
  return outputFiles[0].text;
}
