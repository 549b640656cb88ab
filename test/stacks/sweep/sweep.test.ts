import { deactivatedAttribute } from '../../../lib/fleet/thing-attributes';
import type { OwnedDevice } from '../../../lib/stacks/sweep/fleet-resources';
import { arm, sweep } from '../../../lib/stacks/sweep/sweep';
import { refusalOf } from '../../support/clients';
import { arnPrefix, exception, FakeAws } from './fake-aws';

const topic = 'cars/data';
const stranger = `${arnPrefix}stranger`;
const group = 'arn:aws:iot:us-east-1:123456789012:thinggroup/group';
/** A Cognito identity is a target by its bare id. */
const identity = 'us-east-1:0f1c2b3a-0000-4000-8000-123456789abc';
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

const run = (aws: FakeAws, signal?: AbortSignal) => sweep({ devices, topic }, aws, aws.timing(signal));
const runArm = (aws: FakeAws) => arm(devices, aws.iot, aws.timing());
const statuses = (aws: FakeAws) =>
  devices.map(({ certificateArn = '' }) => aws.certificates.get(certificateArn) ?? 'gone');

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
  ["the fleet's policy on a stranger's certificate", (aws) => aws.policyTargets.add(`car1 ${stranger}`)],
  ["the fleet's policy on a thing group", (aws) => aws.policyTargets.add(`car1 ${group}`)],
  ["the fleet's policy on a Cognito identity", (aws) => aws.policyTargets.add(`car1 ${identity}`)],
  ["a Cognito identity on the fleet's thing", (aws) => aws.thingPrincipals.add(`car1 ${identity}`)],
  ["a stranger's certificate on the fleet's thing", (aws) => aws.thingPrincipals.add(`car1 ${stranger}`)],
  ["a stranger's policy on the fleet's certificate", (aws) => aws.policyTargets.add(`other ${certificate('car1')}`)],
  ["a stranger's thing on the fleet's certificate", (aws) => aws.thingPrincipals.add(`other ${certificate('car1')}`)],
  ["one device's policy on another's certificate", (aws) => aws.policyTargets.add(`car1 ${certificate('car2')}`)],
  ["one device's thing on another's certificate", (aws) => aws.thingPrincipals.add(`car1 ${certificate('car2')}`)],
  ["the fleet's policy on thousands of certificates", attachToThousands],
];

function attachToThousands(aws: FakeAws): void {
  for (let index = 0; index < 3_000; index += 1) aws.policyTargets.add(`car2 ${arnPrefix}${index}`);
}

describe('what was attached by hand', () => {
  test.each(blocking)('Without a sweep, %s keeps the fleet from being deleted', (_name, drift) => {
    const aws = account();
    drift(aws);
    expect(() => deleteFleet(aws)).toThrow(/of the fake/);
  });

  test.each(blocking)('After a sweep, %s is detached, and nothing else is touched', async (_name, drift) => {
    const aws = account();
    drift(aws);
    await run(aws);
    deleteFleet(aws);
    expectOnlyTheStranger(aws);
  });

  test('A sweep detaches all of it at once, listed in small pages, with clients connected and a retained message', async () => {
    const aws = account();
    for (const [, drift] of blocking) drift(aws);
    aws.certificates.set(certificate('consumer3'), 'INACTIVE');
    aws.retained.add(topic);
    for (const { clientId } of devices) aws.connections.add(clientId);
    aws.pageSize = 100;
    await run(aws);
    deleteFleet(aws);
    expectOnlyTheStranger(aws);
  });
});

describe('certificates', () => {
  test("A sweep leaves the fleet's own attachments and remembers what it deactivated, so that the fleet can be armed again", async () => {
    const aws = account();
    const before = [...aws.policyTargets, ...aws.thingPrincipals];
    await run(aws);
    expect([...aws.policyTargets, ...aws.thingPrincipals]).toEqual(before);
    expect(statuses(aws)).toEqual(['INACTIVE', 'INACTIVE', 'INACTIVE']);
    expect(Object.fromEntries(aws.attributes)).toEqual({
      [`car1 ${deactivatedAttribute}`]: 'of-car1',
      [`car2 ${deactivatedAttribute}`]: 'of-car2',
      [`consumer3 ${deactivatedAttribute}`]: 'of-consumer3',
    });

    await runArm(aws);
    expect([...aws.certificates.values()]).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE', 'ACTIVE']);
    expect([...aws.attributes]).toEqual([]);
  });

  test('A certificate that somebody deactivated stays INACTIVE when the fleet is armed again', async () => {
    const aws = account();
    aws.certificates.set(certificate('car1'), 'INACTIVE');
    await run(aws);
    await run(aws);
    await runArm(aws);
    expect(statuses(aws)).toEqual(['INACTIVE', 'ACTIVE', 'ACTIVE']);
  });

  test('A certificate that somebody deactivated after the fleet was armed stays INACTIVE', async () => {
    const aws = account();
    await run(aws);
    await runArm(aws);
    aws.certificates.set(certificate('car1'), 'INACTIVE');
    await runArm(aws);
    expect(statuses(aws)).toEqual(['INACTIVE', 'ACTIVE', 'ACTIVE']);
  });

  test('A certificate that somebody revoked fails neither a sweep nor arming', async () => {
    const aws = account();
    aws.certificates.set(certificate('car1'), 'REVOKED');
    await run(aws);
    aws.certificates.set(certificate('car2'), 'REVOKED');
    await run(aws);
    await runArm(aws);
    expect(statuses(aws)).toEqual(['REVOKED', 'REVOKED', 'ACTIVE']);
    expect([...aws.attributes]).toEqual([]);
  });

  test('A certificate on its way to another account does not fail the sweep, and CloudFormation cannot delete it', async () => {
    const aws = account();
    aws.certificates.set(certificate('car1'), 'PENDING_TRANSFER');
    await run(aws);
    await runArm(aws);
    expect(statuses(aws)).toEqual(['PENDING_TRANSFER', 'ACTIVE', 'ACTIVE']);
    expect(aws.time).toBe(0);
    expect(() => deleteFleet(aws)).toThrow('CertificateStateException');
  });

  test('A certificate that is revoked while the sweep deactivates it does not fail the sweep', async () => {
    const aws = account();
    aws.fail = (operation, { certificateId }) => {
      if (operation === 'UpdateCertificate' && certificateId === 'of-car1') {
        aws.certificates.set(certificate('car1'), 'REVOKED');
      }
      return undefined;
    };
    await run(aws);
    expect(statuses(aws)).toEqual(['REVOKED', 'INACTIVE', 'INACTIVE']);
  });

  test('CloudFormation cannot delete a revoked certificate, with a sweep or without', async () => {
    const aws = account();
    aws.certificates.set(certificate('car1'), 'REVOKED');
    await run(aws);
    expect(() => deleteFleet(aws)).toThrow('CertificateStateException');
  });

  test('A certificate that replaced the deactivated one is not touched when the fleet is armed again', async () => {
    const aws = account();
    await run(aws);
    aws.certificates.set(`${arnPrefix}new`, 'INACTIVE');
    const replaced = devices.map((device, index) =>
      index === 0 ? { ...device, certificateArn: `${arnPrefix}new` } : device,
    );
    await arm(replaced, aws.iot, aws.timing());
    expect(aws.certificates.get(`${arnPrefix}new`)).toBe('INACTIVE');
  });

  test('An activation that is throttled after the memory is gone is tried again', async () => {
    const aws = account();
    await run(aws);
    const throttled = new Set<string>();
    aws.fail = (operation, { certificateId }) => {
      if (operation !== 'UpdateCertificate' || throttled.has(certificateId)) return undefined;
      throttled.add(certificateId);
      return exception('ThrottlingException');
    };
    await runArm(aws);
    expect(statuses(aws)).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE']);
    expect([...aws.attributes]).toEqual([]);
  });

  test('A deactivation that took effect though its answer was lost is remembered', async () => {
    const aws = account();
    aws.fail = (operation, { certificateId }) => {
      if (operation !== 'UpdateCertificate' || aws.time > 0) return undefined;
      aws.certificates.set(arnPrefix + certificateId, 'INACTIVE');
      return Object.assign(new Error('no answer'), { name: 'TimeoutError' });
    };
    await run(aws);
    await runArm(aws);
    expect(statuses(aws)).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE']);
  });

  test('A deactivation that AWS refused before a person deactivated the certificate is not remembered', async () => {
    const aws = account();
    aws.fail = (operation, { certificateId }) => {
      if (operation !== 'UpdateCertificate' || certificateId !== 'of-car1' || aws.time > 0) return undefined;
      aws.certificates.set(certificate('car1'), 'INACTIVE');
      return exception('ThrottlingException');
    };
    await run(aws);
    await runArm(aws);
    expect(statuses(aws)).toEqual(['INACTIVE', 'ACTIVE', 'ACTIVE']);
  });

  test('An activation that AWS refuses is still due at the next deployment', async () => {
    const aws = account();
    await run(aws);
    aws.fail = (operation) => (operation === 'UpdateCertificate' ? exception('InvalidRequestException') : undefined);
    await expect(runArm(aws)).rejects.toThrow('activating the certificate of "car1-client"');
    expect(statuses(aws)).toEqual(['INACTIVE', 'INACTIVE', 'INACTIVE']);
    aws.fail = () => undefined;
    await runArm(aws);
    expect(statuses(aws)).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE']);
    expect([...aws.attributes]).toEqual([]);
  });

  test('A certificate that was activated though the answer was lost is not remembered: whoever deactivates it next, it stays INACTIVE', async () => {
    const aws = account();
    await run(aws);
    aws.fail = (operation, { certificateId }) => {
      if (operation !== 'UpdateCertificate') return undefined;
      aws.certificates.set(arnPrefix + certificateId, 'ACTIVE');
      return new Error('no answer');
    };
    await expect(runArm(aws)).rejects.toThrow('no answer');
    aws.fail = () => undefined;
    aws.certificates.set(certificate('car1'), 'INACTIVE');
    await runArm(aws);
    expect(statuses(aws)).toEqual(['INACTIVE', 'ACTIVE', 'ACTIVE']);
  });

  test('A memory that AWS refuses does not fail the sweep', async () => {
    const aws = account();
    const log = jest.spyOn(console, 'log').mockImplementation();
    aws.fail = (operation) => (operation === 'UpdateThing' ? exception('InvalidRequestException') : undefined);
    await run(aws);
    expect(statuses(aws)).toEqual(['INACTIVE', 'INACTIVE', 'INACTIVE']);
    expect(log).toHaveBeenCalledTimes(3);
    log.mockRestore();
  });

  test('A memory that IAM denies at first does not keep a device connected, and is there once the right is known', async () => {
    const aws = account();
    aws.connections.add('car1-client');
    aws.fail = (operation) =>
      operation === 'UpdateThing' && aws.time < 50_000 ? exception('AccessDeniedException') : undefined;
    const pauses: boolean[] = [];
    const pause = () => {
      pauses.push(aws.connections.has('car1-client'));
      return aws.pause();
    };
    await sweep({ devices, topic }, aws, { ...aws.timing(), pause });
    expect(pauses).toEqual(Array(17).fill(false));
    expect([...aws.attributes.values()]).toEqual(['of-car1', 'of-car2', 'of-consumer3']);
  });

  test('A memory that IAM goes on denying is given up after a minute, is logged, and does not fail the sweep', async () => {
    const aws = account();
    const log = jest.spyOn(console, 'log').mockImplementation();
    aws.fail = (operation) => (operation === 'UpdateThing' ? exception('AccessDeniedException') : undefined);
    await run(aws);
    expect(aws.time).toBe(60_000);
    expect(log.mock.calls.flat()).toEqual(
      ['car1', 'car2', 'consumer3'].map(
        (name) =>
          `Not done: remembering with the thing "${name}" that ${certificate(name)} was deactivated (AccessDeniedException: AccessDeniedException of the fake)`,
      ),
    );
    log.mockRestore();
  });

  test('A deactivation that IAM denies at first is tried again, and is remembered', async () => {
    const aws = account();
    aws.fail = (operation) =>
      operation === 'UpdateCertificate' && aws.time < 50_000 ? exception('AccessDeniedException') : undefined;
    await run(aws);
    expect(statuses(aws)).toEqual(['INACTIVE', 'INACTIVE', 'INACTIVE']);
    expect([...aws.attributes.values()]).toEqual(['of-car1', 'of-car2', 'of-consumer3']);
  });

  test('A device is disconnected and its session dropped once its certificate is INACTIVE', async () => {
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

  test('All devices are disarmed before anything is detached', async () => {
    const aws = account();
    for (const [, drift] of blocking) drift(aws);
    aws.fail = (operation) => {
      if (operation.startsWith('Detach')) expect(statuses(aws)).toEqual(['INACTIVE', 'INACTIVE', 'INACTIVE']);
      return undefined;
    };
    await run(aws);
    const operations = aws.operations();
    expect(operations.lastIndexOf('DeleteConnection')).toBeLessThan(operations.indexOf('DetachPolicy'));
  });
});

test('A sweep publishes no empty message if none is retained', async () => {
  const aws = account();
  await run(aws);
  expect(aws.operations()).not.toContain('Publish');
});

test.each([
  ['Certificates', (aws: FakeAws) => aws.certificates.clear()],
  ['Things', (aws: FakeAws) => aws.things.clear()],
  ['Policies', (aws: FakeAws) => aws.policies.clear()],
])('%s that are gone already fail neither a sweep nor arming', async (_name, remove) => {
  const aws = account();
  aws.policyTargets.clear();
  aws.thingPrincipals.clear();
  remove(aws);
  await expect(run(aws)).resolves.toBeUndefined();
  await expect(runArm(aws)).resolves.toBeUndefined();
});

test('A device of which the stack owns nothing is only disconnected', async () => {
  const aws = account();
  aws.connections.add('gone-client');
  await sweep({ devices: [{ clientId: 'gone-client' }], topic }, aws, aws.timing());
  expect(aws.operations()).toEqual(['DeleteConnection', 'GetRetainedMessage']);
});

test('A second sweep changes nothing', async () => {
  const aws = account();
  for (const [, drift] of blocking) drift(aws);
  await run(aws);
  aws.calls.length = 0;
  await run(aws);
  expect(aws.operations().filter((operation) => /Detach|Publish|Update/.test(operation))).toEqual([]);
});

describe('time', () => {
  test('A sweep waits for a detachment that takes almost five minutes', async () => {
    const aws = account();
    for (const [, drift] of blocking.slice(0, -1)) drift(aws);
    aws.detachTakes = 99;
    await run(aws);
    deleteFleet(aws);
    expectOnlyTheStranger(aws);
  });

  test('A sweep gives up an attachment that AWS still lists after five minutes', async () => {
    const aws = account();
    aws.policyTargets.add(`car1 ${stranger}`);
    aws.detachTakes = Number.POSITIVE_INFINITY;
    await expect(run(aws)).rejects.toThrow(
      `Still to do: detaching the policy "car1" from ${stranger} (asked for five minutes ago, and AWS IoT still lists it).`,
    );
    expect(aws.time).toBe(300_000);
  });

  test('Throttling and faults of the service only delay a sweep', async () => {
    const aws = account();
    for (const [, drift] of blocking.slice(0, -1)) drift(aws);
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

  test.each([
    ['calls that get no answer', { name: 'TimeoutError' }],
    ['broken connections', { name: 'Error', code: 'ECONNRESET' }],
    ['faults that the SDK does not know', { name: 'Unknown', $fault: 'client', $metadata: { httpStatusCode: 503 } }],
  ])('A minute of %s only delays a sweep', async (_name, fields) => {
    const aws = account();
    aws.policyTargets.add(`car1 ${stranger}`);
    aws.fail = () => (aws.time < 60_000 ? Object.assign(new Error('no network'), fields) : undefined);
    await run(aws);
    deleteFleet(aws);
    expectOnlyTheStranger(aws);
  });

  test('An error of our own ends a sweep at once, and is named', async () => {
    const aws = account();
    aws.fail = (operation) => (operation === 'DeleteConnection' ? new TypeError('x is not a function') : undefined);
    await expect(run(aws)).rejects.toThrow('(TypeError: x is not a function)');
    expect(aws.time).toBe(0);
  });

  /** A sweep whose time is up after the first pause. */
  function runUntilPause(aws: FakeAws): Promise<void> {
    const end = new AbortController();
    return sweep({ devices, topic }, aws, { ...aws.timing(end.signal), pause: async () => end.abort() });
  }

  test('A sweep that is throttled until its time is up names what is left', async () => {
    const aws = account();
    aws.fail = () => exception('ThrottlingException');
    await expect(runUntilPause(aws)).rejects.toThrow(
      `Still to do: setting ${certificate('car1')} to INACTIVE (ThrottlingException: ThrottlingException of the fake); `,
    );
  });

  test('A sweep names a detachment that AWS still lists when the time is up', async () => {
    const aws = account();
    aws.policyTargets.add(`car1 ${stranger}`);
    aws.detachTakes = Number.POSITIVE_INFINITY;
    await expect(runUntilPause(aws)).rejects.toThrow(
      `Still to do: detaching the policy "car1" from ${stranger} (asked for, and not yet confirmed).`,
    );
  });

  test('A sweep without any time names what it did not begin', async () => {
    await expect(run(account(), AbortSignal.abort())).rejects.toThrow(
      'Still to do: disconnecting "car1-client" and dropping its session (no time was left); ',
    );
  });

  test('A sweep whose time is up among thousands of attachments has disarmed every device, and names a few of them', async () => {
    const aws = account();
    attachToThousands(aws);
    const end = new AbortController();
    let detached = 0;
    aws.fail = (operation) => {
      if (operation === 'DetachPolicy' && ++detached === 1_000) end.abort();
      return undefined;
    };
    const { message } = await refusalOf(() => run(aws, end.signal));
    expect(message).toMatch(/^Still to do: detaching the policy "car2" from .*; and \d+ more\.$/);
    // CloudFormation takes a reason of 4,096 bytes.
    expect(message.length).toBeLessThan(2_000);
    expect(statuses(aws)).toEqual(['INACTIVE', 'INACTIVE', 'INACTIVE']);
    expect(aws.operations().filter((operation) => operation === 'DeleteConnection')).toHaveLength(3);
  });
});

describe('a function that is killed', () => {
  beforeEach(() => void jest.spyOn(console, 'log').mockImplementation());
  afterEach(() => jest.restoreAllMocks());

  /** Performs some work, of which a call and all calls after it do nothing. @returns whether the work came to that call */
  async function killedAt(aws: FakeAws, call: number, work: () => Promise<void>): Promise<boolean> {
    const before = aws.calls.length;
    aws.fail = () => (aws.calls.length - before > call ? new Error('killed') : undefined);
    const isKilled = await work().then(
      () => false,
      () => true,
    );
    aws.fail = () => undefined;
    return isKilled;
  }

  test('After a sweep that was killed at any of its calls, another one leaves nothing', async () => {
    let calls = 0;
    for (let isKilled = true; isKilled; calls += 1) {
      const aws = account();
      for (const [, drift] of blocking.slice(0, -1)) drift(aws);
      aws.retained.add(topic);
      for (const { clientId } of devices) aws.connections.add(clientId);
      isKilled = await killedAt(aws, calls, () => run(aws));
      await run(aws);
      deleteFleet(aws);
      expectOnlyTheStranger(aws);
    }
    expect(calls).toBeGreaterThan(20);
  });

  test('After arming that was killed at any of its calls, another one activates nothing that a person deactivated', async () => {
    let calls = 0;
    for (let isKilled = true; isKilled; calls += 1) {
      const aws = account();
      aws.certificates.set(certificate('car1'), 'INACTIVE');
      await run(aws);
      isKilled = await killedAt(aws, calls, () => runArm(aws));
      const active = devices.filter(({ certificateArn = '' }) => aws.certificates.get(certificateArn) === 'ACTIVE');
      for (const { certificateArn = '' } of active) aws.certificates.set(certificateArn, 'INACTIVE');
      await runArm(aws);
      for (const { certificateArn = '' } of active) expect(aws.certificates.get(certificateArn)).toBe('INACTIVE');
      expect(statuses(aws)[0]).toBe('INACTIVE');
    }
    expect(calls).toBeGreaterThan(5);
  });
});

describe('refusals', () => {
  test('A refused detachment is named once, everything else is done, and another sweep goes on from there', async () => {
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
    ['DescribeCertificate', `setting ${certificate('car1')} to INACTIVE`],
    ['UpdateCertificate', `setting ${certificate('car1')} to INACTIVE`],
    ['DeleteConnection', 'disconnecting "car1-client" and dropping its session'],
    ['GetRetainedMessage', 'clearing the retained message on "cars/data"'],
  ])('A sweep to which AWS refuses %s fails with "%s"', async (refused, what) => {
    const aws = account();
    aws.fail = (operation) => (operation === refused ? exception('UnauthorizedException') : undefined);
    await expect(run(aws)).rejects.toThrow(`${what} (UnauthorizedException: `);
  });

  test.each(['AccessDeniedException', 'ForbiddenException', 'UnauthorizedException'])(
    'A sweep and arming wait for rights that IAM does not know in the first minute, and no longer: %s',
    async (name) => {
      const aws = account();
      aws.fail = () => (aws.time < 50_000 ? exception(name) : undefined);
      await run(aws);
      expect(statuses(aws)).toEqual(['INACTIVE', 'INACTIVE', 'INACTIVE']);
      aws.fail = () => exception(name);
      const began = aws.time;
      await expect(runArm(aws)).rejects.toThrow(name);
      expect(aws.time - began).toBe(60_000);
      aws.fail = () => (aws.time - began < 110_000 ? exception(name) : undefined);
      await runArm(aws);
      expect(statuses(aws)).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE']);
    },
  );

  test('A refused activation is named, and the other certificates are ACTIVE', async () => {
    const aws = account();
    await run(aws);
    aws.fail = (operation, input) =>
      operation === 'UpdateCertificate' && input.certificateId === 'of-car1'
        ? exception('UnauthorizedException')
        : undefined;
    await expect(runArm(aws)).rejects.toThrow(
      `Still to do: activating the certificate of "car1-client", ${certificate('car1')} (UnauthorizedException: `,
    );
    expect(aws.certificates.get(certificate('car2'))).toBe('ACTIVE');
  });
});
