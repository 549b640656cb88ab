import type { Subscription } from './delivery';
import type { Route, Subscribers } from './route';
import { RouteCache } from './route-cache';
import type { SharedSubscription } from './shared-subscription';
import type { TopicFilter } from './topic-filter';
import { TopicTree } from './topic-tree';

/** All subscriptions, and the receivers of each topic's messages. */
export class RoutingTable {
  /** The groups that have members. */
  readonly groups = new Set<SharedSubscription>();
  private readonly subscribers = new TopicTree<Subscribers>();
  private readonly routes = new RouteCache();
  private lastId = 0;
  /** The last topic, kept beside the cache, as most messages have the topic of the one before. */
  private lastTopic: string | undefined = undefined;
  private lastRoute: Route | undefined = undefined;

  /** @param former - the same client's subscription to the same filter, which the new one replaces */
  add(subscription: Subscription, former?: Subscription): void {
    const { session, topicFilter, group } = subscription;
    const subscribers = this.subscribers.get(topicFilter.filter) ?? this.newSubscribers(topicFilter.filter);
    if (group) {
      subscribers.groups.set(topicFilter.shareName!, group);
      this.groups.add(group);
      if (former) group.leave(former);
      group.join(subscription);
    } else {
      subscribers.plain.set(session, subscription);
    }
    this.forgetRoutes();
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
    this.forgetRoutes();
  }

  /** The group of a shared filter, if it has members. */
  findGroup({ filter, shareName }: TopicFilter): SharedSubscription | undefined {
    return this.subscribers.get(filter)?.groups.get(shareName!);
  }

  route(topic: string): Route {
    if (topic === this.lastTopic) return this.lastRoute!;
    this.lastRoute = this.routes.find(topic) ?? this.routes.add(topic, this.subscribers.match(topic));
    this.lastTopic = topic;
    return this.lastRoute;
  }

  private forgetRoutes(): void {
    this.routes.clear();
    this.lastTopic = undefined;
  }

  private newSubscribers(filter: string): Subscribers {
    this.lastId += 1;
    const subscribers: Subscribers = { id: this.lastId, plain: new Map(), groups: new Map() };
    this.subscribers.set(filter, subscribers);
    return subscribers;
  }
}
