import { iotArn } from '../../lib/iot-core-local/registry/arns';
import { wildcard } from '../../lib/iot-core-local/registry/wildcard';
import { attemptInfo } from '../../lib/page/shows/attempt-info';
import { type Attempt, describeAttempt, forbiddenAttempts } from '../../lib/walk-through/attempts';
import { Connector } from '../../lib/walk-through/clients/connector';
import { systemClock } from '../../lib/walk-through/clients/pacer';
import { tryForbidden } from '../../lib/walk-through/try-attempts';
import { demoContext } from '../support/demo-fleet';
import { useLocalFleet } from '../support/use-local-fleet';

// What the walk-through's forbidden attempts find in policies that have grown, in a fleet with two groups.
const running = useLocalFleet({ ...demoContext, groups: { group1: ['subscriber1A'], ...demoContext.groups } });

interface Statement {
  readonly Effect: string;
  readonly Action: string;
  readonly Resource: readonly string[];
}

/** The statements of a device's deployed policy. */
function statementsOf(thingName: string): Statement[] {
  const { versions, defaultVersionId } = running.core.registry.getPolicy(thingName);
  return JSON.parse(versions.get(defaultVersionId)!.document.text).Statement;
}

const deviceOf = (thingName: string) => running.fleet.devices.find((device) => device.thingName === thingName)!;

/** The attempts that a device makes. */
function attemptsOf(thingName: string): Attempt[] {
  const device = deviceOf(thingName);
  return forbiddenAttempts(running.fleet).filter((attempt) => 'device' in attempt && attempt.device === device);
}

/** Makes a device's attempts while its policy has one more statement. @returns those that are not refused */
async function allowedWith(thingName: string, action: string, resource: string): Promise<string[]> {
  const { registry } = running.core;
  const Resource = resource.includes('/') ? iotArn(registry.location, ...split(resource)) : resource;
  const Statement = [...statementsOf(thingName), { Effect: 'Allow', Action: action, Resource }];
  const before = registry.getPolicy(thingName).defaultVersionId;
  const { versionId } = registry.createPolicyVersion(
    thingName,
    { Version: '2012-10-17', Statement },
    { setAsDefault: true },
  );
  try {
    return await allowed(thingName);
  } finally {
    registry.setDefaultPolicyVersion(thingName, before);
    registry.deletePolicyVersion(thingName, versionId);
  }
}

async function allowed(thingName: string): Promise<string[]> {
  const { folders, core: endpoint } = running;
  const props = { folders, endpoint, mqtt: 5, answerTimeout: 5_000, interval: 0, clock: systemClock } as const;
  const connector = new Connector(props);
  const device = deviceOf(thingName);
  const clients = new Map([[device, await connector.connect(device)]]);
  const sentences: string[] = [];
  await tryForbidden({ attempts: attemptsOf(thingName), clients, connector, mqtt: 5, most: 1 }, (attempt, outcome) => {
    if (!outcome.refused) sentences.push(`${describeAttempt(attempt)}: ${outcome.reason}`);
  });
  return sentences;
}

/** The kind of a resource and its name: `topic/cars/*` is the topic `cars/*`. */
function split(resource: string): ['client' | 'topic' | 'topicfilter', string] {
  const slash = resource.indexOf('/');
  return [resource.slice(0, slash) as 'client' | 'topic' | 'topicfilter', resource.slice(slash + 1)];
}

type Row = [thingName: string, action: string, resource: string, found: readonly string[]];

const group2 = '$share/group2/cars/data';
const withWildcards = ['+/data', 'cars/+', '#', 'cars/#'];
const inGroup = withWildcards.map((filter) => `subscribing to $share/group2/${filter}`);

describe('The attempts find a policy that has grown by one statement', () => {
  test.each<Row>([
    ['car1', 'iot:Connect', 'client/*', ['connecting as car2', 'connecting as car1-car1']],
    ['car2', 'iot:Connect', 'client/car*', ['connecting as car2-car2']],
    ['car1', 'iot:Connect', 'client/car1*', ['connecting as car1-car1']],
    ['car1', 'iot:Connect', 'client/car2', ['connecting as car2']],
    ['consumer3', 'iot:Connect', 'client/*-sub', ['connecting as consumer3-sub-consumer3-sub']],
    ['car1', 'iot:Publish', 'topic/*', ['publishing to cars/data/cars/data']],
    ['car1', 'iot:Publish', 'topic/cars/*', ['publishing to cars/data/cars/data']],
    ['car1', 'iot:Publish', 'topic/cars/data*', ['publishing to cars/data/cars/data']],
    ['car1', 'iot:Publish', 'topic/*/data', ['publishing to cars/data/cars/data']],
    ['car1', 'iot:RetainPublish', 'topic/cars/data', ['retaining a message on cars/data']],
    ['car1', 'iot:*Publish', 'topic/cars/data', ['retaining a message on cars/data']],
    ['car1', 'iot:*', 'topic/cars/data', ['retaining a message on cars/data']],
    ['car1', 'iot:Subscribe', 'topicfilter/cars/data', ['subscribing to cars/data']],
    ['car1', 'iot:Subscribe', 'topicfilter/$share/group1/cars/data', ['subscribing to $share/group1/cars/data']],
    [
      'car1',
      'iot:*',
      '*',
      [
        'subscribing to cars/data',
        'subscribing to $share/group1/cars/data',
        'publishing to cars/data/cars/data',
        'retaining a message on cars/data',
        ...withWildcards.map((filter) => `subscribing to ${filter}`),
        'connecting as car2',
        'connecting as car1-car1',
      ],
    ],
    ['subscriber2A', 'iot:Publish', 'topic/cars/data', ['publishing to cars/data']],
    ['subscriber2A', 'iot:*', 'topic/cars/data', ['publishing to cars/data']],
    ['subscriber2A', 'iot:Subscribe', 'topicfilter/cars/data', ['subscribing to cars/data']],
    [
      'subscriber2A',
      'iot:Subscribe',
      'topicfilter/cars/*',
      ['subscribing to cars/data', 'subscribing to cars/+', 'subscribing to cars/#'],
    ],
    [
      'subscriber2A',
      'iot:Subscribe',
      'topicfilter/$share/group1/cars/data',
      ['subscribing to $share/group1/cars/data'],
    ],
    [
      'subscriber2A',
      'iot:Subscribe',
      'topicfilter/$share/*',
      ['subscribing to $share/group1/cars/data', `subscribing to ${group2}/group2/cars/data`, ...inGroup],
    ],
    [
      'subscriber2A',
      'iot:Subscribe',
      'topicfilter/$share/*/cars/data',
      ['subscribing to $share/group1/cars/data', `subscribing to ${group2}/group2/cars/data`],
    ],
    [
      'subscriber2A',
      'iot:Subscribe',
      'topicfilter/$share/group2*',
      [`subscribing to ${group2}/group2/cars/data`, ...inGroup],
    ],
    [
      'subscriber2A',
      'iot:Subscribe',
      'topicfilter/$share/group2/*',
      [`subscribing to ${group2}/group2/cars/data`, ...inGroup],
    ],
    ['subscriber2A', 'iot:Subscribe', `topicfilter/${group2}*`, [`subscribing to ${group2}/group2/cars/data`]],
    ...['car1', 'subscriber2A', 'consumer3'].flatMap((thingName) =>
      withWildcards.map(
        (filter) => [thingName, 'iot:Subscribe', `topicfilter/${filter}`, [`subscribing to ${filter}`]] as Row,
      ),
    ),
    ...withWildcards.map(
      (filter, index) =>
        ['subscriber2A', 'iot:Subscribe', `topicfilter/$share/group2/${filter}`, [inGroup[index]]] as Row,
    ),
    [
      'consumer3',
      'iot:Subscribe',
      'topicfilter/cars/*',
      ['subscribing to cars/data/cars/data', 'subscribing to cars/+', 'subscribing to cars/#'],
    ],
    ['consumer3', 'iot:Subscribe', 'topicfilter/cars/data*', ['subscribing to cars/data/cars/data']],
    ['consumer3', 'iot:Subscribe', 'topicfilter/$share/group1/*', ['subscribing to $share/group1/cars/data']],
    ['consumer3', 'iot:*', 'topic/cars/data', ['publishing to cars/data']],
  ])('%s, allowed %s on %s', async (thingName, action, resource, found) => {
    const expected = found.map((what) => `${thingName} ${what}: it was allowed`);
    expect(await allowedWith(thingName, action, resource)).toEqual(expected);
  });
});

test('No attempt is allowed by the policies as they are', async () => {
  for (const { thingName } of running.fleet.devices) expect(await allowed(thingName)).toEqual([]);
});

/** A name with a `*` in place of each of its parts, and between its characters. */
function widened(name: string): string[] {
  // No right grows by a `*` in place of a part of `$share/` alone.
  const first = name.startsWith('$share/') ? '$share/'.length : 0;
  const places = Array.from({ length: name.length - first + 1 }, (_, index) => first + index);
  return places.flatMap((from) => places.slice(from).map((to) => `${name.slice(0, from)}*${name.slice(to)}`));
}

test('The attempts find a wildcard in place of any part of any resource, except of iot:Receive, which gives nothing alone', () => {
  const missed = running.fleet.devices.flatMap(({ thingName }) => {
    const infos = attemptsOf(thingName).map(attemptInfo);
    const isFound = (action: string, pattern: string) =>
      infos.some((info) => info.action === action && wildcard(pattern)(info.resource));
    return statementsOf(thingName)
      .filter(({ Action }) => Action !== 'iot:Receive')
      .flatMap(({ Action, Resource }) => Resource.map((arn) => [Action, split(arn.split(':')[5])] as const))
      .flatMap(([action, [kind, name]]) => widened(name).map((each) => [action, `${kind}/${each}`] as const))
      .filter(([action, pattern]) => !isFound(action, pattern))
      .map((each) => [thingName, ...each].join(' '));
  });
  expect(missed).toEqual([]);
});
