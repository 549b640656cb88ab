import type { PublishedMessage } from '../arrivals';

/**
 * Puts messages into the order of publication.
 *
 * A message waits for earlier ones that are not complete, but not for long: sockets deliver in bursts, so an earlier message is a few
 * milliseconds late as a rule. One that is later than that comes when it completes.
 */
export class RowOrder {
  /** The message that is next. */
  private next = 0;
  private readonly waiting = new Map<number, PublishedMessage>();
  private readonly publishedAt: number[] = [];

  /**
   * @param longest - milliseconds from its publication for which a message is waited for
   * @param now - milliseconds
   */
  constructor(
    private readonly longest: number,
    private readonly now: () => number,
    private readonly use: (message: PublishedMessage) => void,
  ) {}

  published(): void {
    this.publishedAt.push(this.now());
  }

  /** A message is complete, or nothing more of it will come. */
  ended(message: PublishedMessage): void {
    if (message.number < this.next) {
      this.use(message);
      return;
    }
    this.waiting.set(message.number, message);
    while (this.waiting.size > 0) {
      const next = this.waiting.get(this.next);
      if (!next && this.now() - this.publishedAt[this.next] < this.longest) return;
      this.waiting.delete(this.next);
      this.next += 1;
      if (next) this.use(next);
    }
  }
}
