/**
 * When each of many items is due, to the second.
 *
 * Asking what is due costs nothing for the items that are not: thousands of idle connections have a deadline each, and are not looked at
 * before it.
 */
export class Deadlines<T> {
  /** The items of each second, and the second of each item. */
  private readonly items = new Map<number, Set<T>>();
  private readonly seconds = new Map<T, number>();

  /** Sets an item's deadline. @param at - milliseconds; in the past if it is due the next time that somebody asks */
  set(item: T, at: number): void {
    const second = Math.floor(at / 1000);
    if (this.seconds.get(item) === second) return;
    this.delete(item);
    this.seconds.set(item, second);
    const items = this.items.get(second);
    if (items) items.add(item);
    else this.items.set(second, new Set([item]));
  }

  delete(item: T): void {
    const second = this.seconds.get(item);
    if (second === undefined) return;
    this.seconds.delete(item);
    const items = this.items.get(second)!;
    items.delete(item);
    if (items.size === 0) this.items.delete(second);
  }

  /** Takes out the items whose second has begun. @param now - milliseconds */
  takeDue(now: number): T[] {
    const due = [...this.items.keys()].filter((second) => second * 1000 <= now).sort((one, other) => one - other);
    const items = due.flatMap((second) => [...this.items.get(second)!]);
    for (const item of items) this.delete(item);
    return items;
  }
}
