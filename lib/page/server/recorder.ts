import type { PageEvent } from '../model/events';
import { type Recording, recordingFormat } from '../model/recording';

/** Some 10 MB in JSON. */
const mostEvents = 100_000;

/** Records the present show. */
export class Recorder {
  private events: (readonly [at: number, event: PageEvent])[] = [];
  private isCut = false;
  private begin = 0;

  /** @param now - milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {}

  record(event: PageEvent): void {
    if (event.type === 'show') {
      this.events = [];
      this.isCut = false;
      this.begin = this.now();
    }
    if (this.events.length >= mostEvents) {
      this.isCut = true;
      return;
    }
    this.events.push([Math.round(this.now() - this.begin), event]);
  }

  get recording(): Recording {
    return { format: recordingFormat, isCut: this.isCut, events: [...this.events] };
  }
}
