import type { Bound } from './bound';
import type { LossLog, Receiver } from './loss-log';
import type { Message } from './message';
import { MessageQueue } from './message-queue';
import type { QueueTotal } from './queue-total';

/** What all queues of a broker share. */
export interface QueueContext {
  /** Milliseconds that never go back. */
  readonly now: () => number;
  readonly total: QueueTotal;
  readonly losses: LossLog;
}

/** QoS 1 messages that wait until somebody connects: within a bound, and each until it expires. */
export class StoredMessages<T extends { readonly message: Message }> {
  private readonly items: MessageQueue<T>;
  /** When the first of them expires, or earlier. */
  private firstExpiry = Number.POSITIVE_INFINITY;

  /**
   * @param receiver - for whom a message is counted as lost if there is no room for it
   * @param retention - milliseconds for which a message without an expiry interval of its own is stored
   */
  constructor(
    private readonly receiver: Receiver,
    private readonly bound: Bound,
    private readonly retention: number,
    private readonly context: QueueContext,
  ) {
    this.items = new MessageQueue(context.total);
  }

  get length(): number {
    return this.items.length;
  }

  /** @returns false if there was no room for it */
  store(item: T): boolean {
    const { total, losses } = this.context;
    if (this.isFull) this.removeExpired();
    const loss = this.isFull ? 'queueFull' : total.hasRoom() ? undefined : 'allQueuesFull';
    if (loss !== undefined) {
      losses.add(loss, this.receiver);
      return false;
    }
    this.firstExpiry = Math.min(this.firstExpiry, this.expiresAt(item.message));
    item.message.body.keep();
    this.items.push(item);
    return true;
  }

  /** Takes out the oldest message that has not expired; undefined if there is none. */
  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const now = this.context.now();
    let item = this.items.shift();
    while (item && this.expiresAt(item.message) <= now) item = this.items.shift();
    return item;
  }

  /** Removes messages that have expired, so that they take no room. */
  removeExpired(): void {
    const now = this.context.now();
    if (this.firstExpiry > now) return;
    this.firstExpiry = Number.POSITIVE_INFINITY;
    for (const item of this.items.drain()) {
      const expiresAt = this.expiresAt(item.message);
      if (expiresAt <= now) continue;
      this.firstExpiry = Math.min(this.firstExpiry, expiresAt);
      this.items.push(item);
    }
  }

  clear(): void {
    this.items.drain();
  }

  private get isFull(): boolean {
    return this.items.fill(this.bound) >= 1;
  }

  private expiresAt(message: Message): number {
    return message.expires ? message.expiresAt : message.receivedAt + this.retention;
  }
}
