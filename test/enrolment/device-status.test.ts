import { IoTClient } from '@aws-sdk/client-iot';
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane';
import { deviceStatus, fleetStatus, type StatusClients } from '../../lib/enrolment/device-status';
import type { Member } from '../../lib/fleet/fleet';
import { IotError } from '../../lib/iot-core-local/registry/iot-error';
import { configOf } from '../support/clients';
import { fleetWith } from '../support/demo-fleet';
import { StandIn } from '../support/stand-in';

let standIn: StandIn;
let clients: StatusClients;
const [member, , consumer] = fleetWith().subscribers;

beforeAll(async () => {
  standIn = await StandIn.start({ apiPort: 0 });
  const config = { ...configOf(standIn), maxAttempts: 1 };
  clients = { iot: new IoTClient(config), iotData: new IoTDataPlaneClient(config) };
});

afterAll(() => standIn.stop());

afterEach(() => {
  standIn.iotCore.controlPlane!.manners.throttledOf = 0;
});

const statusOf = (device: Member) => deviceStatus(device, clients);

test('what is not deployed is told as such', async () => {
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

test('a group’s member is seen by its subscription, with its certificate and its policy', async () => {
  const device = await standIn.device(member.thingName);
  const before = Date.now();
  const client = await standIn.connect(device, 5, { clientId: member.clientId });
  await client.subscribeAsync(member.topicFilter, { qos: 1 });
  const { since, ...status } = await statusOf(member);
  expect(status).toEqual({
    thingName: 'subscriber2A',
    clientId: 'subscriber2a-sub',
    isDeployed: true,
    certificates: [{ certificateId: device.certificate.certificateId, status: 'ACTIVE', policies: ['subscriber2A'] }],
    isConnected: true,
    subscriptions: [{ topicFilter: '$share/group2/cars/data', qos: 1 }],
  });
  expect(since!.getTime()).toBeGreaterThanOrEqual(before - 1);
  await client.endAsync();
});

test('a device that AWS gives no answer about does not keep the others from theirs', async () => {
  const [car1, car2, ...others] = fleetWith().members;
  for (const { thingName } of [car1, car2]) await standIn.device(thingName);
  const { certificateArn } = standIn.iotCore.certificatesOf('car2')[0];
  const listed = jest.spyOn(standIn.registry, 'listAttachedPolicies').mockImplementation((target) => {
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

test('where AWS gives no answer about the first, it is not asked about the others', async () => {
  standIn.iotCore.controlPlane!.manners.throttledOf = 1;
  await expect(fleetStatus(fleetWith().members, clients)).rejects.toThrow(
    /^"car1" could not be looked up: AWS throttles/,
  );
});

test('other failures are not taken for absence', async () => {
  standIn.iotCore.controlPlane!.manners.throttledOf = 1;
  await expect(statusOf(member)).rejects.toThrow('Rate exceeded');
});
