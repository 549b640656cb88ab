import type { Message, ServedQos } from './message';
import type { Session } from './session';
import type { SharedSubscription } from './shared-subscription';
import type { TopicFilter } from './topic-filter';

/** One client's subscription to one topic filter. */
export interface Subscription {
  readonly session: Session;
  readonly topicFilter: TopicFilter;
  readonly qos: ServedQos;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  /** The group of a shared subscription. */
  readonly group?: SharedSubscription;
  /** The subscription's index among the members of its group, which only the group uses. */
  place?: number;
}

/**
 * A message for one client, from when the broker has picked the client to when the client has acknowledged it.
 *
 * It is a class, and not an object literal, because of V8: if most objects of a literal once survived a collection, as deliveries do while
 * messages wait, V8 allocates all later ones among its old objects, which are expensive to free.
 */
export class Delivery {
  constructor(
    readonly message: Message,
    readonly subscription: Subscription,
    readonly qos: ServedQos,
    readonly retain: boolean,
  ) {}
}

/** A group's messages that a client leaves behind. */
export interface LeftBehind {
  /** Sent, and not acknowledged. */
  readonly unacknowledged: readonly Delivery[];
  /** Not sent yet. */
  readonly waiting: readonly Delivery[];
}
