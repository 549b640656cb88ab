/** The number of topics that are remembered for one connection; beyond it all are forgotten. */
const capacity = 1000;

/**
 * The valid topics without a leading `$` that a client has published to, so that each is checked once. Most clients publish to one topic, and
 * have no set.
 */
export class CheckedTopics {
  private last: string | undefined = undefined;
  private others: Set<string> | undefined = undefined;

  has(topic: string): boolean {
    if (topic === this.last) return true;
    if (this.others === undefined || !this.others.has(topic)) return false;
    this.last = topic;
    return true;
  }

  add(topic: string): void {
    if (this.last !== undefined) {
      this.others ??= new Set();
      if (this.others.size >= capacity) this.others.clear();
      this.others.add(topic);
    }
    this.last = topic;
  }
}
