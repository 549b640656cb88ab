import type { Subscription } from './delivery';
import { type Route, routeOf, type Subscribers } from './route';
import type { SharedSubscription } from './shared-subscription';
import type { TopicFilter } from './topic-filter';
import { TopicTree } from './topic-tree';

/** The number of topics whose routes are remembered. Beyond it all are forgotten. */
const rememberedTopics = 10_000;

/** All subscriptions, and the receivers of each topic's messages. */
export class RoutingTable {
  /** The groups that have members. */
  readonly groups = new Set<SharedSubscription>();
  private readonly subscribers = new TopicTree<Subscribers>();
  private readonly routes = new Map<string, Route>();

  /** @param former - the same client's subscription to the same filter, which the new one replaces */
  add(subscription: Subscription, former?: Subscription): void {
    const { session, topicFilter, group } = subscription;
    const subscribers = this.subscribers.get(topicFilter.filter) ?? { plain: new Map(), groups: new Map() };
    this.subscribers.set(topicFilter.filter, subscribers);
    if (group) {
      subscribers.groups.set(topicFilter.shareName!, group);
      this.groups.add(group);
      if (former) group.leave(former);
      group.join(subscription);
    } else {
      subscribers.plain.set(session, subscription);
    }
    this.routes.clear();
  }

  remove(subscription: Subscription): void {
    const { session, topicFilter, group } = subscription;
    const subscribers = this.subscribers.get(topicFilter.filter)!;
    if (group) {
      group.leave(subscription);
      if (group.isEmpty) {
        group.clear();
        subscribers.groups.delete(topicFilter.shareName!);
        this.groups.delete(group);
      }
    } else {
      subscribers.plain.delete(session);
    }
    if (subscribers.plain.size === 0 && subscribers.groups.size === 0) this.subscribers.delete(topicFilter.filter);
    this.routes.clear();
  }

  /** The group of a shared filter, if it has members. */
  findGroup({ filter, shareName }: TopicFilter): SharedSubscription | undefined {
    return shareName === undefined ? undefined : this.subscribers.get(filter)?.groups.get(shareName);
  }

  route(topic: string): Route {
    return this.routes.get(topic) ?? this.findRoute(topic);
  }

  private findRoute(topic: string): Route {
    const route = routeOf(this.subscribers.match(topic));
    if (this.routes.size >= rememberedTopics) this.routes.clear();
    this.routes.set(topic, route);
    return route;
  }
}
