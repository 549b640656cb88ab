import type { Rehearsal } from './rehearsal';

/** What a step's evidence says. */
export interface StepVerdict {
  /** What was seen, in a few words. */
  readonly summary: string;
  /** What is wrong, a sentence each. Empty if all is well. */
  readonly problems: readonly string[];
}

/** A part of a rehearsal. */
export interface Step<Evidence = unknown> {
  /** What is done, in a few words: a command, or a sentence without a full stop. */
  readonly name: string;
  /** What a person looks at first if the step fails, as a sentence. */
  readonly lookAt: string;
  /** Whether it runs even if a step before it has failed or the rehearsal was interrupted. @default false */
  readonly isCleanup?: boolean;
  /**
   * Does it, and gathers what shows whether it worked.
   *
   * @throws Error if it cannot be done
   */
  run(rehearsal: Rehearsal): Promise<Evidence>;
  /** What the evidence says. It asks nobody, so that a test can give it any evidence. */
  verdict(evidence: Evidence): StepVerdict;
}

/** How a step ended. */
export interface StepResult extends StepVerdict {
  readonly name: string;
  readonly seconds: number;
  /** What to look at; only where there are problems. */
  readonly lookAt?: string;
}
