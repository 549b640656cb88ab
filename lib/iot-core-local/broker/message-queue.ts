import type { Bound } from './bound';
import { Fifo } from './fifo';
import type { Message } from './message';
import type { QueueTotal } from './queue-total';

/** Messages that wait, oldest first, and their size. */
export class MessageQueue<T extends { readonly message: Message }> {
  private readonly items = new Fifo<T>();
  private bytes = 0;

  /** @param total - what this queue and others hold together */
  constructor(private readonly total: QueueTotal) {}

  get length(): number {
    return this.items.length;
  }

  push(item: T): void {
    const { size } = item.message;
    this.items.push(item);
    this.bytes += size;
    this.total.add(size);
  }

  /** Takes out the oldest message; undefined if the queue is empty. */
  shift(): T | undefined {
    const item = this.items.shift();
    if (!item) return undefined;
    const { size } = item.message;
    this.bytes -= size;
    this.total.remove(size);
    return item;
  }

  /** All messages, oldest first. */
  all(): T[] {
    return this.items.items();
  }

  /** Takes out all messages, oldest first. */
  drain(): T[] {
    this.total.remove(this.bytes, this.items.length);
    this.bytes = 0;
    return this.items.drain();
  }

  /** The share of a bound that is taken; from 1 on the queue is full. */
  fill(bound: Bound): number {
    return Math.max(this.items.length / bound.messages, this.bytes / bound.bytes);
  }
}
