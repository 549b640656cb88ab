import type { Rehearsal } from './rehearsal';
import type { Step, StepResult } from './step';

/** Who follows a rehearsal. */
export interface RehearsalListener {
  begun(step: Step): void;
  ended(result: StepResult): void;
}

/**
 * Performs the steps in their order. After a failure or an interruption only the steps that clean up are performed.
 *
 * An interruption ends no step. CloudFormation would go on with a deployment whose CLI was killed, and refuse to delete its stack meanwhile.
 *
 * @returns the results of the steps that were performed
 */
export async function perform(
  steps: readonly Step[],
  rehearsal: Rehearsal,
  listener: RehearsalListener,
  interruption: AbortSignal,
): Promise<StepResult[]> {
  const results: StepResult[] = [];
  let hasFailed = false;
  for (const step of steps) {
    if ((hasFailed || interruption.aborted) && !step.isCleanup) continue;
    listener.begun(step);
    const result = await performStep(step, rehearsal);
    if (result.problems.length > 0) hasFailed = true;
    results.push(result);
    listener.ended(result);
  }
  return results;
}

async function performStep(step: Step, rehearsal: Rehearsal): Promise<StepResult> {
  const begin = performance.now();
  const verdict = await judged(step, rehearsal);
  const seconds = Math.round((performance.now() - begin) / 100) / 10;
  const lookAt = verdict.problems.length > 0 ? step.lookAt : undefined;
  return { name: step.name, seconds, ...verdict, lookAt };
}

async function judged(step: Step, rehearsal: Rehearsal) {
  try {
    return step.verdict(await step.run(rehearsal));
  } catch (error) {
    return { summary: 'could not be done', problems: [error instanceof Error ? error.message : String(error)] };
  }
}
