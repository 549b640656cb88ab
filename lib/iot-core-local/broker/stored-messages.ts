import type { Bound } from './bound';
import type { Loss } from './loss-log';
import type { Message } from './message';
import { MessageQueue } from './message-queue';
import type { QueueTotal } from './queue-total';

/** The context of {@link StoredMessages}. */
export interface StoredMessagesContext {
  readonly bound: Bound;
  readonly total: QueueTotal;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** When a message expires, by the same clock; Infinity if it never does. */
  readonly expiresAt: (message: Message) => number;
  /** Called for each message for which there is no room. */
  readonly onLost: (reason: Loss) => void;
}

/** QoS 1 messages that wait until somebody connects: within a bound, and each until it expires. */
export class StoredMessages<T extends { readonly message: Message }> {
  private readonly items: MessageQueue<T>;
  /** When the first of them expires, or earlier. */
  private firstExpiry = Number.POSITIVE_INFINITY;

  constructor(private readonly context: StoredMessagesContext) {
    this.items = new MessageQueue(context.total);
  }

  get length(): number {
    return this.items.length;
  }

  /** @returns false if there was no room for it */
  store(item: T): boolean {
    const { total, expiresAt, onLost } = this.context;
    if (this.isFull) this.removeExpired();
    const loss = this.isFull ? 'queueFull' : total.hasRoom() ? undefined : 'allQueuesFull';
    if (loss !== undefined) {
      onLost(loss);
      return false;
    }
    this.firstExpiry = Math.min(this.firstExpiry, expiresAt(item.message));
    item.message.payload.keep();
    this.items.push(item);
    return true;
  }

  /** Takes out the oldest message that has not expired; undefined if there is none. */
  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const now = this.context.now();
    let item = this.items.shift();
    while (item && this.context.expiresAt(item.message) <= now) item = this.items.shift();
    return item;
  }

  /** Removes messages that have expired, so that they take no room. */
  removeExpired(): void {
    const now = this.context.now();
    if (this.firstExpiry > now) return;
    this.firstExpiry = Number.POSITIVE_INFINITY;
    for (const item of this.items.drain()) {
      const expiresAt = this.context.expiresAt(item.message);
      if (expiresAt <= now) continue;
      this.firstExpiry = Math.min(this.firstExpiry, expiresAt);
      this.items.push(item);
    }
  }

  clear(): void {
    this.items.drain();
  }

  private get isFull(): boolean {
    return this.items.fill(this.context.bound) >= 1;
  }
}
