import { type Route, routeOf, type Subscribers } from './route';

/** The number of topics, and of combinations of filters, whose routes are remembered. */
const capacity = 30_000;

/** The number of searches after which a full cache is emptied, as other topics may be in use by then. */
const searchesUntilEmptied = 10 * capacity;

/**
 * The routes of topics that have been published to.
 *
 * A full cache keeps its topics and takes no new ones for a while: if more topics are in rotation than it holds, most of those that it
 * holds are found. Any other costs a search in the tree of filters, and no new route, as topics that match the same filters share one.
 */
export class RouteCache {
  private readonly byTopic = new Map<string, Route>();
  /** By the ids of the filters' subscribers. */
  private readonly byFilters = new Map<string, Route>();
  /** Searches since the cache was full. */
  private searches = 0;

  find(topic: string): Route | undefined {
    return this.byTopic.get(topic);
  }

  /** The route of a topic that is not in the cache. @param matching - the subscribers of all filters that match it */
  add(topic: string, matching: readonly Subscribers[]): Route {
    let key = '';
    for (const { id } of matching) key += `${id} `;
    let route = this.byFilters.get(key);
    if (!route) {
      route = routeOf(matching);
      if (this.byFilters.size >= capacity) this.byFilters.clear();
      this.byFilters.set(key, route);
    }
    if (this.byTopic.size < capacity) this.byTopic.set(topic, route);
    else if (++this.searches >= searchesUntilEmptied) this.clear();
    return route;
  }

  /** Forgets all routes, when a subscription has changed. */
  clear(): void {
    this.byTopic.clear();
    this.byFilters.clear();
    this.searches = 0;
  }
}
