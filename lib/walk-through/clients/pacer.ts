/** A source of time. A test passes its own. */
export interface Clock {
  /** Milliseconds since some fixed moment. */
  now(): number;
  /**
   * Resolves after that many milliseconds.
   *
   * @param signal - resolves it at once when aborted
   */
  after(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      const stop = () => {
        clearTimeout(timer);
        resolve();
      };
      signal?.addEventListener('abort', stop, { once: true });
    }),
};

/** Keeps the turns of each key an interval of milliseconds apart. With an interval of 0 it never waits. */
export class Pacer {
  /** The time of each key's last turn. */
  private readonly turns = new Map<string, Promise<number>>();

  constructor(
    private readonly interval: number,
    private readonly clock: Clock,
  ) {}

  /** Resolves when it is the caller's turn. */
  async turn(key = ''): Promise<void> {
    if (this.interval === 0) return;
    const turn = this.after(this.turns.get(key));
    this.turns.set(key, turn);
    await turn;
  }

  private async after(last: Promise<number> | undefined): Promise<number> {
    // The interval counts from when the last turn was taken, not from when it was due: a late timer must not shorten the next interval.
    const wait = last ? (await last) + this.interval - this.clock.now() : 0;
    if (wait > 0) await this.clock.after(wait);
    return this.clock.now();
  }
}
