import type { PageEvent } from '../model/events';
import type { Recording } from '../model/recording';
import { reduce } from '../model/reduce';
import { noState, type PageState } from '../model/state';
import { Recorder } from './recorder';

/** Gets the events of a show as they come, some at a time. */
export type Reader = (events: readonly PageEvent[]) => void;

/** Milliseconds for which events are gathered: the eye sees no difference, and a page has less to do. */
const gathering = 40;

/** Passes a show's events to all pages that are open, and knows the state for a page that comes later. */
export class Hub {
  private current: PageState = noState;
  private readonly readers = new Set<Reader>();
  private pending: PageEvent[] = [];
  private timer: NodeJS.Timeout | undefined;
  private readonly recorder = new Recorder();

  readonly tell = (event: PageEvent): void => {
    this.recorder.record(event);
    this.pending.push(event);
    this.timer ??= setTimeout(() => this.flush(), gathering);
  };

  /** The state after all events until now. */
  get state(): PageState {
    this.flush();
    return this.current;
  }

  /** The present show from its beginning. */
  get recording(): Recording {
    return this.recorder.recording;
  }

  /** @returns a function that ends it */
  read(reader: Reader): () => void {
    this.flush();
    this.readers.add(reader);
    return () => this.readers.delete(reader);
  }

  /** Passes on what is gathered. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.pending.length === 0) return;
    const events = this.pending;
    this.pending = [];
    this.current = reduce(this.current, events);
    for (const reader of this.readers) reader(events);
  }
}
