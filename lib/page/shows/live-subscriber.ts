import type { Clock } from '../../walk-through/clients/pacer';
import type { WorkOptions } from '../../walk-through/clients/working-client';

/** How many QoS 1 messages a subscriber takes before it acknowledges one. So the server sees which members are slow. */
const receiveMaximum = 2;

/** Milliseconds in which a subscriber that leaves finishes its work. */
const longestFinish = 10_000;

interface Reports {
  got(message: string): void;
  done(message: string): void;
}

/** A subscriber that takes time for each message, and whose time can be changed while it works. */
export class LiveSubscriber {
  /** Milliseconds. */
  private workTime = 0;
  private change = new AbortController();
  private held = 0;
  private onIdle = () => {};

  constructor(
    private readonly clock: Clock,
    private readonly reports: Reports,
  ) {}

  /** @param milliseconds - the time for a message, also for the one that it works on */
  setWorkTime(milliseconds: number): void {
    this.workTime = milliseconds;
    this.wake();
  }

  /** Resolves when it has done its work for all messages that it has, or after some time. */
  async finish(): Promise<void> {
    const idle = new AbortController();
    this.onIdle = () => idle.abort();
    if (this.held > 0) await this.clock.after(longestFinish, idle.signal);
  }

  /** Its work on a new connection. @param isMine - whether the connection is still the subscriber's */
  work(isMine: () => boolean): Pick<WorkOptions, 'work' | 'onMessage' | 'receiveMaximum'> {
    this.held = 0;
    return {
      receiveMaximum,
      onMessage: (message) => {
        this.held += 1;
        this.reports.got(message);
      },
      work: async (message) => {
        await this.spendTime(isMine);
        if (!isMine()) return false;
        this.reports.done(message);
        this.held -= 1;
        if (this.held === 0) this.onIdle();
        return true;
      },
    };
  }

  /** Ends the wait for a message, so that it looks again how long it has to work. */
  wake(): void {
    this.change.abort();
    this.change = new AbortController();
  }

  private async spendTime(isMine: () => boolean): Promise<void> {
    const start = this.clock.now();
    for (let left = this.workTime; left > 0 && isMine(); left = start + this.workTime - this.clock.now()) {
      await this.clock.after(left, this.change.signal);
    }
  }
}
