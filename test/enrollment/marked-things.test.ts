import { clientsOfIotCoreLocal } from '../../lib/enrollment/aws-clients';
import { otherMarkedThings } from '../../lib/enrollment/marked-things';
import { checkoutAttribute } from '../../lib/fleet/thing-attributes';
import { permissionPolicies } from '../../lib/targets/permission-policies';
import { fleetWith } from '../support/demo-fleet';
import { synthesizeStacks } from '../support/demo-stacks';
import { recordAccess } from '../support/record-access';
import { useAccount } from '../support/use-account';

const account = useAccount({ forEachTest: true });
const [ours, theirs] = ['0123456789abcdef', 'fedcba9876543210'];
const none: ReadonlySet<string> = new Set();

function createThing(thingName: string, checkoutId?: string): void {
  const attributes: Record<string, string> = checkoutId === undefined ? {} : { [checkoutAttribute]: checkoutId };
  account.fixture.registry.createThing(thingName, { attributes });
}

test('The deployed template marks each of the fleet’s things with the checkout’s id', async () => {
  const { fleet, fleetStackName, fleetTemplate } = await synthesizeStacks();
  await account.fixture.iotCore.deploy(fleetTemplate, fleetStackName);
  const { things } = await otherMarkedThings(none, account.iot);
  const wanted = fleet.devices.map(({ thingName }) => ({ thingName, checkoutId: ours }));
  expect(new Set(things)).toEqual(new Set(wanted));
  const names = new Set(fleet.devices.map(({ thingName }) => thingName));
  expect(await otherMarkedThings(names, account.iot)).toEqual({ things: [], count: 0, isComplete: true });
});

test('A stranger’s thing is never taken for this project’s, whatever its name and attributes', async () => {
  createThing('car1');
  createThing('car2', 'yes');
  createThing('car3', ours.toUpperCase());
  createThing('car4', `${ours}0`);
  account.fixture.registry.createThing('car5', { attributes: { checkout: ours } });
  createThing('car6', theirs);
  expect(await otherMarkedThings(none, account.iot)).toEqual({
    things: [{ thingName: 'car6', checkoutId: theirs }],
    count: 1,
    isComplete: true,
  });
});

test('The marked things of all pages are found, and one request is enough for an account of thousands of strangers’ things', async () => {
  for (let index = 0; index < 3_000; index += 1) createThing(`stranger${index}`);
  for (let index = 0; index < 7; index += 1) createThing(`bus${index}`, theirs);
  const requests = recordAccess(account.fixture, 'user/local');
  expect(await otherMarkedThings(none, account.iot)).toMatchObject({ count: 7, isComplete: true });
  expect(requests).toHaveLength(1);
  account.controlPlane.faults.pageSize = 2;
  const { things } = await otherMarkedThings(new Set(['bus3']), account.iot);
  expect(things.map(({ thingName }) => thingName)).toEqual(['bus0', 'bus1', 'bus2', 'bus4', 'bus5', 'bus6']);
});

test('Of very many marked things the first 1,000 are named, and all are counted', async () => {
  for (let index = 0; index < 1_005; index += 1) createThing(`bus${index}`, theirs);
  const { things, ...rest } = await otherMarkedThings(none, account.iot);
  expect([things.length, rest]).toEqual([1_000, { count: 1_005, isComplete: true }]);
});

test('A list that takes too long is ended, and what was found by then is the answer', async () => {
  for (let index = 0; index < 7; index += 1) createThing(`bus${index}`, theirs);
  account.controlPlane.faults.pageSize = 2;
  const limit = new AbortController();
  const { registry } = account.fixture;
  const listed = registry.listThings.bind(registry);
  let requests = 0;
  jest.spyOn(registry, 'listThings').mockImplementation(() => {
    requests += 1;
    if (requests === 2) limit.abort();
    return listed();
  });
  const { things, ...rest } = await otherMarkedThings(none, account.iot, limit.signal);
  expect([things.map(({ thingName }) => thingName), rest]).toEqual([['bus0', 'bus1'], { count: 2, isComplete: false }]);
});

test('A list that AWS refuses is told apart from one that took too long', async () => {
  account.controlPlane.faults.throttledOf = 1;
  await expect(otherMarkedThings(none, account.iot)).rejects.toThrow(/AWS throttles the account/);
});

describe('Without the right to list things', () => {
  const { status } = permissionPolicies(fleetWith());
  const Statement = status.Statement.filter(({ Action }) => !Action.includes('iot:ListThings'));
  const denied = useAccount({ userPolicy: { ...status, Statement } });

  test('The failure names the missing right, and where the rights are listed', async () => {
    const { iot } = clientsOfIotCoreLocal(denied.fixture.iotCore.apiUrl!);
    await expect(otherMarkedThings(none, iot)).rejects.toThrow(
      /^What other fleets have here could not be looked up: these credentials may not \(.*iot:ListThings.*\)\. docs\/aws\.md lists the permissions/,
    );
  });
});
