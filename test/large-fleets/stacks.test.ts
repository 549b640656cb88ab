import { statSync } from 'node:fs';
import { LegacyStackSynthesizer, Stack, type StackSynthesizer } from 'aws-cdk-lib/core';
import { devicesPerStack } from '../../lib/fleet/fleet-parts';
import { SizedSynthesizer } from '../../lib/stacks/sized-synthesizer';
import { newApp } from '../support/new-app';
import { type Artifact, cars, idsOf, propertiesOf, synthesize } from '../support/synthesized-app';

test('Each fleet stack has a teardown stack, which is deployed after it and deleted before it', () => {
  const artifacts = synthesize({ cars: cars(20), stacks: 2 });
  expect(artifacts.map(({ stackName }) => stackName)).toEqual([
    'SharedSubscriptionsFleet',
    'SharedSubscriptionsTeardown',
    'SharedSubscriptionsFleet-002',
    'SharedSubscriptionsTeardown-002',
  ]);
  expect(artifacts.map(stacksBefore)).toEqual([
    [],
    ['SharedSubscriptionsFleet'],
    ['SharedSubscriptionsFleet'],
    ['SharedSubscriptionsFleet-002'],
  ]);
});

/** The names of the stacks that are deployed before one. */
function stacksBefore({ dependencies }: Artifact): string[] {
  return dependencies.flatMap((artifact) => ('stackName' in artifact ? [String(artifact.stackName)] : []));
}

const inThree = synthesize({ cars: cars(20), stacks: 3 });

test('A device has the same logical ids in every stack', () => {
  const devices = (artifacts: Artifact[]) => artifacts.flatMap((artifact) => idsOf(artifact, 'AWS::IoT::')).sort();
  expect(devices(inThree)).toEqual(devices(synthesize({ cars: cars(20) })));
});

test.each([
  ['Adding a car', cars(21)],
  ['Removing a car', cars(20).slice(1)],
  ['Another order', cars(20).reverse()],
])('%s changes no other device', (_change, changed) => {
  const before = resources(inThree);
  const after = resources(synthesize({ cars: changed, stacks: 3 }));
  const common = Object.keys(after).filter((id) => id in before);
  expect(common.length).toBeGreaterThanOrEqual(5 * (19 + 3));
  for (const id of common) expect(after[id]).toEqual(before[id]);
});

/** The devices' resources of all stacks, by stack and logical id. */
function resources(artifacts: Artifact[]): Record<string, unknown> {
  return Object.fromEntries(
    artifacts.flatMap((artifact) =>
      idsOf(artifact, 'AWS::IoT::').map((id) => [`${artifact.stackName} ${id}`, artifact.template.Resources[id]]),
    ),
  );
}

describe('bootstrap', () => {
  test('A stack needs no bootstrap while CloudFormation takes its template in a request', () => {
    for (const artifact of synthesize({})) {
      expect(artifact.requiresBootstrapStackVersion).toBeUndefined();
      expect(artifact.stackTemplateAssetObjectUrl).toBeUndefined();
      expect(artifact.assumeRoleArn).toBeUndefined();
      expect(artifact.messages).toEqual([]);
    }
  });

  test('A stack without bootstrap has the artifact that LegacyStackSynthesizer makes', () => {
    const artifactOf = (synthesizer: StackSynthesizer) => {
      const app = newApp();
      const { artifactId } = new Stack(app, 'Stack', { synthesizer });
      return app.synth().getStackArtifact(artifactId).manifest;
    };
    expect(artifactOf(new SizedSynthesizer())).toEqual(artifactOf(new LegacyStackSynthesizer()));
  });

  test('A larger stack says that the account must be bootstrapped, or the fleet have more stacks', () => {
    const [fleetArtifact] = synthesize({ cars: cars(55) });
    expect(fleetArtifact.requiresBootstrapStackVersion).toBeDefined();
    expect(fleetArtifact.stackTemplateAssetObjectUrl).toMatch(/^s3:/);
    const messages = fleetArtifact.messages.map(({ entry }) => String(entry.data));
    expect(messages).toContainEqual(
      expect.stringMatching(/has \d+ KiB\. .*only from a bootstrapped account: run cdk bootstrap, or raise "stacks"/),
    );
  });

  test.each(Array.from({ length: 8 }, (_, index) => 12 + index))(
    'A stack of %d cars needs no bootstrap exactly if its template has 50 KiB or less',
    (count) => {
      for (const artifact of synthesize({ cars: cars(count) })) {
        const isSmall = statSync(artifact.templateFullPath).size <= 50 * 1024;
        expect(artifact.stackTemplateAssetObjectUrl === undefined).toBe(isSmall);
      }
    },
  );
});

describe('the largest stack, with the longest names', () => {
  const names = cars(devicesPerStack).map((name) => name.padEnd(124, '-'));
  const artifacts = synthesize({
    topic: 't'.repeat(256),
    groups: { ['g'.repeat(128)]: names },
    cars: [],
    consumers: [],
  });

  test('The largest stack and its teardown stack are within CloudFormation’s 500 resources and one megabyte', () => {
    for (const artifact of artifacts) {
      expect(idsOf(artifact, '').length).toBeLessThanOrEqual(500);
      expect(statSync(artifact.templateFullPath).size).toBeLessThan(1_000_000);
    }
  });

  test('The properties of the largest sweep fit into a Lambda event of 256 KiB', () => {
    const [properties] = propertiesOf(artifacts[1], 'Custom::FleetSweep');
    expect(Buffer.byteLength(JSON.stringify(properties))).toBeLessThan(200 * 1024);
  });
});
