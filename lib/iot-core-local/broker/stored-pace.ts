/** Milliseconds. */
const second = 1000;

/**
 * When a receiver's stored messages are due: a batch when it comes, and one at each tick, but no two within a second, however often it
 * comes. Ticks are a second apart, give or take what a timer is late.
 */
export class StoredPace {
  private lastAt = Number.NEGATIVE_INFINITY;
  private wasAtTick = false;

  /** Whether a batch is due, which then counts as sent. @param now - milliseconds that never go back */
  isDue(now: number, isTick: boolean): boolean {
    const isDue = now - this.lastAt >= second || (isTick && this.wasAtTick);
    if (isDue) {
      this.lastAt = now;
      this.wasAtTick = isTick;
    }
    return isDue;
  }
}
