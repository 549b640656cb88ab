import { grouped } from '../../util/format';
import type { Log } from '../log';
import { quote } from '../mqtt/decode-error';
import type { ProtocolVersion, SubscriptionRequest } from '../mqtt/packets';
import { dropped } from './event-counter';
import type { Message } from './message';
import type { Bound } from './message-queue';
import { RetainedMessages } from './retained-messages';
import { RoutingTable } from './routing-table';
import {
  type Connection,
  type Delivery,
  defaultSessionLimits,
  type LastWill,
  Session,
  type SessionLimits,
  type Subscription,
} from './session';
import { defaultGroupLimits, type GroupLimits, SharedSubscription } from './shared-subscription';
import type { TopicFilter } from './topic-filter';

/** What a client asks for on connecting. */
export interface SessionRequest {
  readonly clientId: string;
  readonly version: ProtocolVersion;
  /** Whether a session that is still there is to be forgotten. */
  readonly clean: boolean;
  /** For how long, in milliseconds, the session is to outlive its connection. */
  readonly expiryInterval: number;
  readonly will?: LastWill;
}

export interface BrokerOptions {
  /** Milliseconds. */
  readonly clock?: () => number;
  /** A number from 0 to below 1. */
  readonly random?: () => number;
  readonly sessionLimits?: SessionLimits;
  readonly groupLimits?: GroupLimits;
  /** What can be retained; what is more is not. @default 10,000 messages, 64 MiB */
  readonly retained?: Bound;
  /** Told what is lost. @default - nothing is logged */
  readonly log?: Log;
}

/**
 * Sessions, subscriptions, and the routing of messages between them.
 *
 * It knows nothing of TLS, of AWS's policies or of packets: whoever calls it has asked already whether the client may.
 */
export class MessageBroker {
  private readonly sessions = new Map<string, Session>();
  private readonly routing = new RoutingTable();
  private readonly retained: RetainedMessages;
  private readonly clock: () => number;
  private readonly random: () => number;
  private readonly sessionLimits: SessionLimits;
  private readonly groupLimits: GroupLimits;
  private readonly log: Log;

  constructor(options: BrokerOptions = {}) {
    this.clock = options.clock ?? Date.now;
    this.random = options.random ?? Math.random;
    this.sessionLimits = options.sessionLimits ?? defaultSessionLimits;
    this.groupLimits = options.groupLimits ?? defaultGroupLimits;
    this.retained = new RetainedMessages(options.retained ?? { messages: 10_000, bytes: 67_108_864 }, this.clock);
    this.log = options.log ?? (() => {});
  }

  findSession(clientId: string): Session | undefined {
    return this.sessions.get(clientId);
  }

  /**
   * Opens a client's session: the one it left, or a new one. A connection that already has the client id is closed
   * [MQTT-3.1.4-3]. Nothing is sent to the client before {@link Session.resume}.
   *
   * A session belongs to a version of MQTT: AWS does not let 5 resume one of 3.1.1, or the other way round.
   */
  connect(request: SessionRequest, connection: Connection): { session: Session; isPresent: boolean } {
    this.sessions.get(request.clientId)?.takeOver();
    const resumable = this.sessions.get(request.clientId);
    const isPresent = resumable !== undefined && !request.clean && resumable.version === request.version;
    if (resumable && !isPresent) this.end(resumable);
    const session = isPresent ? resumable : this.newSession(request);
    session.expiryInterval = request.expiryInterval;
    // A will whose delay is not over is not sent when its client comes back [MQTT-3.1.3-9].
    session.willDueAt = Number.POSITIVE_INFINITY;
    session.will = request.will;
    session.connect(connection);
    return { session, isPresent };
  }

  /**
   * Takes a session's connection away: the session waits for its client's return, or ends if it does not outlive its connection.
   *
   * @param withWill whether the client's will is to be sent; it is forgotten otherwise
   */
  disconnect(session: Session, withWill: boolean): void {
    const handedOn = session.disconnect((topicFilter) => this.routing.findGroup(topicFilter) !== undefined);
    if (!withWill) session.will = undefined;
    else if (session.will) session.willDueAt = this.clock() + session.will.delay;
    if (!session.isPersistent) this.end(session);
    else if (session.willDueAt <= this.clock()) sendWill(session);
    this.handOn(handedOn);
  }

  /**
   * Closes a client's connection from the broker's side.
   *
   * @param options.endSession whether a session that outlives the connection, or has outlived an earlier one, ends too
   * @param options.withWill whether the client's will is to be sent; it is forgotten otherwise
   * @returns false when the client neither is connected nor has a session
   */
  expel(clientId: string, { endSession, withWill }: { endSession: boolean; withWill: boolean }): boolean {
    const session = this.sessions.get(clientId);
    if (!session) return false;
    if (!withWill) session.will = undefined;
    session.expel();
    if (endSession && this.sessions.has(clientId)) this.end(session);
    return true;
  }

  /** Forgets a session without a connection, and all that waits in it. Its will does not outlive it [MQTT-3.1.3-9]. */
  end(session: Session): void {
    for (const filter of [...session.subscriptions.keys()]) this.unsubscribe(session, filter);
    this.sessions.delete(session.clientId);
    sendWill(session);
  }

  /** Subscribes, or changes the options of a subscription that is there. Tells whether it is a new one. */
  subscribe(session: Session, topicFilter: TopicFilter, request: SubscriptionRequest): boolean {
    const subscription: Subscription = {
      session,
      topicFilter,
      qos: request.qos === 0 ? 0 : 1,
      noLocal: request.noLocal,
      retainAsPublished: request.retainAsPublished,
      group: topicFilter.shareName === undefined ? undefined : this.groupOf(topicFilter),
      // Here already, so that all subscriptions have one shape.
      place: undefined,
    };
    const former = session.subscriptions.get(topicFilter.text);
    session.subscriptions.set(topicFilter.text, subscription);
    this.routing.add(subscription, former);
    subscription.group?.releaseStored();
    return former === undefined;
  }

  /** Tells whether the client had subscribed to the filter. */
  unsubscribe(session: Session, filterText: string): boolean {
    const subscription = session.subscriptions.get(filterText);
    if (!subscription) return false;
    session.subscriptions.delete(filterText);
    this.routing.remove(subscription);
    if (subscription.group) this.handOn(session.withdraw(subscription.group));
    return true;
  }

  /**
   * Routes a message to each plain subscriber and to one member of each group.
   *
   * @returns a receiver that is full, if there is one: the sender should wait for its {@link Session.whenRoom}
   */
  publish(message: Message): Session | undefined {
    if (message.retain) this.retained.retain(message);
    const route = this.routing.route(message.topic);
    let full: Session | undefined;
    for (const plain of route.plain) {
      const { session } = plain;
      const isEcho = plain.noLocal && session.clientId === message.publisher;
      const subscription = isEcho ? route.own.get(session) : plain;
      if (!subscription) continue;
      if (!session.deliver(message, subscription)) full = session;
    }
    for (const group of route.groups) full = group.dispatch(message) ?? full;
    return full;
  }

  /** Sends what is retained on a subscription's topic; AWS does so for exact filters only, and for no group. */
  sendRetained({ session, topicFilter, group, ...subscription }: Subscription): void {
    if (group || topicFilter.hasWildcard) return;
    const message = this.retainedMessage(topicFilter.filter);
    if (!message) return;
    session.deliver(message, { session, topicFilter, ...subscription }, true);
  }

  /** The message that is retained on a topic and has not expired. */
  retainedMessage(topic: string): Message | undefined {
    return this.retained.find(topic);
  }

  /** Once a second: sessions that have outlived their connection for long enough end, and what was stored goes out at its pace. */
  tick(): void {
    const now = this.clock();
    for (const session of this.sessions.values()) {
      if (session.expiresAt <= now) {
        this.end(session);
        continue;
      }
      if (session.willDueAt <= now) sendWill(session);
      session.tick();
    }
    for (const group of this.routing.groups) group.tick();
    this.tellLost();
  }

  private tellLost(): void {
    const tell = (who: string, count: number) => {
      if (count === 0) return;
      this.log({ level: 'warn', message: `As much waits for ${who} as may: ${dropped(count, 1)}.` });
    };
    for (const session of this.sessions.values()) tell(quote(session.clientId), session.takeLost());
    for (const group of this.routing.groups) tell(`the members of ${quote(group.filterText)}`, group.takeLost());
    const refused = this.retained.takeRefused();
    if (refused === 0) return;
    const count = refused === 1 ? '1 further message was' : `${grouped(refused)} further messages were`;
    this.log({ level: 'warn', message: `As much is retained as may be: ${count} not.` });
  }

  private newSession({ clientId, version, expiryInterval }: SessionRequest): Session {
    const session = new Session(clientId, version, expiryInterval, this.sessionLimits, this.clock);
    this.sessions.set(clientId, session);
    return session;
  }

  private handOn(deliveries: readonly Delivery[]): void {
    // Looked up, as everyone may have left the group meanwhile and others have joined it anew.
    for (const { message, subscription } of deliveries) {
      this.routing.findGroup(subscription.topicFilter)?.dispatch(message);
    }
  }

  private groupOf(topicFilter: TopicFilter): SharedSubscription {
    const known = this.routing.findGroup(topicFilter);
    return known ?? new SharedSubscription(topicFilter.text, this.groupLimits, this.random, this.clock);
  }
}

function sendWill(session: Session): void {
  const { will } = session;
  session.will = undefined;
  session.willDueAt = Number.POSITIVE_INFINITY;
  will?.send();
}
