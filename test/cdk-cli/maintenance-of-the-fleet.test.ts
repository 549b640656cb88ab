import { readFileSync, writeFileSync } from 'node:fs';
import { fleetWith } from '../support/demo-fleet';
import { useMaintainedFleet } from './use-maintained-fleet';

// The rows of docs/maintenance.md that change the fleet, with its commands, on an account of IoT Core Local.

const checkout = useMaintainedFleet();
const [car1, car2, subscriber2A, subscriber2B, consumer3] = fleetWith().devices;

/** The device of the edited cdk.json. */
const edited = (thingName: string) => checkout.fleet.devices.find((device) => device.thingName === thingName)!;

test('Add devices: a new device gets a key and a certificate, and the others stay as they are and stay connected', async () => {
  const others = [car1, car2, subscriber2A, subscriber2B, consumer3];
  const before = await checkout.statesOf(others);
  const connected = await checkout.connect(consumer3);
  checkout.edit({ cars: ['car1', 'car2', 'car3'] });

  const { exitCode, output } = await checkout.withApp.type('Add devices', 0);
  expect([exitCode, output]).toEqual([0, expect.stringContaining('car3: certificate written')]);
  expect(output.match(/: has its certificate/g)).toHaveLength(others.length);
  expect(await checkout.statesOf(others)).toEqual(before);
  expect(connected.open).toBe(true);
  expect(await checkout.trials([edited('car3'), car1, subscriber2A])).toEqual({
    car3: 'works',
    car1: 'works',
    subscriber2A: 'works',
  });
  const status = await checkout.script('status');
  expect(status).toMatchObject({ exitCode: 0, output: expect.stringContaining('6 of 6 devices have an ACTIVE') });
}, 120_000);

test('Remove devices: they cannot connect, what a stranger is attached to is left and the CLI says so, and the others stay as they are and stay connected', async () => {
  const { account } = checkout;
  const others = [car1, subscriber2A, consumer3];
  const before = await checkout.statesOf(others);
  const connected = await checkout.connect(consumer3);
  const session = await checkout.connect(subscriber2B, { session: 'persistent' });
  await session.subscribe('$share/group2/cars/data', 1);
  await session.end();
  const target = (await account.fixture.device('stranger')).certificate.certificateArn;
  await account.iot.attachPolicy({ policyName: 'car2', target });
  checkout.edit({ cars: ['car1'], groups: { group2: ['subscriber2A'] } });

  const { exitCode, output } = await checkout.type('Remove devices', 0);
  expect([exitCode, output]).toEqual([0, expect.stringContaining('Some resources failed to delete but were skipped')]);
  expect(await checkout.statesOf(others)).toEqual(before);
  expect(connected.open).toBe(true);
  expect(await checkout.trials([car1, car2, subscriber2A, subscriber2B])).toEqual({
    car1: 'works',
    car2: 'cannot connect',
    subscriber2A: 'works',
    subscriber2B: 'cannot connect',
  });
  const { clientId } = subscriber2B;
  const subscriptions = async () => (await account.iotData.listSubscriptions({ clientId })).subscriptions;
  expect(await subscriptions()).toHaveLength(1);
  await checkout.type('Remove devices', 1, { 'client id': clientId });
  expect(await subscriptions()).toEqual([]);

  const policies = () => account.fixture.registry.listPolicies().map(({ policyName }) => policyName);
  expect(policies()).toEqual(['car1', 'car2', 'subscriber2A', 'consumer3', 'stranger']);
  await account.iot.detachPolicy({ policyName: 'car2', target });
  await checkout.type('Remove devices', 2, { thing: 'car2' });
  expect(policies()).toEqual(['car1', 'subscriber2A', 'consumer3', 'stranger']);
  const status = await checkout.script('status');
  expect(status).toMatchObject({ exitCode: 0, output: expect.stringContaining('3 of 3 devices have an ACTIVE') });
  expect(status.output).toContain('"car2" is neither in the fleet of cdk.json nor deployed');
}, 120_000);

test('Remove devices that somebody attached things to: no device can connect until the deployment is done, and the others are then what they were', async () => {
  const { account } = checkout;
  const others = [car1, subscriber2A, subscriber2B, consumer3];
  const before = await checkout.statesOf(others);
  const stranger = await account.fixture.device('stranger');
  await account.iot.attachPolicy({ policyName: 'car2', target: stranger.certificate.certificateArn });
  await account.iot.attachThingPrincipal({ thingName: 'car2', principal: stranger.certificate.certificateArn });

  expect(await checkout.type('Remove devices that somebody attached things to', 0)).toMatchObject({ exitCode: 0 });
  expect(new Set(Object.values(await checkout.trials([car2, ...others])))).toEqual(new Set(['cannot connect']));
  checkout.edit({ cars: ['car1'] });
  expect(await checkout.type('Remove devices that somebody attached things to', 1)).toMatchObject({ exitCode: 0 });
  expect(await checkout.statesOf(others)).toEqual(before);
  expect(await checkout.trials([car2, ...others])).toEqual({
    car2: 'cannot connect',
    car1: 'works',
    subscriber2A: 'works',
    subscriber2B: 'works',
    consumer3: 'works',
  });
  const { registry } = account.fixture;
  expect(registry.hasThing('car2')).toBe(false);
  expect(registry.listPolicies().map(({ policyName }) => policyName)).not.toContain('car2');
}, 120_000);

test('Rename a device: it is a new device, the old one cannot connect, and the others stay as they are', async () => {
  const others = [car1, subscriber2A, subscriber2B, consumer3];
  const before = await checkout.statesOf(others);
  writeFileSync(checkout.folderOf('car2').messagesFile, '{"edited": true}\n');
  checkout.edit({ cars: ['car1', 'van2'] });

  const { exitCode, output } = await checkout.type('Rename a device', 0, { 'old thing': 'car2', 'new thing': 'van2' });
  expect([exitCode, output]).toEqual([0, expect.stringContaining('van2: certificate written')]);
  expect(await checkout.statesOf(others)).toEqual(before);
  expect(await checkout.trials([car2, edited('van2'), car1])).toEqual({
    car2: 'cannot connect',
    van2: 'works',
    car1: 'works',
  });
  expect(readFileSync(checkout.folderOf('van2').messagesFile, 'utf8')).toContain('edited');
}, 120_000);

test('Move a device to another group: its policy gets a new version and nothing else changes, and its persistent session stays in the old group', async () => {
  const others = [car1, subscriber2A, consumer3];
  const before = await checkout.statesOf([...others, car2, subscriber2B]);
  const session = await checkout.connect(subscriber2B, { session: 'persistent' });
  await session.subscribe('$share/group2/cars/data', 1);
  await session.end();
  checkout.edit({ cars: ['car1'], groups: { group2: ['subscriber2A'], group3: ['subscriber2B', 'car2'] } });

  expect(await checkout.type('Move a device to another group', 0)).toMatchObject({ exitCode: 0 });
  expect(await checkout.statesOf(others)).toEqual(withPolicyVersion(1, before, others));
  const moved = [subscriber2B, car2];
  expect(await checkout.statesOf(moved)).toEqual(withPolicyVersion(2, before, moved));
  const status = await checkout.script('status');
  expect(status.output).toMatch(/subscriber2B .* \$share\/group2\/cars\/data/);
  expect(await checkout.trials([edited('subscriber2B'), edited('car2'), subscriber2A])).toEqual({
    subscriber2B: 'works',
    car2: 'works',
    subscriber2A: 'works',
  });
  expect(edited('car2').clientId).toBe('car2-sub');
  expect(await checkout.trials([subscriber2B, car2])).toEqual({
    subscriber2B: 'may not subscribe',
    car2: 'cannot connect',
  });
}, 120_000);

test('Change the topic: each policy gets a new version and nothing else changes, and a retained message on the old topic stays until it is cleared', async () => {
  const all = [car1, car2, subscriber2A, subscriber2B, consumer3];
  const before = await checkout.statesOf(all);
  const { iotData } = checkout.account;
  await iotData.publish({ topic: 'cars/data', retain: true, payload: Buffer.from('kept') });
  checkout.edit({ topic: 'trucks/data' });

  expect(await checkout.type('Change the topic', 0)).toMatchObject({ exitCode: 0 });
  expect(await checkout.statesOf(all)).toEqual(withPolicyVersion(2, before, all));
  expect(new Set(Object.values(await checkout.trials(checkout.fleet.devices)))).toEqual(new Set(['works']));
  expect(await checkout.trials(all)).toEqual({
    car1: 'may not publish',
    car2: 'may not publish',
    subscriber2A: 'may not subscribe',
    subscriber2B: 'may not subscribe',
    consumer3: 'may not subscribe',
  });
  const retained = () => iotData.getRetainedMessage({ topic: 'cars/data' });
  await expect(retained()).resolves.toMatchObject({ topic: 'cars/data' });
  await checkout.type('Change the topic', 1, { 'old topic': 'cars/data' });
  await expect(retained()).rejects.toThrow('cars/data');
}, 120_000);

/** States of devices, but for their policies, of which only the newest version's id is known. */
function withPolicyVersion(
  version: number,
  states: Record<string, unknown>,
  devices: readonly { thingName: string }[],
) {
  return Object.fromEntries(
    devices.map(({ thingName }) => {
      const state = states[thingName] as { policy: object };
      const policy = version === 1 ? state.policy : expect.objectContaining({ defaultVersionId: `${version}` });
      return [thingName, { ...state, policy }];
    }),
  );
}
