import { closingLines, verdictOf } from '../../../lib/rehearsal/view/rehearsal-result';

const good = { name: 'good', seconds: 1, summary: '', problems: [] };
const bad = { name: 'bad', seconds: 1, summary: '', problems: ['No.'] };

test.each([
  ['pass', [good, good], false, 'Pass. 2 steps, 2.0 s in all.'],
  ['fail', [good, bad], false, 'Fail: bad.'],
  ['fail', [bad], true, 'Fail: bad.'],
  ['interrupted', [good], true, 'Interrupted. What was made is destroyed.'],
] as const)('The verdict is a %s for what the steps found', (verdict, steps, isInterrupted, sentence) => {
  expect(verdictOf(steps, isInterrupted)).toBe(verdict);
  const result = { target: 'account', region: 'us-east-1', verdict, seconds: 2, steps, cdkLog: 'cdk.log' } as const;
  expect(closingLines(result)).toEqual([sentence, "The output of the CDK's CLI: cdk.log"]);
  expect(closingLines({ ...result, transcript: 't.txt' }).at(-1)).toBe(
    'The transcript, without keys and account number: t.txt',
  );
});
