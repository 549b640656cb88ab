/** Milliseconds. */
const second = 1000;

/**
 * When a receiver's stored messages are due: a batch when it comes, and one at each tick, but no two within a second, however often it
 * comes. Two ticks count as a second apart, though a timer is never exact.
 */
export class StoredPace {
  private lastAt = Number.NEGATIVE_INFINITY;
  private wasAtTick = false;

  /** Whether a batch is due, which then counts as sent. @param now - milliseconds that never go back */
  isDue(now: number, isTick: boolean): boolean {
    const isDue = this.isOver(now) || (isTick && this.wasAtTick);
    if (isDue) {
      this.lastAt = now;
      this.wasAtTick = isTick;
    }
    return isDue;
  }

  /** Whether the last batch is so long ago that it delays no other. @param now - as for {@link isDue} */
  isOver(now: number): boolean {
    return now - this.lastAt >= second;
  }
}
