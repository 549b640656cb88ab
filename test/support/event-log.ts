import type { PageEvent, Tell } from '../../lib/page/model/events';

/** The events of a page's shows, for tests that wait for one. */
export class EventLog {
  readonly events: PageEvent[] = [];
  private readonly waiting = new Set<() => void>();

  readonly tell: Tell = (event) => {
    this.events.push(event);
    for (const look of this.waiting) look();
  };

  /** The last event of a kind. @throws Error if there is none */
  last<T extends PageEvent['type']>(type: T): Extract<PageEvent, { type: T }> {
    const found = this.all(type).at(-1);
    if (!found) throw new Error(`There is no event "${type}".`);
    return found;
  }

  all<T extends PageEvent['type']>(type: T): Extract<PageEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<PageEvent, { type: T }> => event.type === type);
  }

  /** Resolves with the first event from now on that fits. */
  async next(fits: (event: PageEvent) => boolean): Promise<PageEvent> {
    const from = this.events.length;
    return new Promise((resolve) => {
      const look = () => {
        const found = this.events.slice(from).find(fits);
        if (!found) return;
        this.waiting.delete(look);
        resolve(found);
      };
      this.waiting.add(look);
    });
  }
}
