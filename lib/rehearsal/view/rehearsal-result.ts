import type { Target } from '../../devices/device-folder';
import type { StepResult } from '../step';

/** The result of a rehearsal, as `npm run rehearse -- --json` prints it. */
export interface RehearsalResult {
  readonly target: Exclude<Target, 'local'>;
  readonly region: string;
  readonly verdict: 'pass' | 'fail' | 'interrupted';
  readonly seconds: number;
  readonly steps: readonly StepResult[];
  /** The file with the output of the CDK's CLI. */
  readonly cdkLog: string;
  /** The file that a person can attach to a report. Only on AWS. */
  readonly transcript?: string;
}

/** The verdict: a fail if a step found a problem. @param isInterrupted - whether steps were left out */
export function verdictOf(results: readonly StepResult[], isInterrupted: boolean): RehearsalResult['verdict'] {
  if (results.some(({ problems }) => problems.length > 0)) return 'fail';
  return isInterrupted ? 'interrupted' : 'pass';
}

/** The last lines of a rehearsal. */
export function closingLines({ verdict, seconds, steps, cdkLog, transcript }: RehearsalResult): string[] {
  const failed = steps.filter(({ problems }) => problems.length > 0).map(({ name }) => name);
  const sentence = {
    pass: `Pass. ${steps.length} steps, ${seconds.toFixed(1)} s in all.`,
    fail: `Fail: ${failed.join(', ')}.`,
    interrupted: 'Interrupted. What was made is destroyed.',
  }[verdict];
  return [
    sentence,
    `The output of the CDK's CLI: ${cdkLog}`,
    ...(transcript ? [`The transcript, without keys and account number: ${transcript}`] : []),
  ];
}
