import { changesBetween, update } from '../../../lib/rehearsal/steps/update';

const deployment = { outcome: { exitCode: 0, output: '' }, statuses: new Map([['Fleet', 'UPDATE_COMPLETE']]) };
const expected = { created: ['New'], replaced: ['Certificate'], updated: ['Policy'], deleted: [] };
const verdictOn = (seen: Partial<typeof expected>, unplanned: string[] = []) =>
  update.verdict({ deployment, stacks: [{ stackName: 'Fleet', expected, unplanned, seen: { ...expected, ...seen } }] });

test('Physical ids tell what was created, replaced and deleted, and events what was updated', () => {
  const before = new Map([
    ['Certificate', '1'],
    ['Gone', 'gone'],
    ['Policy', 'car1'],
    ['Thing', 'car1'],
  ]);
  const after = new Map([
    ['Certificate', '2'],
    ['New', 'new'],
    ['Policy', 'car1'],
    ['Thing', 'car1'],
  ]);
  expect(changesBetween(before, after, new Set(['Certificate', 'Gone', 'New', 'Policy']))).toEqual({
    created: ['New'],
    replaced: ['Certificate'],
    updated: ['Policy'],
    deleted: ['Gone'],
  });
});

test('An update passes if it changes what it should', () => {
  expect(verdictOn({})).toEqual({
    summary: '1 resources created, 1 replaced, 1 updated, no other touched',
    problems: [],
  });
});

test.each([
  ['touches another resource', { updated: ['Policy', 'Thing'] }, 'Fleet: updated, but should not have been: Thing.'],
  ['leaves a policy as it is', { updated: [] }, 'Fleet: not updated, but should have been: Policy.'],
  [
    'replaces another certificate',
    { replaced: ['Certificate', 'Other'] },
    'Fleet: replaced, but should not have been: Other.',
  ],
])('An update that %s fails', (_, seen, problem) => {
  expect(verdictOn(seen).problems).toEqual([problem]);
});

test('An update whose template changes what no change asks for fails', () => {
  expect(verdictOn({}, ['car2Thing12345678 replaced']).problems).toEqual([
    'Fleet: the templates have car2Thing12345678 replaced, and no change asks for it.',
  ]);
});
