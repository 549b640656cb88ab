import type { Subscription } from './delivery';
import type { Session } from './session';
import type { SharedSubscription } from './shared-subscription';

/** The subscribers of one topic filter. */
export interface Subscribers {
  /** A number that no other filter's subscribers have. */
  readonly id: number;
  readonly plain: Map<Session, Subscription>;
  /** By their share names. */
  readonly groups: Map<string, SharedSubscription>;
}

/** The receivers of a message on one topic. */
export interface Route {
  readonly plain: readonly Subscription[];
  /** For a client's own messages: its subscription without No Local, for the clients whose plain one has No Local. */
  readonly own: ReadonlyMap<Session, Subscription>;
  readonly groups: readonly SharedSubscription[];
}

/** The route of the topics that exactly these filters match. */
export function routeOf(matching: readonly Subscribers[]): Route {
  const plain = new Map<Session, Subscription>();
  const own = new Map<Session, Subscription>();
  for (const subscribers of matching) {
    for (const [session, subscription] of subscribers.plain) {
      plain.set(session, stronger(plain.get(session), subscription));
      if (!subscription.noLocal) own.set(session, stronger(own.get(session), subscription));
    }
  }
  for (const { session, noLocal } of plain.values()) if (!noLocal) own.delete(session);
  const groups = matching.flatMap((subscribers) => [...subscribers.groups.values()]);
  return { plain: [...plain.values()], own, groups };
}

/**
 * Of two plain subscriptions of a client that match the same topic, the one that is used: the client gets one copy, at the higher QoS
 * [MQTT-3.3.4-2]. At the same QoS it is the one without No Local.
 */
function stronger(one: Subscription | undefined, other: Subscription): Subscription {
  if (!one) return other;
  if (one.qos !== other.qos) return one.qos > other.qos ? one : other;
  return one.noLocal ? other : one;
}
