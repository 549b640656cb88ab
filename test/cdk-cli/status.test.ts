import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutAttribute } from '../../lib/fleet/thing-attributes';
import { accountEnvironment } from '../../lib/targets/account-environment';
import { permissionPolicies } from '../../lib/targets/permission-policies';
import { fleetWith } from '../support/demo-fleet';
import { synthesizeStacks } from '../support/demo-stacks';
import { temporaryFolder } from '../support/temporary-folder';
import { useAccount } from '../support/use-account';
import { ProjectCopy } from './project-copy';

// npm run status in an account that others use, too.

const fleet = fleetWith();
const { status } = permissionPolicies(fleet);
const account = useAccount({ userPolicy: status });
const Statement = status.Statement.map(({ Action, ...rest }) => ({
  ...rest,
  Action: Action.filter((action) => action !== 'iot:ListThings'),
}));
const denied = useAccount({ userPolicy: { ...status, Statement } });
const project = new ProjectCopy(temporaryFolder());
const { devices } = fleet;
const [ours, theirs] = ['0123456789abcdef', 'fedcba9876543210'];

beforeAll(async () => {
  const { fleetStackName, fleetTemplate } = await synthesizeStacks();
  for (const { fixture } of [account, denied]) await fixture.iotCore.deploy(fleetTemplate, fleetStackName);
  const { registry } = account.fixture;
  registry.createThing('bus1', { attributes: { [checkoutAttribute]: theirs } });
  registry.createThing('car9', { attributes: { [checkoutAttribute]: ours } });
  registry.createThing('car10');
  mkdirSync(join(project.devicesRoot, 'account', 'car9'), { recursive: true });
  mkdirSync(join(project.devicesRoot, 'account', 'car8'));
  writeFileSync(join(project.devicesRoot, 'account', '.checkout-id'), ours);
});

function run({ fixture }: typeof account, ...args: string[]) {
  return project.script(accountEnvironment(fixture.iotCore, project.devicesRoot), 'status', ...args);
}

test('npm run status names once each thing that this project deployed for no device of the fleet, each folder of no device, and no stranger’s thing', async () => {
  const { exitCode, output } = await run(account);
  expect(exitCode).toBe(0);
  expect(output).toMatch(/^Deployed from this checkout, and not in the fleet of cdk\.json: car9\. /m);
  expect(output).toMatch(/^Deployed from another checkout \(fedcba9876543210\): bus1\. /m);
  expect(output).toMatch(/\/account\/car8 is of no device: /);
  expect(output.match(/car9/g)).toHaveLength(1);
  expect(output).not.toContain('car10');
}, 30_000);

test('npm run status -- --json has the fleet’s devices, and the other things that this project deployed', async () => {
  const { output } = await run(account, '--json');
  expect(JSON.parse(/^\{[\s\S]*^\}/m.exec(output)?.[0] ?? '')).toMatchObject({
    devices: devices.map(({ thingName }) => ({ thingName, isDeployed: true })),
    otherThings: {
      thisCheckout: ours,
      things: expect.arrayContaining([
        { thingName: 'bus1', checkoutId: theirs },
        { thingName: 'car9', checkoutId: ours },
      ]),
      count: 2,
      isComplete: true,
    },
  });
}, 30_000);

test('Without the right to list things npm run status shows the devices, and says why the other things are not known', async () => {
  const { exitCode, output } = await run(denied);
  expect(exitCode).toBe(0);
  expect(output).toContain(`${devices.length} of ${devices.length} devices have an ACTIVE certificate`);
  expect(output).toMatch(/^What other fleets have here could not be looked up: .*iot:ListThings.*docs\/aws\.md/m);
  expect(output).toMatch(/\/account\/car8 is of no device: /);
}, 30_000);
