import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { Fleet } from '../../lib/fleet/fleet';
import { demoContext } from '../support/demo-fleet';
import { temporaryFolder } from '../support/temporary-folder';
import { useMaintainedFleet } from './use-maintained-fleet';

// The rows of docs/maintenance.md about the devices' keys and certificates, with its commands, on an account of IoT Core Local.

const checkout = useMaintainedFleet();
const [car1, car2, subscriber2A, subscriber2B, consumer3] = Fleet.fromContext(demoContext).devices;
const copies = temporaryFolder();

const certificateOf = (thingName: string) => checkout.account.fixture.iotCore.certificatesOf(thingName)[0];

test('Lock out a stolen device: it is disconnected and stays locked out, also if a destroy was begun before, and the others stay as they are', async () => {
  const others = [subscriber2A, subscriber2B, consumer3];
  const before = await checkout.statesOf([car2, ...others]);
  const [stolen, connected] = [
    await checkout.connect(car1, { session: 'persistent' }),
    await checkout.connect(consumer3),
  ];

  const { output } = await checkout.type('Lock out a stolen device', 0, {
    thing: 'car1',
    'client id': 'car1',
    'certificate id': certificateOf('car1').certificateId,
  });
  expect(output).toContain(`cert/${certificateOf('car1').certificateId}`);
  expect(await checkout.statesOf([car2, ...others])).toEqual(before);
  expect([stolen.open, connected.open]).toEqual([false, true]);
  expect(await checkout.trials([car1, car2, subscriber2A])).toEqual({
    car1: 'cannot connect',
    car2: 'works',
    subscriber2A: 'works',
  });

  // A destroy that is not finished, while car2 is stolen.
  expect(await checkout.type('Remove devices that somebody attached things to', 0)).toMatchObject({ exitCode: 0 });
  const status = await checkout.script('status');
  expect(status).toMatchObject({
    exitCode: 1,
    output: expect.stringContaining('To keep the fleet: npx cdk deploy --all'),
  });
  expect(status.output).toMatch(
    'A destroy that was not finished deactivated car2, subscriber2A, subscriber2B, consumer3.',
  );
  expect(status.output).toContain('Somebody deactivated the certificate of "car1"');
  expect(await checkout.type('Lock out a stolen device', 1, { thing: 'car2' })).toMatchObject({ exitCode: 0 });
  const { car2: _, ...unchanged } = before;
  expect(await checkout.statesOf(others)).toEqual(unchanged);
  expect(await checkout.trials([car1, car2, ...others])).toEqual({
    car1: 'cannot connect',
    car2: 'cannot connect',
    subscriber2A: 'works',
    subscriber2B: 'works',
    consumer3: 'works',
  });
}, 120_000);

test('Give a device a new key and certificate: the old key cannot connect, and the others stay as they are', async () => {
  const others = [car2, subscriber2A, subscriber2B, consumer3];
  const before = await checkout.statesOf(others);
  const old = certificateOf('car1');
  const resources = await checkout.physicalIdsOf('car1');
  cpSync(checkout.folderOf('car1').path, join(copies, 'account', 'car1'), { recursive: true });

  const { exitCode, output } = await checkout.type('Give a device a new key and certificate', 0, { thing: 'car1' });
  expect([exitCode, output]).toEqual([0, expect.stringContaining('car1: certificate written')]);
  expect(output.match(/: has its certificate/g)).toHaveLength(others.length);
  expect(await checkout.statesOf(others)).toEqual(before);
  expect(checkout.account.fixture.registry.findCertificate(old.certificateId)).toBeUndefined();
  expect(checkout.account.fixture.registry.getPolicy('car1').defaultVersionId).toBe('1');
  const replaced = (await checkout.physicalIdsOf('car1')).flatMap(([logicalId, physicalId]) =>
    resources.some((each) => each[1] === physicalId) ? [] : [logicalId?.slice(0, -8)],
  );
  expect(replaced.sort()).toEqual(['car1Certificate', 'car1PolicyAttachment', 'car1ThingAttachment']);
  expect(await checkout.trial(car1, copies)).toBe('cannot connect');
  expect(await checkout.trials([car1, car2, subscriber2A])).toEqual({
    car1: 'works',
    car2: 'works',
    subscriber2A: 'works',
  });
}, 120_000);

test('Replace a revoked certificate: the device gets a new one, the old one is attached to nothing and can be deleted, and the others stay as they are', async () => {
  const others = [car2, subscriber2A, subscriber2B, consumer3];
  const before = await checkout.statesOf(others);
  const { certificateId, certificateArn } = certificateOf('car1');
  await checkout.account.iot.updateCertificate({ certificateId, newStatus: 'REVOKED' });
  const { registry } = checkout.account.fixture;
  const status = await checkout.type('Replace a revoked certificate', 0);
  expect(status).toMatchObject({ exitCode: 1, output: expect.stringContaining(`"certificateId": "${certificateId}"`) });
  expect(status.output).toContain('The certificate of "car1" is REVOKED for good.');
  const { exitCode, output } = await checkout.type('Replace a revoked certificate', 1, { thing: 'car1' });
  expect([exitCode, output]).toEqual([0, expect.stringContaining('car1: certificate written')]);
  expect([registry.listAttachedPolicies(certificateArn), registry.listPrincipalThings(certificateArn)]).toEqual([
    [],
    [],
  ]);
  expect(await checkout.type('Replace a revoked certificate', 2, { 'certificate id': certificateId })).toMatchObject({
    exitCode: 0,
  });
  expect(registry.findCertificate(certificateId)).toBeUndefined();
  expect(await checkout.statesOf(others)).toEqual(before);
  expect(await checkout.trials([car1, car2])).toEqual({ car1: 'works', car2: 'works' });
}, 120_000);
