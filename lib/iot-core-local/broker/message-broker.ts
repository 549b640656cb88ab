import { type Clocks, systemClocks } from '../clocks';
import type { Log } from '../log';
import { type ProtocolVersion, ReasonCode, type SubscriptionRequest } from '../mqtt/packets';
import { awaitedReceiver } from './awaited-receiver';
import type { Bound } from './bound';
import type { Connection } from './connection';
import type { Delivery, LeftBehind, Subscription } from './delivery';
import { type HandOverContext, handOver } from './hand-over';
import type { LastWill } from './last-will';
import { LossLog } from './loss-log';
import type { Message } from './message';
import { QueueTotal } from './queue-total';
import { type Retained, RetainedMessages } from './retained-messages';
import { RoutingTable } from './routing-table';
import { Session } from './session';
import { defaultSessionLimits, type SessionContext, type SessionLimits } from './session-context';
import { defaultGroupLimits, type GroupContext, type GroupLimits, SharedSubscription } from './shared-subscription';
import type { TopicFilter } from './topic-filter';

/** A client's CONNECT, as the broker needs it. */
export interface SessionRequest {
  readonly clientId: string;
  readonly version: ProtocolVersion;
  /** Whether an existing session is deleted. */
  readonly clean: boolean;
  /** Milliseconds that the session outlives its connection. */
  readonly expiryInterval: number;
  readonly will?: LastWill;
}

export interface BrokerOptions {
  /** @default systemClocks */
  readonly clocks?: Clocks;
  /** A number from 0 to below 1, which picks a group's next receiver. @default Math.random */
  readonly random?: () => number;
  /** @default defaultSessionLimits */
  readonly sessionLimits?: SessionLimits;
  /** @default defaultGroupLimits */
  readonly groupLimits?: GroupLimits;
  /** The bound of retained messages; further ones are not retained. @default 10,000 messages, 64 MiB */
  readonly retained?: Bound;
  /** The bound of all queues together; further messages are dropped. @default 250,000 messages, 256 MiB */
  readonly queued?: Bound;
  /** Gets the numbers of lost messages, and hand-overs. @default - nothing is logged */
  readonly log?: Log;
}

/** Milliseconds between two searches of all queues for expired messages. */
const searchInterval = 1000;

/**
 * Sessions, subscriptions, and the routing of messages between them.
 *
 * It knows nothing of TLS, AWS or policies: its caller has checked that the client may do what it asks for.
 */
export class MessageBroker {
  private readonly sessions = new Map<string, Session>();
  /** Those with something to do at the next tick. */
  private readonly awake = new Set<Session>();
  private readonly routing = new RoutingTable();
  private readonly retained: RetainedMessages;
  private readonly now: () => number;
  private readonly losses: LossLog;
  private readonly sessionContext: SessionContext;
  private readonly groupContext: GroupContext;
  private readonly handOverContext: HandOverContext;
  private searchedAt = Number.NEGATIVE_INFINITY;

  constructor(options: BrokerOptions = {}) {
    const { sessionLimits = defaultSessionLimits, groupLimits = defaultGroupLimits, random = Math.random } = options;
    const { retained = { messages: 10_000, bytes: 67_108_864 } } = options;
    const { queued = { messages: 250_000, bytes: 268_435_456 } } = options;
    const { monotonic: now, wall } = options.clocks ?? systemClocks;
    this.now = now;
    const { log = () => {} } = options;
    const losses = new LossLog(log, queued);
    this.losses = losses;
    this.retained = new RetainedMessages({ bound: retained, now, wall, losses });
    const total = new QueueTotal(queued, () => this.removeExpired());
    const reassign = (delivery: Delivery) => this.reassign(delivery);
    this.sessionContext = { limits: sessionLimits, now, total, losses, reassign };
    this.groupContext = { limits: groupLimits, now, total, losses, random };
    this.handOverContext = { findGroup: (topicFilter) => this.routing.findGroup(topicFilter), now, log };
  }

  findSession(clientId: string): Session | undefined {
    return this.sessions.get(clientId);
  }

  /**
   * Opens a client's session: the one it left, or a new one. A connection that already has the client id is closed
   * [MQTT-3.1.4-3]. Nothing is sent to the client before {@link Session.resume}.
   *
   * A session belongs to a version of MQTT: on AWS, an MQTT 5 client cannot resume a session of 3.1.1, or the other way round.
   */
  connect(request: SessionRequest, connection: Connection): { session: Session; isPresent: boolean } {
    this.sessions
      .get(request.clientId)
      ?.closeConnection(ReasonCode.SessionTakenOver, 'another connection has its client id');
    const former = this.sessions.get(request.clientId);
    const isResumable = former !== undefined && former.version === request.version && former.expiresAt > this.now();
    const isPresent = isResumable && !request.clean;
    if (former && !isPresent) this.end(former);
    const session = isPresent ? former : this.newSession(request);
    session.expiryInterval = request.expiryInterval;
    // A will whose delay is not over is not sent when its client comes back [MQTT-3.1.3-9].
    session.willDueAt = Number.POSITIVE_INFINITY;
    session.will = request.will;
    session.connect(connection);
    return { session, isPresent };
  }

  /**
   * Takes a session's connection away. The session waits for its client's return, or ends if it does not outlive its connection.
   *
   * @param withWill - whether the client's will is sent; otherwise it is deleted
   */
  disconnect(session: Session, withWill: boolean): void {
    const left = session.disconnect((topicFilter) => this.routing.findGroup(topicFilter) !== undefined);
    if (!withWill) session.will = undefined;
    else if (session.will) session.willDueAt = this.now() + session.will.delay;
    if (!session.isPersistent) this.end(session);
    else if (session.willDueAt <= this.now()) sendWill(session);
    this.handOver(session, left);
  }

  /**
   * Closes a client's connection from the broker's side, as the API's DeleteConnection does.
   *
   * @param options.endSession - whether the client's session ends too, even if it is persistent
   * @param options.withWill - whether the client's will is sent; otherwise it is deleted
   * @returns false if the client neither is connected nor has a session
   */
  deleteConnection(clientId: string, { endSession, withWill }: { endSession: boolean; withWill: boolean }): boolean {
    const session = this.sessions.get(clientId);
    if (!session) return false;
    if (!withWill) session.will = undefined;
    session.closeConnection(ReasonCode.AdministrativeAction, 'DeleteConnection was called for it');
    if (endSession && this.sessions.has(clientId)) this.end(session);
    return true;
  }

  /** Deletes a session without a connection and all messages that wait in it. Its will does not outlive it [MQTT-3.1.3-9]. */
  end(session: Session): void {
    for (const filter of [...session.subscriptions.keys()]) this.unsubscribe(session, filter);
    this.sessions.delete(session.clientId);
    this.awake.delete(session);
    session.clear();
    sendWill(session);
  }

  /** Subscribes, or changes the options of an existing subscription. @returns whether the subscription is new */
  subscribe(session: Session, topicFilter: TopicFilter, request: SubscriptionRequest): boolean {
    const subscription: Subscription = {
      session,
      topicFilter,
      qos: request.qos === 0 ? 0 : 1,
      noLocal: request.noLocal,
      retainAsPublished: request.retainAsPublished,
      group: topicFilter.shareName === undefined ? undefined : this.groupOf(topicFilter),
      // Set here already, so that all subscriptions have the same hidden class.
      place: undefined,
    };
    const former = session.subscriptions.get(topicFilter.text);
    session.subscriptions.set(topicFilter.text, subscription);
    this.routing.add(subscription, former);
    subscription.group?.releaseStored();
    return former === undefined;
  }

  /** @returns whether the client had subscribed to the filter */
  unsubscribe(session: Session, filterText: string): boolean {
    const subscription = session.subscriptions.get(filterText);
    if (!subscription) return false;
    session.subscriptions.delete(filterText);
    this.routing.remove(subscription);
    const { group } = subscription;
    if (group) this.handOver(session, { unacknowledged: [], waiting: session.withdraw(group) });
    return true;
  }

  /**
   * Routes a message to each plain subscriber and to one member of each group.
   *
   * @param sender - none for a message that nobody waits with
   * @returns a receiver that is full, if there is one: the sender should wait for its {@link Session.whenRoom}. See
   * {@link awaitedReceiver}
   */
  publish(message: Message, sender?: Session): Session | undefined {
    if (message.retain) this.retained.retain(message);
    const route = this.routing.route(message.topic);
    let full: Session | undefined;
    for (const plain of route.plain) {
      const { session } = plain;
      const isEcho = plain.noLocal && session.clientId === message.publisher;
      const subscription = isEcho ? route.own.get(session) : plain;
      if (!subscription) continue;
      if (!session.deliver(message, subscription)) full = awaitedReceiver(full, session, sender);
    }
    for (const group of route.groups) {
      const member = group.dispatch(message);
      if (member) full = awaitedReceiver(full, member, sender);
    }
    return full;
  }

  /** Sends the retained message of a subscription's topic; AWS does so for exact filters only, and never for a group. */
  sendRetained(subscription: Subscription): void {
    const { session, topicFilter, group } = subscription;
    if (group || topicFilter.hasWildcard) return;
    const retained = this.findRetained(topicFilter.filter);
    if (retained) session.deliver(retained.message, subscription, true);
  }

  /** The message that is retained on a topic and has not expired. */
  findRetained(topic: string): Retained | undefined {
    return this.retained.find(topic);
  }

  /** Once a second: ends sessions that have expired, sends wills that are due and stored messages at their pace, and logs losses. */
  tick(): void {
    const now = this.now();
    for (const session of this.awake) {
      if (session.expiresAt <= now) {
        this.end(session);
        continue;
      }
      if (session.willDueAt <= now) sendWill(session);
      session.tick();
      if (session.isAsleep) this.awake.delete(session);
    }
    for (const group of this.routing.groups) group.tick();
    this.losses.flush();
  }

  /** Logs what was lost since the last tick. */
  stop(): void {
    this.losses.flush();
  }

  private newSession({ clientId, version, expiryInterval }: SessionRequest): Session {
    const session = new Session(clientId, version, expiryInterval, this.sessionContext, this.awake);
    this.sessions.set(clientId, session);
    return session;
  }

  /** Gives a group's message to a member that can have it. @returns false if the group has no members left */
  private reassign({ message, subscription: { topicFilter } }: Delivery): boolean {
    const group = this.routing.findGroup(topicFilter);
    group?.dispatch(message);
    return group !== undefined;
  }

  private handOver({ clientId }: Session, left: LeftBehind): void {
    handOver(clientId, left, this.handOverContext);
  }

  private groupOf(topicFilter: TopicFilter): SharedSubscription {
    return this.routing.findGroup(topicFilter) ?? new SharedSubscription(topicFilter.text, this.groupContext);
  }

  /** Makes room in the queues. Their search is limited to once a second, as it looks at each queue. */
  private removeExpired(): void {
    const now = this.now();
    if (now - this.searchedAt < searchInterval) return;
    this.searchedAt = now;
    for (const session of this.sessions.values()) session.removeExpired();
    for (const group of this.routing.groups) group.removeExpired();
  }
}

function sendWill(session: Session): void {
  const { will } = session;
  session.will = undefined;
  session.willDueAt = Number.POSITIVE_INFINITY;
  will?.send();
}
