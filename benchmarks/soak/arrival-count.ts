/** A group, or one consumer: whoever must between them get every message, and how often each came. */
export class ArrivalCount {
  received = 0;
  private readonly counts = new Map<string, number[]>();

  constructor(readonly name: string) {}

  /** @param message - `<car> <number>`, numbers beginning with 0 */
  count(message: string): void {
    const [car, number] = message.split(' ');
    const counts = this.counts.get(car) ?? [];
    this.counts.set(car, counts);
    counts[Number(number)] = (counts[Number(number)] ?? 0) + 1;
    this.received += 1;
  }

  /** @param acknowledged - of each car, the numbers of the messages that the broker has taken on */
  compare(acknowledged: ReadonlyMap<string, readonly number[]>): { lost: number; doubled: number } {
    let lost = 0;
    for (const [car, numbers] of acknowledged) {
      for (const number of numbers) if (!this.counts.get(car)?.[number]) lost += 1;
    }
    let doubled = 0;
    for (const counts of this.counts.values()) for (const count of counts) if (count > 1) doubled += count - 1;
    return { lost, doubled };
  }
}
