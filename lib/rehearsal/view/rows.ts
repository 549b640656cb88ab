import { escapeControls } from '../../util/escape-controls';
import type { Paint } from '../../walk-through/view/paint';
import type { StepResult } from '../step';

const nameWidth = 46;

/** A step's row of the table, and what is wrong with it below. */
export function rowsOf({ name, seconds, summary, problems, lookAt }: StepResult, { good, bad, dim }: Paint): string[] {
  const passes = problems.length === 0;
  const mark = passes ? good('✓') : bad('✗');
  const row = `${mark} ${name.padEnd(nameWidth)} ${`${seconds.toFixed(1)} s`.padStart(8)}`;
  if (passes) return [`${row}  ${dim(summary)}`];
  return [
    `${row}  ${bad('failed')}`,
    ...problems.map((problem) => `    ${escapeControls(problem)}`),
    ...(lookAt ? [`    ${dim(`Look at: ${lookAt}`)}`] : []),
  ];
}

/** A step's row while it runs. */
export function runningRow({ name }: { readonly name: string }): string {
  return `… ${name}`;
}
