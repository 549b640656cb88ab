import type { Clock } from './clients/pacer';

/** Waits for a condition for as long as there is progress. */
export class ProgressTimeout {
  private last = 0;
  private onProgress: () => void = () => {};

  /** @param milliseconds - the longest time from one step to the next */
  constructor(
    private readonly milliseconds: number,
    private readonly clock: Clock,
  ) {}

  /** Reports progress. */
  progress(): void {
    this.last = this.clock.now();
    this.onProgress();
  }

  /**
   * Waits until `done` is true, which is checked at each progress.
   *
   * @returns false after too long without progress
   */
  async wait(done: () => boolean): Promise<boolean> {
    this.last = this.clock.now();
    const stop = new AbortController();
    this.onProgress = () => {
      if (done()) stop.abort();
    };
    for (let left = this.milliseconds; !done() && left > 0; left = this.last + this.milliseconds - this.clock.now()) {
      await this.clock.after(left, stop.signal);
    }
    this.onProgress = () => {};
    return done();
  }
}
