import { perform } from '../../lib/rehearsal/perform';
import type { Rehearsal } from '../../lib/rehearsal/rehearsal';
import type { Step } from '../../lib/rehearsal/step';

const rehearsal = {} as Rehearsal;

function step(name: string, changes: Partial<Step> = {}): Step {
  return {
    name,
    lookAt: `at ${name}`,
    run: async () => undefined,
    verdict: () => ({ summary: 'well', problems: [] }),
    ...changes,
  };
}

const bad = () => ({ summary: 'bad', problems: ['It is bad.'] });
const refuse = () => Promise.reject(new Error('No.'));

async function performed(steps: readonly Step[], interruption = new AbortController()) {
  const begun: string[] = [];
  const ended: string[] = [];
  const listener = {
    begun: ({ name }: Step) => begun.push(name),
    ended: ({ name }: { name: string }) => ended.push(name),
  };
  const results = await perform(steps, rehearsal, listener, interruption.signal);
  expect(ended).toEqual(begun);
  expect(results.map(({ name }) => name)).toEqual(ended);
  return results;
}

test('Steps are performed in their order, and one without a problem has nothing to look at', async () => {
  const results = await performed([step('one'), step('two', { isCleanup: true })]);
  expect(results).toMatchObject([
    { name: 'one', summary: 'well', problems: [], lookAt: undefined },
    { name: 'two', problems: [] },
  ]);
});

test.each([
  ['throws', { run: refuse }, 'No.'],
  ['has a problem', { verdict: bad }, 'It is bad.'],
])(
  'After a step that %s, only the steps that clean up are performed, and it says what to look at',
  async (_, changes, problem) => {
    const results = await performed([step('one', changes), step('two'), step('three', { isCleanup: true })]);
    expect(results.map(({ name }) => name)).toEqual(['one', 'three']);
    expect(results[0]).toMatchObject({ problems: [problem], lookAt: 'at one' });
  },
);

test('A step that cleans up and fails does not keep the next one from cleaning up', async () => {
  const results = await performed([
    step('one', { isCleanup: true, run: refuse }),
    step('two', { isCleanup: true }),
    step('three'),
  ]);
  expect(results.map(({ name }) => name)).toEqual(['one', 'two']);
});

test('An interruption lets the step that runs end, and then only the steps that clean up are performed', async () => {
  const interruption = new AbortController();
  const run = async () => interruption.abort();
  const results = await performed(
    [step('one', { run }), step('two'), step('three', { isCleanup: true })],
    interruption,
  );
  expect(results).toMatchObject([{ name: 'one', problems: [] }, { name: 'three' }]);
});
