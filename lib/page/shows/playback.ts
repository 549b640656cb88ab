import type { PageAction } from '../model/actions';
import type { Tell } from '../model/events';
import type { Recording } from '../model/recording';
import { ActionError, type Program } from './show';

/** Plays a recording, as fast as it was recorded. */
export class Playback implements Program {
  readonly scenarios = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly recording: Recording,
    private readonly tell: Tell,
  ) {}

  /** Plays it from its beginning. */
  begin(): void {
    const { events } = this.recording;
    const start = performance.now();
    let next = 0;
    const play = (): void => {
      for (; next < events.length && events[next][0] <= performance.now() - start; next += 1) {
        this.tell(events[next][1]);
      }
      if (next < events.length) this.timer = setTimeout(play, events[next][0] - (performance.now() - start));
    };
    clearTimeout(this.timer);
    play();
  }

  async act(action: PageAction): Promise<void> {
    if (action.do !== 'replay') throw new ActionError('A recording is played: nothing can be done to its fleet.');
    this.begin();
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer);
  }
}
