import { callLimits } from '../../../lib/stacks/sweep/call-limits';
import { callWithoutAnswer } from '../../support/call-without-answer';

test('A call of the sweep that gets no answer ends, and does not use up the time of the others', async () => {
  await expect(callWithoutAnswer(callLimits)).resolves.toBe('TimeoutError');
  expect(callLimits.requestHandler.requestTimeout * callLimits.maxAttempts).toBeLessThanOrEqual(120_000);
});
