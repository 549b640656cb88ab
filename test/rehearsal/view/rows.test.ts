import { rowsOf } from '../../../lib/rehearsal/view/rows';
import { paint } from '../../../lib/walk-through/view/paint';

const step = { name: 'cdk deploy --all', seconds: 3.25, summary: '2 stacks', problems: [] };

test('A step that passes has one row, with its time and what was seen', () => {
  expect(rowsOf(step, paint(false))).toEqual([`✓ ${'cdk deploy --all'.padEnd(46)}    3.3 s  2 stacks`]);
});

test('A step that fails has its problems and what to look at below, control characters as escapes', () => {
  const failed = { ...step, problems: ['The stack is \u001bgone.'], lookAt: 'The events.' };
  expect(rowsOf(failed, paint(false))).toEqual([
    `✗ ${'cdk deploy --all'.padEnd(46)}    3.3 s  failed`,
    '    The stack is \\u001bgone.',
    '    Look at: The events.',
  ]);
});
