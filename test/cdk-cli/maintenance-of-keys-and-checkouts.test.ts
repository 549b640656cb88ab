import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackEvent } from '@aws-sdk/client-cloudformation';
import { ResourceNotFoundException } from '@aws-sdk/client-iot';
import { parse } from 'yaml';
import { ensureCheckoutId } from '../../lib/devices/checkout-id';
import { checkoutAttribute } from '../../lib/fleet/thing-attributes';
import { defaultLocation } from '../../lib/iot-core-local/registry/arns';
import { accountOf } from '../support/clients';
import { fleetWith } from '../support/demo-fleet';
import { IotCoreFixture } from '../support/iot-core-fixture';
import { temporaryFolder } from '../support/temporary-folder';
import { useMaintainedFleet } from './use-maintained-fleet';

// The rows of docs/maintenance.md about keys, checkouts, accounts and versions, with its commands, on accounts of IoT Core Local.

const checkout = useMaintainedFleet();
const { devices } = fleetWith();
const [car1, car2, subscriber2A, subscriber2B, consumer3] = devices;
const copies = temporaryFolder();
const working = Object.fromEntries(devices.map(({ thingName }) => [thingName, 'works']));
const lockedOut = Object.fromEntries(devices.map(({ thingName }) => [thingName, 'cannot connect']));

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
  expect(await checkout.script('start', '--aws')).toMatchObject({
    exitCode: 1,
    output: expect.stringMatching(/car1 could not connect: .*\. npm run certs fetches the certificates of the last/),
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

test('Finish a destroy that failed at a certificate: the CLI names the revoked and the deleted one, and the commands leave nothing', async () => {
  const { iot, fixture } = checkout.account;
  const [revoked, deleted] = [certificateOf('car1'), certificateOf('consumer3')];
  await iot.updateCertificate({ certificateId: revoked.certificateId, newStatus: 'REVOKED' });
  const { certificateId, certificateArn: principal } = deleted;
  await iot.detachThingPrincipal({ thingName: 'consumer3', principal });
  await iot.detachPolicy({ policyName: 'consumer3', target: principal });
  await iot.updateCertificate({ certificateId, newStatus: 'INACTIVE' });
  await iot.deleteCertificate({ certificateId });
  const ids = [revoked, deleted].map(({ certificateId }) => certificateId);

  const destroyed = await checkout.cdk('destroy', '--all');
  expect(destroyed.exitCode).toBe(1);
  for (const { thingName } of [car1, consumer3]) {
    expect(destroyed.output).toMatch(new RegExp(`DELETE_FAILED.*${thingName}/Certificate`));
  }
  expect(await checkout.script('status')).toMatchObject({
    exitCode: 1,
    output: expect.stringMatching(
      /^"car1" has no certificate: .*how to finish a destroy that failed at its certificate/m,
    ),
  });
  const { output } = await checkout.type('Finish a destroy that failed at a certificate', 0);
  const { StackEvents } = JSON.parse(output.slice(output.indexOf('{')));
  const failed = (StackEvents as StackEvent[]).filter(
    ({ ResourceType, ResourceStatus }) =>
      ResourceType === 'AWS::IoT::Certificate' && ResourceStatus === 'DELETE_FAILED',
  );
  expect(failed.map(({ PhysicalResourceId }) => PhysicalResourceId).sort()).toEqual([...ids].sort());

  const logicalIds = failed.map(({ LogicalResourceId }) => LogicalResourceId).join(' ');
  await checkout.type('Finish a destroy that failed at a certificate', 1, { 'logical id': logicalIds });
  expect(fixture.registry.listCertificates().map(({ certificateId }) => certificateId)).toEqual([ids[0]]);
  await checkout.type('Finish a destroy that failed at a certificate', 2, { 'certificate id': ids[0] });
  await expect(
    checkout.type('Finish a destroy that failed at a certificate', 2, { 'certificate id': ids[1] }),
  ).rejects.toThrow(ResourceNotFoundException);
}, 120_000);

test('Work from another checkout: without the folder of the first a deployment is refused before anything changes, and with it no device changes', async () => {
  const before = await checkout.statesOf(devices);
  const second = checkout.another('second-checkout');
  const refused = await second.type('Add devices', 0);
  expect(refused).toMatchObject({ exitCode: 1, output: expect.stringContaining('FleetCheckout') });
  expect(await checkout.statesOf(devices)).toEqual(before);

  await second.type('Work from another checkout', 0);
  const { exitCode, output } = await second.type('Add devices', 0);
  expect([exitCode, output]).toEqual([0, expect.stringContaining('SharedSubscriptionsFleet (no changes)')]);
  expect(output.match(/: has its certificate/g)).toHaveLength(devices.length);
  expect(await checkout.statesOf(devices)).toEqual(before);
  expect(await second.trials(devices)).toEqual(working);
}, 120_000);

test('Take over a fleet whose keys are lost: all devices get new keys, the old ones cannot connect, the first checkout cannot deploy, and the other one destroys all of it', async () => {
  const second = checkout.another('taking-checkout');
  const { exitCode, output } = await second.type('Take over a fleet whose keys are lost', 0);
  expect([exitCode, output]).toEqual([0, expect.stringContaining('car1: certificate written')]);
  expect(output.match(/: certificate written/g)).toHaveLength(devices.length);
  expect(await second.trials(devices)).toEqual(working);
  expect(await checkout.trials(devices)).toEqual(lockedOut);
  const refused = await checkout.type('Add devices', 0);
  expect(refused).toMatchObject({ exitCode: 1, output: expect.stringContaining('FleetCheckout') });

  expect(await second.cdk('destroy', '--all')).toMatchObject({ exitCode: 0 });
  expect(checkout.account.fixture.registry.listThings()).toEqual([]);
}, 120_000);

test('Use another account or Region: a checkout of its own has keys of its own there, and the first fleet stays as it is', async () => {
  const location = { ...defaultLocation, region: 'eu-west-1', accountId: '210987654321' };
  const fixture = await IotCoreFixture.start({ apiPort: 0, location });
  const account = accountOf(fixture);
  try {
    const before = await checkout.statesOf(devices);
    const other = checkout.another('other-account', account);
    const { exitCode, output } = await other.type('Use another account or Region', 0);
    expect([exitCode, output]).toEqual([0, expect.stringContaining('in Region eu-west-1')]);
    expect(output.match(/: certificate written/g)).toHaveLength(devices.length);
    expect(await other.trials(devices)).toEqual(working);
    expect(await checkout.statesOf(devices)).toEqual(before);
    expect(await checkout.trials(devices)).toEqual(working);
    const keys = [other, checkout].map((each) => readFileSync(each.folderOf('car1').keyFile, 'utf8'));
    expect(new Set(keys).size).toBe(2);
    await fixture.iotCore.destroy();
    expect(fixture.registry.listThings()).toEqual([]);
  } finally {
    await account.close();
  }
}, 120_000);

test('Upgrade the project: a fleet that an older version deployed keeps its keys and certificates, and cdk diff names the policy that changes', async () => {
  await deployOlderVersion();
  const before = await checkout.statesOf(devices);
  const next = checkout.another('next-version');
  await next.type('Work from another checkout', 0);
  const { exitCode, output } = await next.type('Upgrade the project', 0);
  expect([exitCode, output]).toEqual([0, expect.stringMatching(/\[~\] AWS::IoT::Policy .*car1Policy/)]);
  expect(output).toMatch(/\[\+\] Parameter .*FleetCheckout/);
  const attributes = { [checkoutAttribute]: ensureCheckoutId(next.project.devicesRoot, 'account') };
  const policies = { car1: { policy: expect.objectContaining({ defaultVersionId: '3' }) } } as Record<string, object>;
  const expected = Object.entries(before).map(([name, state]) => {
    const marked = { ...state, thing: { ...state.thing, attributes } };
    return [name, { ...marked, ...policies[name] }];
  });
  expect(await checkout.statesOf(devices)).toEqual(Object.fromEntries(expected));
  expect(await next.trials(devices)).toEqual(working);
}, 120_000);

interface Resource {
  readonly Type: string;
  readonly Properties: { AttributePayload?: object; readonly PolicyDocument?: { readonly Statement: object[] } };
}

/** Deploys a fleet stack that knows no checkout, neither with a parameter nor with its things, and in which car1 has fewer rights. */
async function deployOlderVersion(): Promise<void> {
  const { cloudFormation, fixture } = checkout.account;
  const StackName = 'SharedSubscriptionsFleet';
  const { TemplateBody = '' } = await cloudFormation.getTemplate({ StackName });
  const { Parameters: _, Outputs, ...template } = parse(TemplateBody);
  delete Outputs.FleetCheckoutId;
  for (const [logicalId, { Type, Properties }] of Object.entries<Resource>(template.Resources)) {
    if (Type === 'AWS::IoT::Thing') delete Properties.AttributePayload;
    if (Type === 'AWS::IoT::Policy' && logicalId.startsWith('car1')) Properties.PolicyDocument?.Statement.pop();
  }
  await fixture.iotCore.deploy({ ...template, Outputs }, StackName);
}
