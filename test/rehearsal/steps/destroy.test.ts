import { destroy } from '../../../lib/rehearsal/steps/destroy';

const success = { exitCode: 0, output: '' };
const failure = { exitCode: 1, output: 'begun\nDELETE_FAILED | AWS::IoT::Policy\n' };

test.each([
  ['at the first try', [success]],
  ['in 2 tries', [failure, success]],
  ['nothing was deployed', []],
])('A destruction that succeeds says how: %s', (summary, outcomes) => {
  expect(destroy.verdict({ outcomes, connected: 0 })).toEqual({ summary, problems: [] });
});

test('A destruction fails if the last try failed, or clients of the fleet are connected still', () => {
  expect(destroy.verdict({ outcomes: [failure, failure], connected: 2 }).problems).toEqual([
    'cdk destroy ended with exit code 1: DELETE_FAILED | AWS::IoT::Policy',
    '2 clients of the fleet are connected still.',
  ]);
});
