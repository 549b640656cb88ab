import { createPrivateKey } from 'node:crypto';
import { ResourceNotFoundException } from '@aws-sdk/client-iot-data-plane';
import { newCertificateRequest } from '../../lib/devices/certificate-request';
import { deactivatedAttribute } from '../../lib/fleet/thing-attributes';
import { IotError } from '../../lib/iot-core-local/registry/iot-error';
import type { FleetProperties } from '../../lib/stacks/sweep/fleet-resources';
import { ownedDevices } from '../../lib/stacks/sweep/fleet-resources';
import { sweep } from '../../lib/stacks/sweep/sweep';
import { newPrivateKey } from '../../lib/util/private-key';
import type { Account } from '../support/clients';
import { type DemoStacks, synthesizeStacks } from '../support/demo-stacks';
import { policyOf, type TestDevice } from '../support/iot-core-fixture';
import { openSweepSession, type SweepSession } from '../support/sweep-session';
import { useAccount } from '../support/use-account';

const account = useAccount({ forEachTest: true });
let stacks: DemoStacks;
let stranger: TestDevice;

beforeAll(async () => {
  stacks = await synthesizeStacks();
});
beforeEach(async () => {
  stranger = await account.fixture.device('stranger');
  await account.fixture.iotCore.deploy(stacks.fleetTemplate, stacks.fleetStackName);
});

const core = () => account.fixture.iotCore;
const registry = () => account.fixture.registry;
const ofStranger = () => stranger.certificate.certificateArn;
const certificateOf = (thingName: string) => core().certificatesOf(thingName)[0];
const arnOf = (thingName: string) => certificateOf(thingName).certificateArn;
const certificateStatuses = () => stacks.fleet.devices.map(({ thingName }) => certificateOf(thingName).status);

/** Changes the status of a device's certificate as a person does. */
function setStatus(thingName: string, newStatus: 'INACTIVE' | 'REVOKED') {
  return account.iot.updateCertificate({ certificateId: certificateOf(thingName).certificateId, newStatus });
}

/** A client of a device, of the kind whose session outlives its connection. */
function connect(thingName: string) {
  const clientId = stacks.fleet.devices.find((device) => device.thingName === thingName)!.clientId;
  const credentials = { key: stacks.keys.get(thingName)!, certificate: certificateOf(thingName).certificatePem };
  const device = { thingName, credentials, certificate: certificateOf(thingName) };
  return account.fixture.connect(device, 5, { clientId, clean: false, properties: { sessionExpiryInterval: 3600 } });
}

/** What the message broker holds of the fleet beyond its connections. */
async function inTheBroker() {
  const { iotData } = account;
  const session = await iotData.listSubscriptions({ clientId: 'subscriber2a-sub' }).catch(unlessMissing);
  const retained = await iotData.getRetainedMessage({ topic: 'cars/data' }).catch(unlessMissing);
  return {
    filters: (session?.subscriptions ?? []).map(({ topicFilter }) => topicFilter),
    message: retained?.payload && Buffer.from(retained.payload).toString(),
  };
}

function unlessMissing(error: unknown): undefined {
  if (!(error instanceof ResourceNotFoundException)) throw error;
}

interface Resource {
  readonly Properties: Record<string, unknown>;
}

interface Drift {
  /** What somebody has done to the fleet. */
  readonly drift: string;
  bringAbout(): Promise<unknown>;
  /** What CloudFormation then says on deleting the fleet, if it cannot. */
  readonly refusal?: RegExp;
}

const drifts: readonly Drift[] = [
  {
    drift: 'a policy of the fleet on a stranger’s certificate',
    bringAbout: () => account.iot.attachPolicy({ policyName: 'car1', target: ofStranger() }),
    refusal:
      /^car1Policy\w* \(AWS::IoT::Policy\) could not be deleted: The policy cannot be deleted as the policy is attached/,
  },
  {
    drift: 'a stranger’s certificate on a thing of the fleet',
    bringAbout: () => account.iot.attachThingPrincipal({ thingName: 'car2', principal: ofStranger() }),
    refusal: /^car2Thing\w* \(AWS::IoT::Thing\) could not be deleted: Cannot delete. Thing car2 is still attached/,
  },
  {
    drift: 'a stranger’s policy on a certificate of the fleet',
    bringAbout: () => account.iot.attachPolicy({ policyName: 'stranger', target: arnOf('subscriber2A') }),
    refusal:
      /^subscriber2ACertificate\w* \(AWS::IoT::Certificate\) could not be deleted: Certificate policies must be detached/,
  },
  {
    drift: 'a stranger’s thing on a certificate of the fleet',
    bringAbout: () => account.iot.attachThingPrincipal({ thingName: 'stranger', principal: arnOf('subscriber2B') }),
    refusal: /^subscriber2BCertificate\w* \(AWS::IoT::Certificate\) could not be deleted: Things must be detached/,
  },
  {
    drift: 'a policy’s further versions',
    async bringAbout() {
      const policyDocument = JSON.stringify(policyOf(['iot:Connect client/x']));
      for (const setAsDefault of [false, true]) {
        await account.iot.createPolicyVersion({ policyName: 'car2', policyDocument, setAsDefault });
      }
    },
  },
  {
    drift: 'a client that is connected, and its session',
    async bringAbout() {
      const client = await connect('subscriber2A');
      await client.subscribeAsync('$share/group2/cars/data', { qos: 1 });
    },
  },
  {
    drift: 'a retained message',
    bringAbout: () => account.iotData.publish({ topic: 'cars/data', retain: true, payload: Buffer.from('kept') }),
  },
  {
    drift: 'a certificate that somebody deactivated',
    bringAbout: () => setStatus('car2', 'INACTIVE'),
  },
  {
    drift: 'a thing and a policy that are gone already',
    async bringAbout() {
      await detachAll('consumer3');
      await account.iot.deleteThing({ thingName: 'consumer3' });
      await account.iot.deletePolicy({ policyName: 'consumer3' });
    },
  },
];

/** Detaches a device's certificate from its thing and its policy, as a person does. */
async function detachAll(thingName: string): Promise<void> {
  const principal = arnOf(thingName);
  await account.iot.detachThingPrincipal({ thingName, principal });
  await account.iot.detachPolicy({ policyName: thingName, target: principal });
}

function expectOnlyTheStranger(): void {
  expect(
    registry()
      .listThings()
      .map(({ thingName }) => thingName),
  ).toEqual(['stranger']);
  expect(
    registry()
      .listPolicies()
      .map(({ policyName }) => policyName),
  ).toEqual(['stranger']);
  expect(registry().listCertificates()).toEqual([stranger.certificate]);
  expect(stranger.certificate.status).toBe('ACTIVE');
  expect(
    registry()
      .listThingPrincipals('stranger')
      .map(({ principal }) => principal),
  ).toEqual([ofStranger()]);
  expect(registry().listTargetsForPolicy('stranger')).toEqual([ofStranger()]);
}

/** The sweep of the teardown stack's function, without its waits. */
async function sweepWith(clients: Account | SweepSession, properties: FleetProperties): Promise<void> {
  const { signal } = new AbortController();
  const timing = { signal, now: () => performance.now(), pause: async () => {} };
  const devices = await ownedDevices(clients.cloudFormation, properties, timing);
  await sweep({ topic: stacks.fleet.topic, devices }, clients, timing);
}

/** The sweep, with the rights of that function. */
async function sweepNow(): Promise<void> {
  const session = await openSweepSession(account, stacks);
  await sweepWith(session, session.properties);
  session.close();
}

afterEach(() => {
  // What the sweep calls, it may call.
  expect(account.fixture.logText).not.toMatch('IAM denies');
});

describe('without the sweep', () => {
  test('Without the sweep, a fleet as it was deployed is deleted', async () => {
    await core().destroy();
    expectOnlyTheStranger();
  });

  test.each(drifts.filter(({ refusal }) => refusal))(
    'Without the sweep, $drift keeps the fleet from being deleted',
    async ({ bringAbout, refusal }) => {
      await bringAbout();
      await expect(core().destroy()).rejects.toThrow(refusal);
      // The role of the sweep is deleted already.
      await sweepWith(account, stacks.properties);
      await core().destroy();
      expectOnlyTheStranger();
    },
  );

  test.each(drifts.filter(({ refusal }) => !refusal))(
    'Without the sweep, the fleet is deleted in spite of $drift',
    async ({ bringAbout }) => {
      await bringAbout();
      await core().destroy();
      expectOnlyTheStranger();
    },
  );

  test('Without the sweep, a session and a retained message stay in the broker', async () => {
    for (const { bringAbout } of drifts) await bringAbout();
    await expect(core().destroy()).rejects.toThrow(AggregateError);
    expect(await inTheBroker()).toEqual({ filters: ['$share/group2/cars/data'], message: 'kept' });
  });
});

describe('with the sweep', () => {
  test.each(drifts)('With the sweep, nothing is left of $drift', async ({ bringAbout }) => {
    await bringAbout();
    await sweepNow();
    await core().destroy();
    expectOnlyTheStranger();
    expect(await inTheBroker()).toEqual({ filters: [], message: undefined });
  });

  test('With the sweep, nothing is left of all drifts together, though the service throttles and delays', async () => {
    await core().deploy(stacks.teardownTemplate, 'Teardown');
    const car = await connect('car1');
    const closed = new Promise<void>((resolve) => car.once('close', () => resolve()));
    for (const { bringAbout } of drifts) await bringAbout();
    Object.assign(account.controlPlane.faults, { pageSize: 1, throttledOf: 40, detachmentDelay: 3 });
    await core().destroy();
    await closed;
    Object.assign(account.controlPlane.faults, { throttledOf: 0 });
    expectOnlyTheStranger();
    expect(await inTheBroker()).toEqual({ filters: [], message: undefined });
    // What is destroyed already is no error.
    await core().destroy();
  }, 60_000);

  test('Destroying the teardown stack disarms the fleet, and deploying it again arms all but what somebody deactivated or revoked', async () => {
    await core().deploy(stacks.teardownTemplate, 'Teardown');
    expect(certificateStatuses()).toEqual(Array(5).fill('ACTIVE'));
    await setStatus('car1', 'INACTIVE');
    await core().destroy('Teardown');
    expect(certificateStatuses()).toEqual(Array(5).fill('INACTIVE'));
    await setStatus('car2', 'REVOKED');
    await core().deploy(stacks.teardownTemplate, 'Teardown');
    expect(certificateStatuses()).toEqual(['INACTIVE', 'REVOKED', 'ACTIVE', 'ACTIVE', 'ACTIVE']);
    expect(
      registry()
        .listThings()
        .filter(({ attributes }) => Object.hasOwn(attributes, deactivatedAttribute)),
    ).toEqual([]);
  }, 30_000);

  test('A revoked certificate fails no sweep, and only itself keeps the fleet’s stack from being deleted', async () => {
    await core().deploy(stacks.teardownTemplate, 'Teardown');
    await setStatus('car1', 'REVOKED');
    await expect(core().destroy()).rejects.toThrow(
      /^car1Certificate\w* \(AWS::IoT::Certificate\) could not be deleted: The certificate is REVOKED, and its status/,
    );
    expect(
      registry()
        .listCertificates()
        .map(({ status }) => status),
    ).toEqual(['ACTIVE', 'REVOKED']);
    expect(registry().listPrincipalThings(registry().listCertificates()[1].certificateArn)).toEqual([]);
  }, 30_000);

  test('A certificate that is gone fails no sweep, and only itself keeps the fleet’s stack from being deleted, until it is left out', async () => {
    const { certificateId } = certificateOf('consumer3');
    await detachAll('consumer3');
    await account.iot.updateCertificate({ certificateId, newStatus: 'INACTIVE' });
    await account.iot.deleteCertificate({ certificateId });
    await core().deploy(stacks.teardownTemplate, 'Teardown');
    await expect(core().destroy()).rejects.toThrow(
      new RegExp(
        `^consumer3Certificate\\w* \\(AWS::IoT::Certificate\\) could not be deleted: The certificate "${certificateId}" does not exist\\.$`,
      ),
    );
    const StackName = stacks.fleetStackName;
    const { StackResources = [] } = await account.cloudFormation.describeStackResources({ StackName });
    const left = StackResources.filter(({ ResourceStatus }) => ResourceStatus === 'DELETE_FAILED');
    const RetainResources = left.map(({ LogicalResourceId = '' }) => LogicalResourceId);
    await account.cloudFormation.deleteStack({ StackName, RetainResources });
    expectOnlyTheStranger();
  }, 30_000);

  test('A sweep that AWS refuses leaves both stacks and says how to go on, and destroying them again succeeds', async () => {
    await core().deploy(stacks.teardownTemplate, 'Teardown');
    const refused = jest.spyOn(registry(), 'updateCertificate').mockImplementationOnce(() => {
      throw new IotError('InvalidRequestException', 'Not now.');
    });
    await expect(core().destroy()).rejects.toThrow(
      /^Sweep \(Custom::FleetSweep\) could not be deleted: Still to do: setting \S+ to INACTIVE \(InvalidRequestException: Not now\.\)\. The fleet's devices cannot connect until it is armed again\. .* npx cdk deploy --all/,
    );
    refused.mockRestore();
    expect(registry().listThings()).toHaveLength(6);
    await core().destroy();
    expectOnlyTheStranger();
  }, 30_000);
});

test('A sweep that AWS refuses again and again can be left out, and then the fleet is deleted', async () => {
  await core().deploy(stacks.teardownTemplate, 'Teardown');
  const refused = jest.spyOn(registry(), 'updateCertificate').mockImplementation(() => {
    throw new IotError('InvalidRequestException', 'Not now.');
  });
  await expect(core().destroy()).rejects.toThrow(/^Sweep .* Not now/);
  await expect(core().destroy()).rejects.toThrow(/^Sweep .* Not now/);
  refused.mockRestore();
  await account.cloudFormation.deleteStack({ StackName: 'Teardown', RetainResources: ['Sweep'] });
  await core().destroy();
  expectOnlyTheStranger();
}, 30_000);

test('A fleet that is deployed again unchanged keeps its certificates', async () => {
  const before = stacks.fleet.devices.map(({ thingName }) => arnOf(thingName));
  await core().deploy(stacks.fleetTemplate, stacks.fleetStackName);
  expect(stacks.fleet.devices.map(({ thingName }) => arnOf(thingName))).toEqual(before);
});

test('A certificate that is replaced while a stranger’s policy is attached to it stays INACTIVE, and the stack’s events have its id and the reason', async () => {
  const { certificateId, certificateArn: target } = certificateOf('car1');
  await account.iot.attachPolicy({ policyName: 'stranger', target });
  const { Resources, ...template } = structuredClone(stacks.fleetTemplate) as { Resources: Record<string, Resource> };
  const logicalId = Object.keys(Resources).find((id) => id.startsWith('car1Certificate'))!;
  const key = createPrivateKey(newPrivateKey());
  Resources[logicalId].Properties.CertificateSigningRequest = await newCertificateRequest(key, 'car1');
  const StackName = stacks.fleetStackName;
  await core().deploy({ ...template, Resources }, StackName);
  const { StackEvents = [] } = await account.cloudFormation.describeStackEvents({ StackName });
  expect(StackEvents.filter(({ ResourceStatus }) => ResourceStatus === 'DELETE_FAILED')).toEqual([
    expect.objectContaining({
      LogicalResourceId: logicalId,
      PhysicalResourceId: certificateId,
      ResourceStatusReason: expect.stringContaining(`policies must be detached before deletion (arn: ${target})`),
    }),
  ]);
  expect(registry().describeCertificate(certificateId).status).toBe('INACTIVE');
  await account.iot.detachPolicy({ policyName: 'stranger', target });
  await account.iot.deleteCertificate({ certificateId });
  await core().destroy();
  expectOnlyTheStranger();
});
