import { retryingCalls } from '../../lib/enrollment/aws-clients';
import { callWithoutAnswer } from '../support/call-without-answer';

test('A call of a script that gets no answer ends with an error', async () => {
  await expect(callWithoutAnswer(retryingCalls)).resolves.toBe('TimeoutError');
});
