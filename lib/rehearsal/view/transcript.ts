import { paint } from '../../walk-through/view/paint';
import type { RehearsalResult } from './rehearsal-result';
import { rowsOf } from './rows';

/** The versions that a report needs, by name. */
export type Versions = Readonly<Record<string, string>>;

/** The text that a person attaches to a report, before {@link redactor} has seen it. @param cdkOutput - the output of the CDK's CLI */
export function transcriptOf(result: RehearsalResult, versions: Versions, cdkOutput: string): string {
  const { target, region, verdict, seconds, steps } = result;
  return [
    `Rehearsal on ${target === 'aws' ? 'AWS IoT Core' : 'IoT Core Local'}, Region ${region}: ${verdict}, ${seconds} s.`,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
    '',
    ...steps.flatMap((step) => rowsOf(step, paint(false))),
    '',
    "The output of the CDK's CLI:",
    cdkOutput,
  ].join('\n');
}
