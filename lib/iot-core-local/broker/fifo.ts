/** Slots of the ring of a queue's first item. */
const smallestRing = 8;

/** Slots of the largest ring that a queue keeps when it is empty. */
const largestEmptyRing = 1024;

/**
 * A first-in, first-out queue. Adding and taking out cost the same at any length.
 *
 * Its items lie in a ring, whose size is a power of two. The ring doubles when it is full. Most queues stay empty, and have none.
 */
export class Fifo<T> {
  private ring: (T | undefined)[] = [];
  private head = 0;
  private count = 0;

  get length(): number {
    return this.count;
  }

  push(item: T): void {
    if (this.count === this.ring.length) this.grow();
    this.ring[(this.head + this.count) & (this.ring.length - 1)] = item;
    this.count += 1;
  }

  /** Takes out the oldest item; undefined if the queue is empty. */
  shift(): T | undefined {
    if (this.count === 0) return undefined;
    const item = this.ring[this.head];
    this.ring[this.head] = undefined;
    this.head = (this.head + 1) & (this.ring.length - 1);
    this.count -= 1;
    if (this.count === 0 && this.ring.length > largestEmptyRing) this.clear();
    return item;
  }

  /** Takes out all items, oldest first. */
  drain(): T[] {
    const items = this.items();
    this.clear();
    return items;
  }

  /** All items, oldest first. */
  items(): T[] {
    const end = this.head + this.count;
    const wrapped = Math.max(0, end - this.ring.length);
    return [...this.ring.slice(this.head, end), ...this.ring.slice(0, wrapped)] as T[];
  }

  private clear(): void {
    this.ring = [];
    this.head = 0;
    this.count = 0;
  }

  private grow(): void {
    const items = this.items();
    this.ring = [...items, ...new Array(Math.max(smallestRing, items.length)).fill(undefined)];
    this.head = 0;
  }
}
