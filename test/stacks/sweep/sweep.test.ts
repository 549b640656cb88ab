import type { OwnedDevice } from '../../../lib/stacks/sweep/fleet-resources';
import { arm, sweep } from '../../../lib/stacks/sweep/sweep';
import { arnPrefix, exception, FakeAws } from './fake-aws';

const topic = 'cars/data';
const stranger = `${arnPrefix}stranger`;
const group = 'arn:aws:iot:us-east-1:123456789012:thinggroup/group';
const certificate = (name: string) => `${arnPrefix}of-${name}`;

const devices: OwnedDevice[] = ['car1', 'car2', 'consumer3'].map((name) => ({
  clientId: `${name}-client`,
  thingName: name,
  policyName: name,
  certificateArn: certificate(name),
}));

/** An account with the fleet, and with somebody else's certificate, thing and policy. */
function account(): FakeAws {
  const aws = new FakeAws();
  for (const [name, arn] of [
    ...devices.map(({ thingName = '' }) => [thingName, certificate(thingName)]),
    ['other', stranger],
  ]) {
    aws.things.add(name);
    aws.policies.add(name);
    aws.certificates.set(arn, 'ACTIVE');
    aws.policyTargets.add(`${name} ${arn}`);
    aws.thingPrincipals.add(`${name} ${arn}`);
  }
  return aws;
}

function run(aws: FakeAws, signal = new AbortController().signal): Promise<void> {
  return sweep({ devices, topic }, aws, { signal, pause: aws.pause });
}

/** Deletes the fleet as CloudFormation does, by AWS's rules. */
function deleteFleet(aws: FakeAws): void {
  for (const { thingName = '', certificateArn = '' } of devices) {
    aws.policyTargets.delete(`${thingName} ${certificateArn}`);
    aws.thingPrincipals.delete(`${thingName} ${certificateArn}`);
  }
  for (const { thingName = '', certificateArn = '' } of devices) {
    aws.deleteCertificate(certificateArn);
    aws.deletePolicy(thingName);
    aws.deleteThing(thingName);
  }
}

function expectOnlyTheStranger(aws: FakeAws): void {
  expect([...aws.things]).toEqual(['other']);
  expect([...aws.policies]).toEqual(['other']);
  expect([...aws.certificates]).toEqual([[stranger, 'ACTIVE']]);
  expect([...aws.policyTargets]).toEqual([`other ${stranger}`]);
  expect([...aws.thingPrincipals]).toEqual([`other ${stranger}`]);
  expect([...aws.retained]).toEqual([]);
  expect([...aws.connections]).toEqual([]);
}

/** What people do by hand, each of which keeps CloudFormation from deleting the fleet. */
const blocking: [string, (aws: FakeAws) => void][] = [
  ["the fleet's policy is on a stranger's certificate", (aws) => aws.policyTargets.add(`car1 ${stranger}`)],
  ["the fleet's policy is on a thing group", (aws) => aws.policyTargets.add(`car1 ${group}`)],
  ["a stranger's certificate is on the fleet's thing", (aws) => aws.thingPrincipals.add(`car1 ${stranger}`)],
  ["a stranger's policy is on the fleet's certificate", (aws) => aws.policyTargets.add(`other ${certificate('car1')}`)],
  [
    "a stranger's thing is on the fleet's certificate",
    (aws) => aws.thingPrincipals.add(`other ${certificate('car1')}`),
  ],
  ["one device's policy is on another's certificate", (aws) => aws.policyTargets.add(`car1 ${certificate('car2')}`)],
  ["one device's thing is on another's certificate", (aws) => aws.thingPrincipals.add(`car1 ${certificate('car2')}`)],
];

describe('what was attached by hand', () => {
  test.each(blocking)('%s: the fleet cannot be deleted', (_name, drift) => {
    const aws = account();
    drift(aws);
    expect(() => deleteFleet(aws)).toThrow(/of the fake/);
  });

  test.each(blocking)(
    '%s: after a sweep the fleet can be deleted, and nothing else is touched',
    async (_name, drift) => {
      const aws = account();
      drift(aws);
      await run(aws);
      deleteFleet(aws);
      expectOnlyTheStranger(aws);
    },
  );

  test('all of it at once, listed in pages of one, with clients connected and a retained message', async () => {
    const aws = account();
    for (const [, drift] of blocking) drift(aws);
    aws.retained.add(topic);
    for (const { clientId } of devices) aws.connections.add(clientId);
    aws.pageSize = 1;
    await run(aws);
    deleteFleet(aws);
    expectOnlyTheStranger(aws);
  });
});

test("the fleet's own attachments stay, so that it can be armed again", async () => {
  const aws = account();
  const before = [...aws.policyTargets, ...aws.thingPrincipals];
  await run(aws);
  expect([...aws.policyTargets, ...aws.thingPrincipals]).toEqual(before);
  expect(devices.map(({ certificateArn = '' }) => aws.certificates.get(certificateArn))).toEqual(
    devices.map(() => 'INACTIVE'),
  );

  await arm(devices, aws.iot, { signal: new AbortController().signal, pause: aws.pause });
  expect([...aws.certificates.values()]).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE', 'ACTIVE']);
});

test('a device is disconnected, its session dropped, only once its certificate is inactive', async () => {
  const aws = account();
  aws.connections.add('car1-client');
  aws.fail = (operation) => {
    if (operation === 'DeleteConnection') expect(aws.certificates.get(certificate('car1'))).toBe('INACTIVE');
    return undefined;
  };
  await run(aws);
  expect(aws.calls).toContainEqual({
    operation: 'DeleteConnection',
    input: { clientId: 'car1-client', cleanSession: true, preventWillMessage: true },
  });
  expect(aws.connections).not.toContain('car1-client');
});

test('no empty message is published where none is retained', async () => {
  const aws = account();
  await run(aws);
  expect(aws.operations()).not.toContain('Publish');
});

test.each([
  ['the certificates', (aws: FakeAws) => aws.certificates.clear()],
  ['the things', (aws: FakeAws) => aws.things.clear()],
  ['the policies', (aws: FakeAws) => aws.policies.clear()],
])('%s are gone already: that is fine', async (_name, remove) => {
  const aws = account();
  aws.policyTargets.clear();
  aws.thingPrincipals.clear();
  remove(aws);
  await expect(run(aws)).resolves.toBeUndefined();
});

test('a device of which the stack owns nothing is disconnected, and no more', async () => {
  const aws = account();
  aws.connections.add('gone-client');
  await sweep({ devices: [{ clientId: 'gone-client' }], topic }, aws, {
    signal: new AbortController().signal,
    pause: aws.pause,
  });
  expect(aws.operations()).toEqual(['DeleteConnection', 'GetRetainedMessage']);
});

test('a second sweep changes nothing', async () => {
  const aws = account();
  for (const [, drift] of blocking) drift(aws);
  await run(aws);
  aws.calls.length = 0;
  await run(aws);
  expect(aws.operations().filter((operation) => /Detach|Publish/.test(operation))).toEqual([]);
});

test('a detachment that takes its time is waited for', async () => {
  const aws = account();
  for (const [, drift] of blocking) drift(aws);
  aws.detachTakes = 4;
  await run(aws);
  deleteFleet(aws);
  expectOnlyTheStranger(aws);
});

test('being too fast, and faults of the service, only delay it', async () => {
  const aws = account();
  for (const [, drift] of blocking) drift(aws);
  aws.retained.add(topic);
  const seen = new Set<string>();
  aws.fail = (operation, input) => {
    const call = operation + JSON.stringify(input);
    if (seen.has(call)) return undefined;
    seen.add(call);
    return seen.size % 2 ? exception('ThrottlingException') : exception('InternalFailureException', 'server');
  };
  await run(aws);
  deleteFleet(aws);
  expectOnlyTheStranger(aws);
});

describe('what cannot be done', () => {
  test('is named, once, and everything else is done; another sweep goes on from there', async () => {
    const aws = account();
    for (const [, drift] of blocking) drift(aws);
    aws.fail = (operation, input) =>
      operation === 'DetachPolicy' && input.target === group ? exception('UnauthorizedException') : undefined;
    await expect(run(aws)).rejects.toThrow(
      `Still to do: detaching the policy "car1" from ${group} (UnauthorizedException: UnauthorizedException of the fake).`,
    );
    expect([...aws.policyTargets].filter((pair) => pair.endsWith(group) || pair === `car1 ${stranger}`)).toEqual([
      `car1 ${group}`,
    ]);
    expect(aws.certificates.get(certificate('car1'))).toBe('INACTIVE');

    aws.fail = () => undefined;
    await run(aws);
    deleteFleet(aws);
    expectOnlyTheStranger(aws);
  });

  test.each([
    ['ListThingPrincipals', 'listing what is attached to the thing "car1"'],
    ['ListTargetsForPolicy', 'listing what the policy "car1" is attached to'],
    ['ListAttachedPolicies', `listing the policies of ${certificate('car1')}`],
    ['ListPrincipalThings', `listing the things of ${certificate('car1')}`],
    ['UpdateCertificate', `setting ${certificate('car1')} to INACTIVE`],
    ['DeleteConnection', 'disconnecting "car1-client" and dropping its session'],
    ['GetRetainedMessage', 'clearing the retained message on "cars/data"'],
  ])('%s refused: %s', async (refused, what) => {
    const aws = account();
    aws.fail = (operation) => (operation === refused ? exception('UnauthorizedException') : undefined);
    await expect(run(aws)).rejects.toThrow(`${what} (UnauthorizedException: `);
  });

  test('in time is named when the time is up', async () => {
    const aws = account();
    aws.policyTargets.add(`car1 ${stranger}`);
    aws.detachTakes = Number.POSITIVE_INFINITY;
    const end = new AbortController();
    const sweeping = sweep({ devices, topic }, aws, { signal: end.signal, pause: async () => end.abort() });
    await expect(sweeping).rejects.toThrow(
      `Still to do: detaching the policy "car1" from ${stranger} (asked for, and not seen to be done).`,
    );
  });

  test('for want of any time is named as not begun', async () => {
    await expect(run(account(), AbortSignal.abort())).rejects.toThrow(
      'detaching from "car1-client" what was attached by hand (no time was left to begin); ',
    );
  });

  test('in arming is named, and the other certificates are active', async () => {
    const aws = account();
    await run(aws);
    aws.fail = (_operation, input) =>
      input.certificateId === 'of-car1' ? exception('UnauthorizedException') : undefined;
    const arming = arm(devices, aws.iot, { signal: new AbortController().signal, pause: aws.pause });
    await expect(arming).rejects.toThrow(`Still to do: setting ${certificate('car1')} to ACTIVE (`);
    expect(aws.certificates.get(certificate('car2'))).toBe('ACTIVE');
  });
});
