import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { ensureCheckoutId } from '../../lib/devices/checkout-id';
import { Fleet } from '../../lib/fleet/fleet';
import { checkoutAttribute } from '../../lib/fleet/thing-attributes';
import { accountOf } from '../support/clients';
import { demoContext } from '../support/demo-fleet';
import { IotCoreFixture } from '../support/iot-core-fixture';
import { useMaintainedFleet } from './use-maintained-fleet';

// The rows of docs/maintenance.md about checkouts, accounts and versions, with its commands, on accounts of IoT Core Local.

const checkout = useMaintainedFleet();
const { devices } = Fleet.fromContext(demoContext);
const working = Object.fromEntries(devices.map(({ thingName }) => [thingName, 'works']));
const lockedOut = Object.fromEntries(devices.map(({ thingName }) => [thingName, 'cannot connect']));

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
  const location = { partition: 'aws', region: 'eu-west-1', accountId: '210987654321' };
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
