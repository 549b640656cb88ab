import { StoredPace } from '../../../lib/iot-core-local/broker/stored-pace';

/** A receiver that comes (`+`) or a tick (`t`), and the milliseconds at which it happens. */
type Step = `${'+' | 't'}${number}`;

test.each<[what: string, steps: Step[], due: Step[]]>([
  ['when the receiver comes, and a second later', ['+0', 't1000', 't2000'], ['+0', 't1000', 't2000']],
  ['not at a tick within a second of its coming', ['+0', 't300', 't1300'], ['+0', 't1300']],
  [
    'at each tick, though a timer is never exact',
    ['t0', 't999.6', 't2000.3', 't2999'],
    ['t0', 't999.6', 't2000.3', 't2999'],
  ],
  ['not when it comes again within a second', ['+0', '+10', '+999', '+1000', '+1001'], ['+0', '+1000']],
  ['not when it comes between two ticks', ['t0', '+500', 't1000', '+1999', 't2000'], ['t0', 't1000', 't2000']],
])('A batch of stored messages is due %s', (_, steps, due) => {
  const pace = new StoredPace();
  expect(steps.filter((step) => pace.isDue(Number(step.slice(1)), step.startsWith('t')))).toEqual(due);
});
