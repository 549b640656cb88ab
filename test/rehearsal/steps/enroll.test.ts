import { type EnrollmentEvidence, enrollmentVerdict } from '../../../lib/rehearsal/steps/enroll';

const device = (thingName: string, changes: Partial<EnrollmentEvidence> = {}): EnrollmentEvidence => ({
  enrollment: { thingName, outcome: 'written' },
  fitsKey: true,
  isKeyPrivate: true,
  ...changes,
});
const unchanged = { enrollment: { thingName: 'car2', outcome: 'unchanged' } } as const;

test('An enrollment passes if each device got what it should, fitting its key', () => {
  expect(enrollmentVerdict([device('car1'), device('car2', unchanged)], ['car1'])).toEqual({
    summary: '1 of 2 written, each fits its key',
    problems: [],
  });
});

test.each([
  ['was replaced without need', {}, [], '"car2" got another certificate, but kept its certificate was expected.'],
  ['was not replaced', unchanged, ['car2'], '"car2" kept its certificate, but got another certificate was expected.'],
  ['does not fit its key', { fitsKey: false }, ['car2'], 'The certificate of "car2" does not fit its key.'],
  ['has a key that others can read', { isKeyPrivate: false }, ['car2'], 'Others can read the key of "car2".'],
  ['is missing', { enrollment: { thingName: 'car2', outcome: 'failed', reason: 'None.' } }, ['car2'], 'None.'],
] as const)('An enrollment whose certificate %s fails', (_, changes, written, problem) => {
  expect(enrollmentVerdict([device('car2', changes)], written).problems).toEqual([problem]);
});
