import { status } from '../../../lib/rehearsal/steps/status';

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
  expect(status.verdict([car])).toMatchObject({ problems: [] });
});

test.each([
  ['an INACTIVE certificate', [{ ...certificate, status: 'INACTIVE' }], 'INACTIVE with car1'],
  ['two certificates', [certificate, certificate], 'ACTIVE with car1; ACTIVE with car1'],
  ['a second policy', [{ ...certificate, policies: ['car1', 'other'] }], 'ACTIVE with car1, other'],
  ['no policy', [{ ...certificate, policies: [] }], 'ACTIVE with no policy'],
  ['no certificate', [], 'none'],
])('A status of a device with %s fails', (_, certificates, seen) => {
  expect(status.verdict([{ ...car, certificates }]).problems).toEqual([
    `"car1" has these certificates: ${seen}. Expected: one that is ACTIVE with car1.`,
  ]);
});

test('A status of a device that is missing or unknown fails', () => {
  const unknown = { thingName: 'car2', clientId: 'car2', failure: 'No answer.' };
  expect(status.verdict([{ ...car, isDeployed: false }, unknown]).problems).toEqual([
    'There is no thing "car1".',
    'No answer.',
  ]);
});
