import { checkoutAttribute } from '../../../lib/fleet/thing-attributes';
import { status } from '../../../lib/rehearsal/steps/status';
import { useRehearsal } from '../../support/use-rehearsal';

const car = {
  thingName: 'car1',
  clientId: 'car1',
  isDeployed: true,
  certificates: [{ certificateId: 'a', status: 'ACTIVE', isDeactivatedByTeardown: false, policies: ['car1'] }],
  isConnected: false,
  subscriptions: [],
};
const [certificate] = car.certificates;

test('A status passes if each device has one ACTIVE certificate with its own policy', () => {
  expect(status.verdict({ statuses: [car], unlisted: [] })).toMatchObject({ problems: [] });
});

test.each([
  ['an INACTIVE certificate', [{ ...certificate, status: 'INACTIVE' }], 'INACTIVE with car1'],
  ['two certificates', [certificate, certificate], 'ACTIVE with car1; ACTIVE with car1'],
  ['a second policy', [{ ...certificate, policies: ['car1', 'other'] }], 'ACTIVE with car1, other'],
  ['no policy', [{ ...certificate, policies: [] }], 'ACTIVE with no policy'],
  ['no certificate', [], 'none'],
])('A status of a device with %s fails', (_, certificates, seen) => {
  expect(status.verdict({ statuses: [{ ...car, certificates }], unlisted: [] }).problems).toEqual([
    `"car1" has these certificates: ${seen}. Expected: one that is ACTIVE with car1.`,
  ]);
});

test('A status of a device that is missing or unknown fails', () => {
  const unknown = { thingName: 'car2', clientId: 'car2', failure: 'No answer.' };
  expect(status.verdict({ statuses: [{ ...car, isDeployed: false }, unknown], unlisted: [] }).problems).toEqual([
    'There is no thing "car1".',
    'No answer.',
  ]);
});

describe('On an account', () => {
  const made = useRehearsal();

  test('A status of a device that AWS does not list by its mark fails', async () => {
    const { rehearsal, account } = made;
    rehearsal.deployed = rehearsal.first;
    const [first, second, ...others] = rehearsal.first.fleet.devices;
    for (const { thingName } of [second, ...others]) {
      account.fixture.registry.createThing(thingName, { attributes: { [checkoutAttribute]: '0123456789abcdef' } });
    }
    account.fixture.registry.createThing(first.thingName);
    const { unlisted } = await status.run(rehearsal);
    expect(unlisted).toEqual([first.thingName]);
    expect(status.verdict({ statuses: [car], unlisted }).problems).toEqual([
      `AWS does not list "${first.thingName}" among the things that this project deployed.`,
    ]);
  });
});
