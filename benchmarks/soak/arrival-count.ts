/** Counts the messages of one destination: of a group, whose members share them, or of a consumer. */
export class ArrivalCount {
  received = 0;
  private readonly counts = new Map<string, number[]>();

  constructor(readonly name: string) {}

  /** @param message - `<car> <number>`; the numbers of a car begin with 0 */
  count(message: string): void {
    const [car, number] = message.split(' ');
    const counts = this.counts.get(car) ?? [];
    this.counts.set(car, counts);
    counts[Number(number)] = (counts[Number(number)] ?? 0) + 1;
    this.received += 1;
  }

  /** @param acknowledged - for each car, the numbers of the messages that IoT Core Local has acknowledged */
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
