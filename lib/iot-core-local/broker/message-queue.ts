import { Fifo } from './fifo';
import type { Message } from './message';

/** How much may wait. */
export interface Bound {
  readonly messages: number;
  /** As {@link Message.size} reckons them. */
  readonly bytes: number;
}

/** Messages that wait, oldest first, and what they amount to. */
export class MessageQueue<T extends { readonly message: Message }> {
  private readonly items = new Fifo<T>();
  private bytes = 0;

  get length(): number {
    return this.items.length;
  }

  push(item: T): void {
    this.items.push(item);
    this.bytes += item.message.size;
  }

  /** The oldest, left in; undefined where there is none. */
  peek(): T | undefined {
    return this.items.peek();
  }

  /** The oldest, taken out; undefined where there is none. */
  shift(): T | undefined {
    const item = this.items.shift();
    if (item) this.bytes -= item.message.size;
    return item;
  }

  /** All of them, oldest first, taken out. */
  drain(): T[] {
    this.bytes = 0;
    return this.items.drain();
  }

  /** What share of a bound is taken: from 1 on there is no room. */
  fill(bound: Bound): number {
    return Math.max(this.items.length / bound.messages, this.bytes / bound.bytes);
  }
}
