import { deploy } from '../../../lib/rehearsal/steps/deploy';

const outcome = { exitCode: 0, output: '' };

test('A deployment passes if the CLI succeeds and each stack is complete', () => {
  const { problems } = deploy.verdict({ outcome, statuses: new Map([['Fleet', 'CREATE_COMPLETE']]) });
  expect(problems).toEqual([]);
});

test.each([
  ['a failed CLI', 1, 'CREATE_COMPLETE', 'cdk deploy ended with exit code 1: ❌ it failed'],
  ['a stack that was rolled back', 0, 'ROLLBACK_COMPLETE', 'The stack Fleet is ROLLBACK_COMPLETE.'],
  ['a stack that was there before', 0, 'UPDATE_COMPLETE', 'The stack Fleet is UPDATE_COMPLETE.'],
  ['a missing stack', 0, undefined, 'The stack Fleet does not exist.'],
])('A deployment with %s fails', (_, exitCode, status, problem) => {
  const output = 'begun\n❌ it failed\nended\n';
  expect(deploy.verdict({ outcome: { exitCode, output }, statuses: new Map([['Fleet', status]]) }).problems).toEqual([
    problem,
  ]);
});
