import type { Clock } from '../../lib/walk-through/clients/pacer';

interface Wait {
  readonly end: number;
  readonly wake: () => void;
}

/**
 * A clock for tests, without real waiting.
 *
 * A plain wait ends at once: time then passes to its end. A wait that can be aborted is a timeout, which ends only when the test lets
 * time pass.
 */
export class FakeClock implements Clock {
  private time = 0;
  private waits: Wait[] = [];
  private timeouts: Wait[] = [];

  now(): number {
    return this.time;
  }

  /** Lets time pass. */
  pass(milliseconds: number): void {
    this.time += milliseconds;
    const due = this.timeouts.filter(({ end }) => end <= this.time);
    this.timeouts = this.timeouts.filter(({ end }) => end > this.time);
    for (const { wake } of due) wake();
  }

  after(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((wake) => {
      const wait = { end: this.time + milliseconds, wake };
      if (signal) {
        this.timeouts.push(wait);
        signal.addEventListener('abort', () => wake());
        return;
      }
      this.waits.push(wait);
      setImmediate(() => this.wakeNext());
    });
  }

  private wakeNext(): void {
    const [{ end, wake }] = this.waits.sort((one, other) => one.end - other.end).splice(0, 1);
    this.time = Math.max(this.time, end);
    wake();
  }
}
