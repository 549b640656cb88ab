import type { Clock } from '../../lib/walk-through/pacer';

/** Time that stands still while anything happens, and then passes to when somebody waits no longer. */
export class FakeClock implements Clock {
  private time = 0;
  private readonly waiting: { end: number; wake: () => void }[] = [];

  now(): number {
    return this.time;
  }

  /** Lets time pass that nobody waits for. */
  pass(milliseconds: number): void {
    this.time += milliseconds;
  }

  after(milliseconds: number): Promise<void> {
    return new Promise((wake) => {
      this.waiting.push({ end: this.time + milliseconds, wake });
      setImmediate(() => this.wakeNext());
    });
  }

  private wakeNext(): void {
    const [{ end, wake }] = this.waiting.sort((one, other) => one.end - other.end).splice(0, 1);
    this.time = Math.max(this.time, end);
    wake();
  }
}
