import { Stack } from 'aws-cdk-lib/core';
import type { Fleet } from '../../lib/fleet/fleet';
import { devicePolicy } from '../../lib/stacks/device-policy';
import { demoContext, fleetWith } from '../support/demo-fleet';
import { newApp } from '../support/new-app';

const fleet = fleetWith({ groups: { group1: ['subscriber1A', 'subscriber1B'], ...demoContext.groups } });

/** The policy of each device of a fleet in a known account and Region, so that its ARNs are plain text. */
function policiesOf(fleet: Fleet, region = 'eu-central-1') {
  const app = newApp({ '@aws-cdk/core:enablePartitionLiterals': true });
  const stack = new Stack(app, 'Stack', { env: { account: '123456789012', region } });
  return new Map(fleet.devices.map((device) => [device.thingName, devicePolicy(device, stack)]));
}

describe('policies', () => {
  const policies = policiesOf(fleet);

  test.each([...policies])('The policy of %s is the reviewed one', (_, policy) => {
    expect(policy).toMatchSnapshot();
  });

  test.each([
    ['car1', ['iot:Connect client/car1', 'iot:Publish topic/cars/data']],
    ['car2', ['iot:Connect client/car2', 'iot:Publish topic/cars/data']],
    ['subscriber1A', groupRights('subscriber1a-sub', 'group1')],
    ['subscriber1B', groupRights('subscriber1b-sub', 'group1')],
    ['subscriber2A', groupRights('subscriber2a-sub', 'group2')],
    ['subscriber2B', groupRights('subscriber2b-sub', 'group2')],
    [
      'consumer3',
      ['iot:Connect client/consumer3-sub', 'iot:Subscribe topicfilter/cars/data', 'iot:Receive topic/cars/data'],
    ],
  ])('The policy of %s allows its part and nothing else', (thingName, rights) => {
    const { Statement } = policies.get(thingName)!;
    const allowed = Statement.flatMap(({ Action, Resource }) => Resource.map((arn) => `${Action} ${arn}`));
    expect(allowed).toEqual(rights.map((right) => right.replace(' ', ' arn:aws:iot:eu-central-1:123456789012:')));
    expect(Statement.map(({ Effect }) => Effect)).toEqual(Statement.map(() => 'Allow'));
  });
});

// What AWS IoT Device Defender audits of a policy and of client ids.
describe('all policies of the fleet', () => {
  const statements = [...policiesOf(fleet).values()].flatMap(({ Statement }) => Statement);

  test('No policy has a wildcard or a variable in an action or a resource', () => {
    const texts = statements.flatMap(({ Action, Resource }) => [Action, ...Resource]);
    expect(texts.filter((text) => /[*?]|\$\{/.test(text))).toEqual([]);
  });

  test('No two devices may connect as the same client', () => {
    const clients = statements.filter(({ Action }) => Action === 'iot:Connect').flatMap(({ Resource }) => Resource);
    expect(clients).toHaveLength(fleet.devices.length);
    expect(new Set(clients).size).toBe(clients.length);
  });
});

test('The policies of the longest names have at most 2,048 characters without white space', () => {
  const longest = fleetWith({
    topic: 't'.repeat(256),
    cars: ['c'.repeat(128)],
    groups: { ['g'.repeat(128)]: ['m'.repeat(124)] },
    consumers: ['s'.repeat(124)],
  });
  // No pair of a partition and a Region has a longer name.
  const policies = [...policiesOf(longest, 'us-gov-west-1').values()].map((policy) => JSON.stringify(policy));
  expect(policies[0]).toContain('arn:aws-us-gov:iot:us-gov-west-1:');
  expect(policies.map((policy) => policy.replace(/\s/g, '').length <= 2048)).toEqual([true, true, true]);
});

function groupRights(clientId: string, shareName: string): string[] {
  return [
    `iot:Connect client/${clientId}`,
    `iot:Subscribe topicfilter/$share/${shareName}/cars/data`,
    'iot:Receive topic/cars/data',
    `iot:Receive topic/$share/${shareName}/cars/data`,
  ];
}
