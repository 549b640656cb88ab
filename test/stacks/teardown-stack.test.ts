import { Template } from 'aws-cdk-lib/assertions';
import { type App, type Stack, Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Fleet } from '../../lib/fleet/fleet';
import { addStacks } from '../../lib/stacks/fleet-stacks';
import { fleetWith } from '../support/demo-fleet';
import { newApp } from '../support/new-app';
import { checkoutId, requestsOf } from '../support/synthesized-app';

/** In bytes, with the line breaks and indentation of what CDK sends. */
function indentedSize(stack: Stack): number {
  return Buffer.byteLength(JSON.stringify(Template.fromStack(stack).toJSON(), undefined, 1));
}

function stacksOf(fleet: Fleet): { app: App; fleetStack: Stack; teardownStack: Stack } {
  const app = newApp();
  const { fleetStacks, teardownStacks } = addStacks(app, { parts: [fleet], csrs: requestsOf(fleet), checkoutId });
  return { app, fleetStack: fleetStacks[0], teardownStack: teardownStacks[0] };
}

const fleet = fleetWith();
const { app, fleetStack, teardownStack } = stacksOf(fleet);
const template = Template.fromStack(teardownStack);
const fleetTemplate = Template.fromStack(fleetStack);

type IamPolicyDocument = { Statement: Record<string, unknown>[] };

/** The one resource of a type, with its logical id. */
function only(
  type: string,
  from = template,
): [string, Record<string, never> & { Properties: Record<string, unknown> }] {
  const found = Object.entries(from.findResources(type));
  expect(found).toHaveLength(1);
  return found[0] as ReturnType<typeof only>;
}

/** `arn:…:iot:…:client/car1` as `client/car1`, `{ Fn::GetAtt: [id, Arn] }` as `id`. */
function named(resource: unknown): string {
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join, 'Fn::Sub': sub } = resource as Record<string, string[]>;
  if (sub) return String(sub).replace(/.*AccountId\}:/, '');
  if (join) return String((join[1] as unknown as unknown[]).at(-1)).replace(/^:/, '');
  return String(Ref ?? attribute?.[0] ?? resource);
}

describe('the teardown stack', () => {
  test('The teardown stack depends on the fleet’s, and so is deleted before it', () => {
    expect(teardownStack.dependencies.map(({ stackName }) => stackName)).toEqual(['SharedSubscriptionsFleet']);
  });

  test('The teardown stack imports the role’s name and the stack’s id alone, which never change, and no certificate', () => {
    const imports = JSON.stringify(template.toJSON()).match(/"Fn::ImportValue":"[^"]*"/g);
    const exported = ['TeardownRole55A7A4D8FB5FB4FF', 'AWSStackIdB2DD5BAA'];
    expect(new Set(imports)).toEqual(
      new Set(exported.map((name) => `"Fn::ImportValue":"SharedSubscriptionsFleet:ExportsOutputRef${name}"`)),
    );
  });

  test('The teardown’s template has no parameter but the checkout’s, no conditions and no rules, so that it deploys into an account that was never bootstrapped', () => {
    expect(Object.keys(template.toJSON()).sort()).toEqual(['Description', 'Outputs', 'Parameters', 'Resources']);
  });

  test('The teardown’s template is the reviewed one, except for its code', () => {
    const copy = structuredClone(template.toJSON());
    copy.Resources[only('AWS::Lambda::Function')[0]].Properties.Code.ZipFile = 'lib/stacks/sweep/handler.ts, bundled';
    expect(copy).toMatchSnapshot();
  });

  test('The teardown’s template of fifteen devices is far below the 50 KiB that deploy without a bucket', () => {
    const large = stacksOf(fleetWith({ cars: Array.from({ length: 12 }, (_, i) => `car${i + 1}`) }));
    expect(indentedSize(large.teardownStack)).toBeLessThan(51_200 * 0.8);
  });

  test("The role takes less than 150 bytes per device of the fleet template's 50 KiB", () => {
    const [, role] = only('AWS::IAM::Role', fleetTemplate);
    // Indented as in the template, with the role's name as an export.
    const size = Buffer.byteLength(JSON.stringify({ Resources: { role } }, undefined, 1)) + 250;
    expect(size).toBeLessThan(1_500 + 150 * fleet.devices.length);
  });
});

describe('the custom resource', () => {
  const [, { Properties }] = only('Custom::FleetSweep');

  test("The custom resource names the fleet's topic and client ids", () => {
    expect(Properties).toMatchObject({ Topic: 'cars/data' });
    const devices = Properties.Devices as Record<string, string>[];
    expect(devices.map(({ ClientId }) => ClientId)).toEqual(fleet.devices.map(({ clientId }) => clientId));
  });

  test("The custom resource names each device's resources by their logical ids", () => {
    for (const { Thing, Policy, Certificate, ClientId } of Properties.Devices as Record<string, string>[]) {
      const device = fleet.devices.find(({ clientId }) => clientId === ClientId);
      const { Resources } = fleetTemplate.toJSON();
      expect(Resources[Thing!]).toMatchObject({
        Type: 'AWS::IoT::Thing',
        Properties: { ThingName: device?.thingName },
      });
      expect(Resources[Policy!]).toMatchObject({
        Type: 'AWS::IoT::Policy',
        Properties: { PolicyName: device?.thingName },
      });
      const csr = { CertificateSigningRequest: expect.stringContaining(`of ${device?.thingName}.`) };
      expect(Resources[Certificate!]).toMatchObject({ Type: 'AWS::IoT::Certificate', Properties: csr });
    }
  });

  test('CloudFormation gives up the custom resource after the function’s time, and long before an hour', () => {
    const functionTimeout = only('AWS::Lambda::Function')[1].Properties.Timeout as number;
    expect(Number(Properties.ServiceTimeout)).toBeGreaterThan(functionTimeout);
    expect(Number(Properties.ServiceTimeout)).toBeLessThanOrEqual(1_800);
  });
});

describe('the function', () => {
  const [, { Properties }] = only('AWS::Lambda::Function');
  const code = (Properties.Code as { ZipFile: string }).ZipFile;

  test('The function runs on Node.js 24, for longer than the five minutes of a detachment', () => {
    expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Handler: 'index.handler', Timeout: 600 });
    // The default, 128 MB, leaves little beside the SDK's clients.
    expect(Properties.MemorySize).toBe(256);
  });

  test("The function requires only Node's own modules and the SDK's clients", () => {
    const required = [...code.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name);
    expect([...new Set(required)].sort()).toEqual([
      '@aws-sdk/client-cloudformation',
      '@aws-sdk/client-iot',
      '@aws-sdk/client-iot-data-plane',
      'node:timers/promises',
    ]);
  });

  test('The function exports its handler', () => {
    const module = { exports: {} as { handler?: unknown } };
    new Function('module', 'require', code)(module, require);
    expect(module.exports.handler).toBeInstanceOf(Function);
  });

  test('The function’s log keeps a week and is deleted with the stack', () => {
    const [id, logGroup] = only('AWS::Logs::LogGroup');
    expect(logGroup).toMatchObject({ Properties: { RetentionInDays: 7 }, DeletionPolicy: 'Delete' });
    expect(Properties.LoggingConfig).toEqual({ LogGroup: { Ref: id } });
  });
});

describe('the role', () => {
  const [, { Properties }] = only('AWS::IAM::Role', fleetTemplate);
  const [inFleet] = Properties.Policies as { PolicyDocument: IamPolicyDocument }[];
  const [policyId, { Properties: inTeardown }] = only('AWS::IAM::Policy');

  test('The role is the reviewed one', () => {
    expect(Properties).toMatchSnapshot();
  });

  test('The role may do each action on these resources and on no others', () => {
    const rights: Record<string, string[]> = {};
    const documents = [inFleet!.PolicyDocument, inTeardown.PolicyDocument as IamPolicyDocument];
    const conditions: unknown[] = [];
    for (const { Effect, Action, Resource, Condition, ...rest } of documents.flatMap(({ Statement }) => Statement)) {
      expect([Effect, rest]).toEqual(['Allow', {}]);
      if (Condition) conditions.push([Action, Condition]);
      for (const action of [Action].flat()) {
        rights[action as string] = [...(rights[action as string] ?? []), ...[Resource].flat().map(named)].sort();
      }
    }
    const certificates = Object.keys(fleetTemplate.findResources('AWS::IoT::Certificate')).sort();
    expect(certificates).toHaveLength(5);
    const each = (kind: string, names: string[]) => names.map((name) => `${kind}/${name}`).sort();
    const thingNames = fleet.devices.map(({ thingName }) => thingName);
    expect(rights).toEqual({
      'cloudformation:ListStackResources': ['AWS::StackId'],
      'iot:DescribeThing': each('thing', thingNames),
      'iot:UpdateThing': each('thing', thingNames),
      'iot:ListThingPrincipals': each('thing', thingNames),
      'iot:ListTargetsForPolicy': each('policy', thingNames),
      'iot:ListPrincipalThings': certificates,
      'iot:DescribeCertificate': certificates,
      'iot:UpdateCertificate': certificates,
      'iot:ListAttachedPolicies': ['*'],
      'iot:DetachPolicy': ['*'],
      'iot:DetachThingPrincipal': ['*', ...certificates],
      'iot:DeleteConnection': each(
        'client',
        fleet.devices.map(({ clientId }) => clientId),
      ),
      'iot:GetRetainedMessage': ['topic/cars/data'],
      'iot:Publish': ['topic/cars/data'],
      'iot:RetainPublish': ['topic/cars/data'],
      'logs:CreateLogStream': [only('AWS::Logs::LogGroup')[0]],
      'logs:PutLogEvents': [only('AWS::Logs::LogGroup')[0]],
    });
    expect(conditions).toHaveLength(1);
    const [[action, { ArnEqualsIfExists }]] = conditions as [
      string,
      { ArnEqualsIfExists: Record<string, unknown[]> },
    ][];
    expect(action).toBe('iot:DetachThingPrincipal');
    expect(Object.keys(ArnEqualsIfExists)).toEqual(['iot:thingArn']);
    expect(ArnEqualsIfExists['iot:thingArn'].map(named).sort()).toEqual(each('thing', thingNames));
  });

  test('The role keeps its rights until the sweep is done', () => {
    expect(only('Custom::FleetSweep')[1]).toMatchObject({ DependsOn: expect.arrayContaining([policyId]) });
  });

  test('The role has no managed policy, and only Lambda may assume it', () => {
    expect(Properties.ManagedPolicyArns).toBeUndefined();
    expect(Properties.AssumeRolePolicyDocument).toMatchObject({
      Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } }],
    });
  });
});

describe("cdk-nag's AwsSolutions", () => {
  const acknowledged: Record<string, string> = {
    'AwsSolutions-IAM5[Resource::*]':
      'ListAttachedPolicies has no resource type and only reads. Detaching is authorized on a stranger’s certificate, group or identity.',
  };
  const findings = (stack: Stack) => new AwsSolutionsChecks(app).validateScope(stack).violations;

  test('AwsSolutions finds only what is acknowledged here, each with its reason', () => {
    const found = [fleetStack, teardownStack].flatMap(findings);
    expect(found.map(({ ruleName }) => ruleName).sort()).toEqual(Object.keys(acknowledged).sort());
  });

  test('AwsSolutions finds nothing once these are acknowledged', () => {
    const other = stacksOf(fleet);
    for (const [id, reason] of Object.entries(acknowledged)) {
      Validations.of(other.teardownStack.node.findChild('Policy')).acknowledge({ id, reason });
    }
    expect([other.fleetStack, other.teardownStack].flatMap(findings)).toEqual([]);
  });
});
