/** Milliseconds within which messages are sent together when they are due. */
const shortestWait = 10;

/** The most messages that are sent at once after the process was busy. */
const mostAtOnce = 20;

/** Calls `send` at a rate a second, until it is stopped. */
export class Pace {
  private timer: NodeJS.Timeout | undefined;
  private interval = Number.POSITIVE_INFINITY;
  private dueAt = 0;

  constructor(
    private readonly send: () => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @param perSecond - calls a second; 0 for none */
  set(perSecond: number): void {
    clearTimeout(this.timer);
    if (perSecond <= 0) return;
    this.interval = 1000 / perSecond;
    this.dueAt = this.now() + this.interval;
    this.wait();
  }

  stop(): void {
    this.set(0);
  }

  private wait(): void {
    this.timer = setTimeout(() => this.wake(), Math.max(shortestWait, this.dueAt - this.now()));
  }

  private wake(): void {
    // After a delay it does not catch up with more than a few messages.
    this.dueAt = Math.max(this.dueAt, this.now() - mostAtOnce * this.interval);
    for (; this.dueAt <= this.now(); this.dueAt += this.interval) this.send();
    this.wait();
  }
}
