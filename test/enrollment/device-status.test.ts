import { type AwsClients, clientsOfIotCoreLocal } from '../../lib/enrollment/aws-clients';
import { deviceStatus, fleetStatus } from '../../lib/enrollment/device-status';
import type { Device } from '../../lib/fleet/fleet';
import { IotError } from '../../lib/iot-core-local/registry/iot-error';
import { fleetWith } from '../support/demo-fleet';
import { useIotCore } from '../support/use-iot-core';

const fixture = useIotCore({ apiPort: 0 });
let clients: AwsClients;
const [member, , consumer] = fleetWith().subscribers;

beforeAll(() => {
  clients = clientsOfIotCoreLocal(fixture.iotCore.apiUrl!);
});

afterEach(() => {
  fixture.iotCore.controlPlane!.faults.throttledOf = 0;
});

const statusOf = (device: Device) => deviceStatus(device, clients);

test('A device without a thing is not deployed', async () => {
  expect(await statusOf(consumer)).toEqual({
    thingName: 'consumer3',
    clientId: 'consumer3-sub',
    isDeployed: false,
    certificates: [],
    isConnected: false,
    since: undefined,
    subscriptions: [],
  });
});

test('A group’s member has its subscription, certificate and policy in its status', async () => {
  const device = await fixture.device(member.thingName);
  const before = Date.now();
  const client = await fixture.connect(device, 5, { clientId: member.clientId });
  await client.subscribeAsync(member.topicFilter, { qos: 1 });
  const { since, ...status } = await statusOf(member);
  expect(status).toEqual({
    thingName: 'subscriber2A',
    clientId: 'subscriber2a-sub',
    isDeployed: true,
    certificates: [
      {
        certificateId: device.certificate.certificateId,
        status: 'ACTIVE',
        isDeactivatedByTeardown: false,
        policies: ['subscriber2A'],
      },
    ],
    isConnected: true,
    subscriptions: [{ topicFilter: '$share/group2/cars/data', qos: 1 }],
  });
  expect(since!.getTime()).toBeGreaterThanOrEqual(before - 1);
  await client.endAsync();
});

test('A certificate counts as deactivated by the teardown if its thing says so', async () => {
  const [parked] = fleetWith({ cars: ['parked'] }).cars;
  const { certificate } = await fixture.device(parked.thingName);
  const { certificateId } = certificate;
  const flags = async () =>
    (await statusOf(parked)).certificates.map(({ isDeactivatedByTeardown }) => isDeactivatedByTeardown);
  const remember = (id: string) =>
    fixture.registry.updateThing(parked.thingName, { attributes: { deactivatedByTeardown: id } });
  remember(certificateId);
  expect(await flags()).toEqual([false]);
  fixture.registry.updateCertificate(certificateId, 'INACTIVE');
  expect(await flags()).toEqual([true]);
  remember('0'.repeat(64));
  expect(await flags()).toEqual([false]);
  fixture.registry.updateCertificate(certificateId, 'REVOKED');
  remember(certificateId);
  expect(await flags()).toEqual([false]);
});

test('A question that fails for one device does not stop the others', async () => {
  const [car1, car2, ...others] = fleetWith().devices;
  for (const { thingName } of [car1, car2]) await fixture.device(thingName);
  const { certificateArn } = fixture.iotCore.certificatesOf('car2')[0];
  const listed = jest.spyOn(fixture.registry, 'listAttachedPolicies').mockImplementation((target) => {
    if (target === certificateArn) throw new IotError('ThrottlingException', 'Rate exceeded');
    return [];
  });
  const statuses = await fleetStatus([car1, car2, ...others], clients);
  listed.mockRestore();
  expect(statuses.map(({ thingName }) => thingName)).toEqual([
    'car1',
    'car2',
    ...others.map(({ thingName }) => thingName),
  ]);
  expect(statuses[0]).toMatchObject({ isDeployed: true });
  expect(statuses[1]).toEqual({
    thingName: 'car2',
    clientId: 'car2',
    failure: '"car2" could not be looked up: AWS throttles the account. Run the command again in a while.',
  });
  expect(statuses[4]).toMatchObject({ isDeployed: false });
});

test('A question that fails for the first device ends the status', async () => {
  fixture.iotCore.controlPlane!.faults.throttledOf = 1;
  await expect(fleetStatus(fleetWith().devices, clients)).rejects.toThrow(
    /^"car1" could not be looked up: AWS throttles/,
  );
});

test('An exception other than ResourceNotFoundException is not taken for absence', async () => {
  fixture.iotCore.controlPlane!.faults.throttledOf = 1;
  await expect(statusOf(member)).rejects.toThrow('Rate exceeded');
});
