import { AwsSolutionsChecks } from 'cdk-nag';
import { devicesPerStack } from '../../lib/fleet/fleet-parts';
import { stackId } from '../../lib/stacks/fleet-stacks';
import {
  type Artifact,
  appOf,
  cars,
  type IamPolicyDocument,
  propertiesOf,
  synthesize,
} from '../support/synthesized-app';

const longestArn = 'arn:aws-us-gov:iot:ap-southeast-1:123456789012';
const longestId = '0'.repeat(64);

/** A value with its references resolved, the partition, Region and ids being the longest that there are. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  const call = value as {
    'Fn::Sub'?: string;
    'Fn::Join'?: [string, unknown[]];
    'Fn::GetAtt'?: [string, string];
    Ref?: string;
  };
  if (call['Fn::Sub']) return call['Fn::Sub'].replace(/\$\{(.*?)\}/g, (_all, name) => String(resolved({ Ref: name })));
  if (call['Fn::Join']) return call['Fn::Join'][1].map(resolved).join(call['Fn::Join'][0]);
  if (call['Fn::GetAtt']) {
    return `${longestArn}:${/^Logs/.test(call['Fn::GetAtt'][0]) ? 'log-group:' : 'cert/'}${longestId}`;
  }
  switch (call.Ref) {
    case undefined:
      return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, resolved(entry)]));
    case 'AWS::Partition':
      return 'aws-us-gov';
    case 'AWS::Region':
      return 'ap-southeast-1';
    case 'AWS::StackId':
      return `${longestArn.replace('iot', 'cloudformation')}:stack/${stackId('Fleet', 998)}/${'0'.repeat(36)}`;
    default:
      return '123456789012';
  }
}

/** The characters that IAM counts of each policy. */
const lengths = (documents: IamPolicyDocument[]) =>
  documents.map((document) => JSON.stringify(resolved(document)).length);

const documents = (artifact: Artifact, type: string) =>
  propertiesOf<{ PolicyDocument: IamPolicyDocument }>(artifact, type).map(({ PolicyDocument }) => PolicyDocument);
const managed = (teardown: Artifact) => documents(teardown, 'AWS::IAM::ManagedPolicy');
/** The role's own policies: one of the fleet's stack, for the certificates, and perhaps one of the teardown stack. */
const inline = ([fleet, teardown]: Artifact[]) => {
  const [{ Policies }] = propertiesOf<{ Policies: { PolicyDocument: IamPolicyDocument }[] }>(fleet, 'AWS::IAM::Role');
  return [...Policies.map(({ PolicyDocument }) => PolicyDocument), ...documents(teardown, 'AWS::IAM::Policy')];
};

/** A topic as long as can be, as it is in a policy too. */
const topic = 't'.repeat(256);

test('The most devices with the longest names are all named within IAM’s limits', () => {
  const names = cars(devicesPerStack).map((name) => name.padEnd(124, '-'));
  const artifacts = synthesize({ topic, groups: { group2: names }, cars: [], consumers: [] });
  const [inFleet, ...others] = inline(artifacts);
  expect(others).toEqual([]);
  expect(JSON.stringify(inFleet).match(/Fn::GetAtt/g)).toHaveLength(devicesPerStack);
  expect(lengths([inFleet])[0]).toBeLessThanOrEqual(10_240);

  const policies = managed(artifacts[1]);
  expect(policies.length).toBeLessThanOrEqual(10);
  for (const length of lengths(policies)) expect(length).toBeLessThanOrEqual(6_144);
  const text = JSON.stringify(policies);
  for (const name of names) {
    for (const named of [`thing/${name}`, `policy/${name}`, `client/${name}-sub`]) expect(text).toContain(`:${named}"`);
  }
});

test('Devices that fit into one inline policy are named there', () => {
  // The shorter the names, the more of them fit.
  const names = [...'abcdefghijklmnopqrst'];
  const artifacts = synthesize({ topic, cars: names, groups: {}, consumers: [] });
  const [one, other, ...more] = lengths(inline(artifacts));
  expect(more).toEqual([]);
  expect(one + other).toBeLessThanOrEqual(10_240);
  expect(managed(artifacts[1])).toEqual([]);
});

test('With one device more, all are named in managed policies', () => {
  const names = [...'abcdefghijklmnopqrstu'];
  const artifacts = synthesize({ topic, cars: names, groups: {}, consumers: [] });
  expect(inline(artifacts)).toHaveLength(1);
  expect(managed(artifacts[1])).toHaveLength(2);
});

const many = synthesize({ cars: cars(57) });

test('The sweep has the same rights on each of many devices as on a single one', () => {
  const rights = ([fleet, teardown]: Artifact[]) => {
    const statements = [...inline([fleet, teardown]), ...managed(teardown)].flatMap(({ Statement }) => Statement);
    const each = statements.flatMap(({ Action, Resource }) =>
      [Action].flat().flatMap((action) => [resolved(Resource)].flat().map((resource) => `${action} ${resource}`)),
    );
    return new Set(each.map((right) => right.replace(/truck\d+/, 'truck')));
  };
  expect(rights(many)).toEqual(rights(synthesize({ cars: cars(1) })));
});

test('The sweep keeps all of its managed policies until it is done', () => {
  const { template } = many[1];
  const entries = Object.entries<{ Type: string; DependsOn: string[] }>(template.Resources);
  const policies = entries.filter(([, { Type }]) => Type === 'AWS::IAM::ManagedPolicy').map(([id]) => id);
  const [, sweep] = entries.find(([, { Type }]) => Type === 'Custom::FleetSweep')!;
  expect(policies).toHaveLength(4);
  expect(sweep.DependsOn).toEqual(expect.arrayContaining(policies));
});

test('AwsSolutions finds in managed policies what it finds in an inline policy', () => {
  const { app, stacks } = appOf({ cars: cars(100), stacks: 3 });
  const findings = stacks.flatMap((stack) => new AwsSolutionsChecks(app).validateScope(stack).violations);
  expect(new Set(findings.map(({ ruleName }) => ruleName))).toEqual(new Set(['AwsSolutions-IAM5[Resource::*]']));
});
