/** Counts what is told of now and then. */
export class Tally {
  private count = 0;

  add(): void {
    this.count += 1;
  }

  /** How many there were since this was last asked. */
  take(): number {
    const { count } = this;
    this.count = 0;
    return count;
  }
}
