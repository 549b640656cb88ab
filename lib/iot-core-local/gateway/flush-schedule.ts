import type { Outbox } from './outbox';

/** The bytes to write from which on a turn of the event loop was busy. */
const busyTurn = 1024;

/**
 * Flushes the outboxes into which a turn of the event loop has put packets.
 *
 * After a quiet turn they are flushed at its end. After a busy one, what came meanwhile is read first: one large write costs little more than
 * a small one.
 */
export class FlushSchedule {
  private outboxes: Outbox[] = [];

  /** @param atTurnEnd - calls back when this turn of the event loop has read all that came */
  constructor(private readonly atTurnEnd: (callback: () => void) => void = setImmediate) {}

  /** Has an outbox flushed. It is added once between two flushes. */
  add(outbox: Outbox): void {
    if (this.outboxes.length === 0) this.atTurnEnd(() => this.endTurn());
    this.outboxes.push(outbox);
  }

  private endTurn(): void {
    const bytes = this.outboxes.reduce((sum, { gathered }) => sum + gathered, 0);
    if (bytes < busyTurn) this.flush();
    else this.atTurnEnd(() => this.flush());
  }

  private flush(): void {
    const { outboxes } = this;
    // An outbox is added again while it is flushed, if its session's waiting messages follow.
    this.outboxes = [];
    for (const outbox of outboxes) outbox.flush();
  }
}
