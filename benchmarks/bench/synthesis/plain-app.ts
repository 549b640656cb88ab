import { readFileSync } from 'node:fs';
import { CfnRole, type IRole, ManagedPolicy, Policy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import {
  CfnCertificate,
  CfnPolicy,
  CfnPolicyPrincipalAttachment,
  CfnThing,
  CfnThingPrincipalAttachment,
} from 'aws-cdk-lib/aws-iot';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { type ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  App,
  type CfnElement,
  CfnOutput,
  CfnParameter,
  CustomResource,
  DefaultStackSynthesizer,
  Duration,
  Fn,
  LegacyStackSynthesizer,
  RemovalPolicy,
  Stack,
} from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

/** The plain app's stacks, written out: it computes none of it. */
export interface PlainApp {
  readonly topic: string;
  /** The file with the bundled code of the sweep. */
  readonly codeFile: string;
  readonly checkoutId: string;
  readonly stacks: readonly {
    readonly fleetId: string;
    readonly teardownId: string;
    readonly devices: readonly PlainDevice[];
  }[];
}

/** A device as the plain app has it. */
export interface PlainDevice {
  readonly thingName: string;
  readonly clientId: string;
  readonly csrFile: string;
  /** The topic filter of a subscriber; a car has none. */
  readonly topicFilter?: string;
}

/**
 * Adds the stacks of the project's app, written with aws-cdk-lib and none of the project's code. It checks nothing and computes nothing, so
 * the project's synthesis is measured against it. A test holds the templates of both apps equal.
 */
export function addPlainStacks(app: App, { topic, codeFile, checkoutId, stacks }: PlainApp): void {
  for (const { fleetId, teardownId, devices } of stacks) {
    const fleet = new Stack(app, fleetId, {
      description: 'AWS IoT Core shared subscriptions: the things, certificates and policies of the fleet',
      synthesizer: synthesizer(devices),
    });
    const checkout = addCheckout(fleet, checkoutId);
    new CfnOutput(fleet, 'Fleet.Topic', { value: topic, description: 'The topic that the cars publish to' });
    for (const device of devices) addDevice(fleet, device, { topic, checkout });
    addTeardown(app, teardownId, fleet, devices, { topic, codeFile, checkoutId });
  }
}

/** @returns the parameter's value, as a reference */
function addCheckout(stack: Stack, checkoutId: string): string {
  const description = 'The checkout that holds the keys of the fleet';
  const parameter = new CfnParameter(stack, 'Fleet.Checkout', {
    description,
    type: 'String',
    default: checkoutId,
    allowedValues: [checkoutId],
    constraintDescription: checkoutConstraint,
  });
  new CfnOutput(stack, 'Fleet.CheckoutId', { value: parameter.valueAsString, description });
  return parameter.valueAsString;
}

function synthesizer(devices: readonly PlainDevice[]) {
  return devices.length > 25
    ? new DefaultStackSynthesizer({ generateBootstrapVersionRule: false })
    : new LegacyStackSynthesizer();
}

const checkoutConstraint =
  'this stack was deployed from another checkout, which holds the keys of its devices. Deploy from there, or copy its folder devices/aws to this checkout. To take the fleet over, with new keys and certificates for all devices: npx cdk deploy --all --no-previous-parameters';

function addDevice(
  stack: Stack,
  { thingName, clientId, csrFile, topicFilter }: PlainDevice,
  { topic, checkout }: { readonly topic: string; readonly checkout: string },
): void {
  const arn = (resource: string, resourceName: string) => stack.formatArn({ service: 'iot', resource, resourceName });
  const scope = new Construct(stack, thingName);
  const attributePayload = { attributes: { sharedSubscriptionsCheckout: checkout } };
  const thing = new CfnThing(scope, 'Thing', { thingName, attributePayload });
  const statements =
    topicFilter === undefined
      ? [allow('iot:Publish', arn('topic', topic))]
      : [
          allow('iot:Subscribe', arn('topicfilter', topicFilter)),
          allow('iot:Receive', ...new Set([arn('topic', topic), arn('topic', topicFilter)])),
        ];
  const policy = new CfnPolicy(scope, 'Policy', {
    policyName: thingName,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [allow('iot:Connect', arn('client', clientId)), ...statements],
    },
  });
  const certificate = new CfnCertificate(scope, 'Certificate', {
    certificateSigningRequest: readFileSync(csrFile, 'utf8'),
    status: 'ACTIVE',
  });
  certificate.addResourceDependency(thing);
  certificate.addResourceDependency(policy);
  new CfnPolicyPrincipalAttachment(scope, 'PolicyAttachment', {
    policyName: policy.ref,
    principal: certificate.attrArn,
  });
  new CfnThingPrincipalAttachment(scope, 'ThingAttachment', { thingName: thing.ref, principal: certificate.attrArn });
  const description = `The certificate of ${thingName}`;
  new CfnOutput(scope, 'CertificateId', { value: certificate.ref, description });
}

const allow = (Action: string, ...Resource: string[]) => ({ Effect: 'Allow', Action, Resource });

function addTeardown(
  app: App,
  id: string,
  fleet: Stack,
  devices: readonly PlainDevice[],
  { topic, codeFile, checkoutId }: Omit<PlainApp, 'stacks'>,
): void {
  const child = ({ thingName }: PlainDevice, name: string) =>
    fleet.node.findChild(thingName).node.findChild(name) as CfnElement;
  const stack = new Stack(app, id, {
    description: 'AWS IoT Core shared subscriptions: makes the fleet deletable when it is to be deleted',
    synthesizer: synthesizer(devices),
  });
  addCheckout(stack, checkoutId);
  stack.addStackDependency(fleet);
  const logGroup = new LogGroup(stack, 'Logs', {
    retention: RetentionDays.ONE_WEEK,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const sorted = [...devices].sort((one, other) => (one.thingName < other.thingName ? -1 : 1));
  const certificates = sorted.map((device) => (child(device, 'Certificate') as CfnCertificate).attrArn);
  const owner = new CfnRole(new Construct(fleet, 'Teardown.Role'), 'Resource', {
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
            allow('cloudformation:ListStackResources', fleet.stackId),
            {
              Effect: 'Allow',
              Action: [
                'iot:DescribeCertificate',
                'iot:DetachThingPrincipal',
                'iot:ListPrincipalThings',
                'iot:UpdateCertificate',
              ],
              Resource: certificates,
            },
          ],
        },
      },
    ],
  });
  const role = Role.fromRoleName(stack, 'Role', fleet.exportValue(owner.ref));
  const policies = addPolicies(stack, role, logGroup, devices, topic);
  const sweeper = new LambdaFunction(stack, 'Sweeper', {
    description: 'Sweeps the shared-subscriptions fleet before it is deleted',
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline(readFileSync(codeFile, 'utf8')),
    timeout: Duration.minutes(10),
    memorySize: 256,
    role,
    logGroup,
  });
  const sweep = new CustomResource(stack, 'Sweep', {
    resourceType: 'Custom::FleetSweep',
    serviceToken: sweeper.functionArn,
    serviceTimeout: Duration.minutes(15),
    properties: {
      FleetStack: fleet.exportValue(fleet.stackId),
      CertificateArnPrefix: stack.formatArn({ service: 'iot', resource: 'cert', resourceName: '' }),
      Topic: topic,
      Devices: devices.map((device) => ({
        ClientId: device.clientId,
        Thing: fleet.getLogicalId(child(device, 'Thing')),
        Policy: fleet.getLogicalId(child(device, 'Policy')),
        Certificate: fleet.getLogicalId(child(device, 'Certificate')),
      })),
    },
  });
  sweep.node.addDependency(...policies);
}

/** The number of the benchmark's devices that fit into a policy. */
const perPolicy = 18;

function addPolicies(
  stack: Stack,
  role: IRole,
  logGroup: ILogGroup,
  devices: readonly PlainDevice[],
  topic: string,
): Construct[] {
  const arns = (resource: string, names: string[]) =>
    names.map((name) => Fn.sub(`arn:\${AWS::Partition}:iot:\${AWS::Region}:\${AWS::AccountId}:${resource}/${name}`));
  const statement = (actions: string[], resources: string[]) => new PolicyStatement({ actions, resources });
  const pages: PolicyStatement[][] = [];
  for (let from = 0; from < devices.length; from += perPolicy) {
    const page = devices.slice(from, from + perPolicy);
    const thingNames = page.map(({ thingName }) => thingName);
    const clientIds = page.map(({ clientId }) => clientId);
    pages.push([
      statement(['iot:DescribeThing', 'iot:ListThingPrincipals', 'iot:UpdateThing'], arns('thing', thingNames)),
      new PolicyStatement({
        actions: ['iot:DetachThingPrincipal'],
        resources: ['*'],
        conditions: { ArnEqualsIfExists: { 'iot:thingArn': arns('thing', thingNames) } },
      }),
      statement(['iot:ListTargetsForPolicy'], arns('policy', thingNames)),
      statement(['iot:DeleteConnection'], arns('client', clientIds)),
    ]);
  }
  pages[0].push(
    statement(['iot:ListAttachedPolicies'], ['*']),
    statement(['iot:DetachPolicy'], ['*']),
    statement(['iot:GetRetainedMessage', 'iot:Publish', 'iot:RetainPublish'], arns('topic', [topic])),
    statement(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]),
  );
  if (pages.length === 1) return [new Policy(stack, 'Policy', { roles: [role], statements: pages[0] })];
  return pages.map(
    (statements, index) => new ManagedPolicy(stack, `Policy${index + 1}`, { roles: [role], statements }),
  );
}

if (require.main === module) {
  const app = new App({ autoSynth: false });
  addPlainStacks(app, JSON.parse(readFileSync(process.argv[2], 'utf8')));
  app.synth();
}
