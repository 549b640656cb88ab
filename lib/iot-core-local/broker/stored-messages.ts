import type { EventCounter } from './event-counter';
import type { Message } from './message';
import { type Bound, MessageQueue } from './message-queue';

/** Messages that wait for someone to come: within a bound, and each for as long as it may. */
export class StoredMessages<T extends { readonly message: Message }> {
  private readonly items = new MessageQueue<T>();

  constructor(
    private readonly bound: Bound,
    /** Whether a message has waited for as long as it may. */
    private readonly isOver: (message: Message) => boolean,
    /** Counts those for which there was no room. */
    private readonly lost: EventCounter,
  ) {}

  store(item: T): void {
    while (this.isFull && this.isOver(this.items.peek()!.message)) this.items.shift();
    if (this.isFull) this.lost.add();
    else this.items.push(item);
  }

  /** The oldest that may still wait, taken out; undefined where there is none. */
  shift(): T | undefined {
    let item = this.items.shift();
    while (item && this.isOver(item.message)) item = this.items.shift();
    return item;
  }

  private get isFull(): boolean {
    return this.items.fill(this.bound) >= 1;
  }
}
