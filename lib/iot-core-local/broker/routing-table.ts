import type { Session, Subscription } from './session';
import type { SharedSubscription } from './shared-subscription';
import type { TopicFilter } from './topic-filter';
import { TopicTree } from './topic-tree';

/** Who gets a message on one topic. */
export interface Route {
  readonly plain: readonly Subscription[];
  /** What stands in for a plain subscription with No Local, for its client's own messages. */
  readonly own: ReadonlyMap<Session, Subscription>;
  readonly groups: readonly SharedSubscription[];
}

/** What stands under one topic filter. */
interface Subscribers {
  readonly plain: Map<Session, Subscription>;
  /** By their share names. */
  readonly groups: Map<string, SharedSubscription>;
}

/** So many topics' routes are remembered; past it, all are forgotten and found again. */
const rememberedRoutes = 10_000;

/** All subscriptions, and which of them a topic's messages go to. */
export class RoutingTable {
  /** Those that have members. */
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
        subscribers.groups.delete(topicFilter.shareName!);
        this.groups.delete(group);
      }
    } else {
      subscribers.plain.delete(session);
    }
    if (subscribers.plain.size === 0 && subscribers.groups.size === 0) this.subscribers.delete(topicFilter.filter);
    this.routes.clear();
  }

  /** The group of a filter that is shared, if it has members. */
  findGroup({ filter, shareName }: TopicFilter): SharedSubscription | undefined {
    return shareName === undefined ? undefined : this.subscribers.get(filter)?.groups.get(shareName);
  }

  route(topic: string): Route {
    return this.routes.get(topic) ?? this.findRoute(topic);
  }

  private findRoute(topic: string): Route {
    const matching = this.subscribers.match(topic);
    const plain = new Map<Session, Subscription>();
    const own = new Map<Session, Subscription>();
    for (const subscribers of matching) {
      for (const [session, subscription] of subscribers.plain) {
        plain.set(session, stronger(plain.get(session), subscription));
        if (!subscription.noLocal) own.set(session, stronger(own.get(session), subscription));
      }
    }
    const groups = matching.flatMap((subscribers) => [...subscribers.groups.values()]);
    const route: Route = { plain: [...plain.values()], own, groups };
    if (this.routes.size >= rememberedRoutes) this.routes.clear();
    this.routes.set(topic, route);
    return route;
  }
}

/**
 * Of two plain subscriptions of one client that match the same topic, the one that serves: it gets one copy, at the higher QoS
 * [MQTT-3.3.4-2]. At the same QoS it is one without No Local.
 */
function stronger(one: Subscription | undefined, other: Subscription): Subscription {
  if (!one) return other;
  if (one.qos !== other.qos) return one.qos > other.qos ? one : other;
  return one.noLocal ? other : one;
}
