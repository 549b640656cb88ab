import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { stackId } from '../lib/app';
import { partsOf } from '../lib/fleet-parts';
import { FleetStack } from '../lib/fleet-stack';
import { TeardownStack } from '../lib/teardown-stack';
import { fleetWith } from './demo-fleet';

const request = (thingName: string) => `the request of ${thingName}.`.padEnd(410, '.');
const cars = (count: number) => Array.from({ length: count }, (_, index) => `truck${index}`);
const outdir = mkdtempSync(join(tmpdir(), 'shared-subscriptions-test-'));

afterAll(() => rmSync(outdir, { recursive: true, force: true }));

/** The stacks of a fleet, as the app adds them. */
function synthesize(changes: Record<string, unknown>) {
  const app = new App({ analyticsReporting: false, stackTraces: false, outdir: mkdtempSync(join(outdir, 'out-')) });
  const fleet = fleetWith(changes);
  const csrs = new Map(fleet.members.map(({ thingName }) => [thingName, request(thingName)]));
  const stacks = partsOf(fleet).flatMap((part, index) => {
    const fleetStack = new FleetStack(app, stackId('Fleet', index), { fleet: part, csrs });
    return [fleetStack, new TeardownStack(app, stackId('Teardown', index), { fleetStack })];
  });
  const assembly = app.synth();
  return stacks.map(({ artifactId }) => assembly.getStackArtifact(artifactId));
}

const resourcesOf = (artifact: { template: unknown }) =>
  Object.entries((artifact.template as { Resources: Record<string, { Type: string; Properties: never }> }).Resources);

test('each stack of the fleet has a teardown stack that is deleted before it', () => {
  const artifacts = synthesize({ cars: cars(20), stacks: 2 });
  expect(artifacts.map(({ stackName }) => stackName)).toEqual([
    'SharedSubscriptionsFleet',
    'SharedSubscriptionsTeardown',
    'SharedSubscriptionsFleet-002',
    'SharedSubscriptionsTeardown-002',
  ]);
  for (const index of [0, 2]) expect(artifacts[index + 1].dependencies).toContain(artifacts[index]);
});

test('a device has the same logical ids in whichever stack it is', () => {
  const idsOf = (artifacts: ReturnType<typeof synthesize>) =>
    artifacts.flatMap(resourcesOf).flatMap(([id, { Type }]) => (Type.startsWith('AWS::IoT::') ? [id] : []));
  expect(idsOf(synthesize({ cars: cars(20), stacks: 3 })).sort()).toEqual(idsOf(synthesize({ cars: cars(20) })).sort());
});

describe('a stack is bootstrap-free', () => {
  test('as long as CloudFormation takes its template with the request', () => {
    for (const artifact of synthesize({})) {
      expect(artifact.requiresBootstrapStackVersion).toBeUndefined();
      expect(artifact.stackTemplateAssetObjectUrl).toBeUndefined();
      expect(artifact.assumeRoleArn).toBeUndefined();
    }
  });

  test('and no longer: a larger one says that the account has to be bootstrapped', () => {
    const [fleetArtifact] = synthesize({ cars: cars(60) });
    expect(fleetArtifact.requiresBootstrapStackVersion).toBeDefined();
    expect(fleetArtifact.stackTemplateAssetObjectUrl).toMatch(/^s3:/);
    const messages = fleetArtifact.messages.map(({ entry }) => String(entry.data));
    expect(messages).toContainEqual(expect.stringMatching(/has \d+ KiB, .*the account has to be bootstrapped/));
  });
});

test('the sweep’s rights on a large stack name each device, within IAM’s limits', () => {
  const names = cars(70).map((name) => name.padEnd(120, '-'));
  const [fleetArtifact, teardown] = synthesize({ cars: names });
  const policies = resourcesOf(teardown).filter(([, { Type }]) => Type === 'AWS::IAM::ManagedPolicy');
  expect(policies.length).toBeGreaterThan(1);
  expect(policies.length).toBeLessThanOrEqual(10);
  const text = JSON.stringify(policies);
  for (const name of names)
    for (const kind of ['thing', 'policy', 'client']) expect(text).toContain(`:${kind}/${name}`);
  for (const [, { Properties }] of policies) {
    const { PolicyDocument } = Properties as { PolicyDocument: object };
    // Each reference to the partition, Region and account is longer as text than what it stands for.
    expect(JSON.stringify(resolved(PolicyDocument)).length).toBeLessThanOrEqual(6144);
  }
  expect(resourcesOf(fleetArtifact).length).toBeLessThanOrEqual(500);
});

/** A document with its joins done, the partition, Region and account being the longest that there are. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  const { 'Fn::Join': join, Ref } = value as { 'Fn::Join'?: [string, unknown[]]; Ref?: string };
  if (join) return join[1].map(resolved).join(join[0]);
  if (Ref) return { 'AWS::Partition': 'aws-us-gov', 'AWS::Region': 'ap-southeast-1' }[Ref] ?? '123456789012';
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, resolved(entry)]));
}
