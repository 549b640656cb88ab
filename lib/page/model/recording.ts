import type { PageEvent } from './events';

/** A show's events with their times: what the page saves, and what `--play` plays. */
export interface Recording {
  readonly format: typeof recordingFormat;
  /** Whether the show had more events than a recording holds. */
  readonly isCut: boolean;
  /** Milliseconds since the show began, and the event. */
  readonly events: readonly (readonly [at: number, event: PageEvent])[];
}

/** A file of another format is refused. */
export const recordingFormat = 'shared-subscriptions-page-1';
