import { quote } from '../mqtt/decode-error';
import { type ProtocolVersion, ReasonCode } from '../mqtt/packets';
import { Backpressure } from './backpressure';
import type { Connection, Waiting } from './connection';
import { Delivery, type LeftBehind, type Subscription } from './delivery';
import type { LastWill } from './last-will';
import type { Receiver } from './loss-log';
import { lowerQos, type Message, type ServedQos } from './message';
import { MessageQueue } from './message-queue';
import type { SessionContext } from './session-context';
import type { SharedSubscription } from './shared-subscription';
import { StoredMessages } from './stored-messages';
import { StoredPace } from './stored-pace';
import type { TopicFilter } from './topic-filter';
import { type Obstacle, Transmitter } from './transmitter';

/**
 * A client's session: its subscriptions, the messages that it has not acknowledged, and those that wait for room or for its return.
 */
export class Session implements Receiver, Waiting {
  /** By the text of their filters. */
  readonly subscriptions = new Map<string, Subscription>();
  /** When a session without a connection ends, in milliseconds; Infinity while it has one. */
  expiresAt = Number.POSITIVE_INFINITY;
  will?: LastWill;
  /** When the will of a client that has gone is sent, in milliseconds. */
  willDueAt = Number.POSITIVE_INFINITY;

  /** Whether a waiting message was sent in the second before the last tick. */
  isFlowing = false;

  private connection?: Connection;
  private readonly transmitter: Transmitter;
  private readonly pending: MessageQueue<Delivery>;
  private readonly stored: StoredMessages<Delivery>;
  /** Only of a session that was connected while messages were stored. */
  private storedPace?: StoredPace;
  /** How many waiting messages were sent since the last tick. */
  private flowed = 0;
  /** Whether a message that came since the last tick may hold its chunk in memory. */
  private holdsChunks = false;
  private readonly backpressure: Backpressure;

  constructor(
    readonly clientId: string,
    readonly version: ProtocolVersion,
    /** Milliseconds that it outlives its connection. */
    public expiryInterval: number,
    private readonly context: SessionContext,
    /** The sessions whose {@link tick} has something to do. A session adds itself; the broker takes it out when it {@link isAsleep}. */
    private readonly awake: Set<Session>,
  ) {
    this.backpressure = new Backpressure(context.now);
    this.transmitter = new Transmitter(version, this, context);
    this.pending = new MessageQueue(context.total);
    this.stored = new StoredMessages(this, context.limits.stored, Number.POSITIVE_INFINITY, context);
  }

  get logName(): string {
    return quote(this.clientId);
  }

  get isConnected(): boolean {
    return this.connection !== undefined;
  }

  /** Whether it outlives its connection. */
  get isPersistent(): boolean {
    return this.expiryInterval > 0;
  }

  /** Whether the client takes no more for now: a publisher of its messages should wait, see {@link whenRoom}. */
  get isFull(): boolean {
    return this.fullness >= 1 || this.connection?.isCongested === true;
  }

  /** Whether so much waits for a full client that its publishers stop at once, even among packets that they sent together. */
  get isOverfull(): boolean {
    return this.fullness >= 1.25;
  }

  /** How much waits for the client, as a share of what makes it full. */
  get fullness(): number {
    return this.pending.fill(this.context.limits.pending);
  }

  /** Whether a tick has nothing to do. A session wakes when a message comes, and when its connection ends. */
  get isAsleep(): boolean {
    const isQuiet = !this.holdsChunks && !this.isFlowing && this.flowed === 0 && !this.backpressure.hasBegun;
    return isQuiet && this.isConnected && this.stored.length === 0;
  }

  /** How many messages wait for room. */
  get backlog(): number {
    return this.pending.length;
  }

  /** Whether a message would be sent to the client at once. */
  hasRoomFor(qos: ServedQos): boolean {
    if (!this.connection || this.connection.isCongested || this.pending.length > 0) return false;
    return qos === 0 || this.transmitter.inflight.size < this.connection.receiveMaximum;
  }

  /** Why a message cannot be sent to the connected client at all. */
  whyNot(message: Message, subscription: Subscription): Obstacle | undefined {
    return this.transmitter.obstacleTo(this.connection!, message, subscription);
  }

  /** The receiver of its own messages that the client waits for. */
  get waitsFor(): Waiting | undefined {
    return this.connection?.waitsFor;
  }

  /** Calls `resume` once, when the client takes messages again or is no longer waited for. */
  whenRoom(resume: () => void): void {
    this.backpressure.wait(resume);
  }

  /** `resume`, which {@link whenRoom} got, is not called any more: the publisher has gone. */
  stopWaiting(resume: () => void): void {
    this.backpressure.stopWaiting(resume);
  }

  /** Gives the session its client's connection. Nothing is sent before {@link resume}. */
  connect(connection: Connection): void {
    this.connection = connection;
    this.expiresAt = Number.POSITIVE_INFINITY;
    for (const subscription of this.subscriptions.values()) subscription.group?.memberOnline(subscription);
  }

  /** Closes the connection, if there is one. */
  closeConnection(reasonCode: number, explanation: string): void {
    this.connection?.close(reasonCode, explanation);
  }

  /** Sends the unacknowledged messages again, and begins to send the stored messages of the session and of its groups. */
  resume(): void {
    for (const delivery of this.transmitter.resend(this.connection!)) this.pending.push(delivery);
    this.releaseStored();
    for (const { group } of this.subscriptions.values()) group?.releaseStored();
  }

  /**
   * Takes the connection away. Of the messages that the client did not acknowledge, those of groups are returned, for the groups' other
   * members. The others at QoS 1 wait for the client's return, if the session outlives its connection. So do those of a group that has no
   * member left: their delivery has begun, and is completed [MQTT-3.10.4-3].
   *
   * @param hasMembers - whether the group of a filter has members, this one included
   */
  disconnect(hasMembers: (topicFilter: TopicFilter) => boolean): LeftBehind {
    this.connection = undefined;
    this.expiresAt = this.context.now() + this.expiryInterval;
    this.awake.add(this);
    for (const subscription of this.subscriptions.values()) subscription.group?.memberOffline(subscription);
    const isOfGroup = ({ subscription: { group, topicFilter } }: Delivery) =>
      group !== undefined && hasMembers(topicFilter);
    const unacknowledged = this.transmitter.inflight.take(isOfGroup);
    const waiting: Delivery[] = [];
    for (const delivery of this.pending.drain()) {
      if (delivery.qos === 0) continue;
      if (isOfGroup(delivery)) waiting.push(delivery);
      else this.store(delivery);
    }
    this.backpressure.end();
    return { unacknowledged, waiting };
  }

  /**
   * Sends a message to the client, or keeps it until that is possible.
   *
   * @param retain - the RETAIN flag of the copy that is sent, by default as the subscription asks
   * @returns false if the session {@link isFull} or a bound is reached, or if another sender waits for it: then the sender should wait too
   * before it has another message for it
   */
  deliver(
    message: Message,
    subscription: Subscription,
    retain = subscription.retainAsPublished && message.retain,
  ): boolean {
    const qos = lowerQos(message.qos, subscription.qos);
    if (this.hasRoomFor(qos)) {
      if (qos === 1) this.send(new Delivery(message, subscription, qos, retain));
      else this.transmitter.sendUnkept(this.connection!, message, subscription, retain);
      return true;
    }
    if (!this.connection) {
      if (qos === 1) this.store(new Delivery(message, subscription, qos, retain));
      return true;
    }
    const { limits, losses, total } = this.context;
    if (qos === 0 && this.backpressure.isBeyondWaitLimit) {
      losses.add('slow', this);
      return true;
    }
    // A sender that cannot wait, as that of a will or of a retained message, or that did not wait, meets the bounds here.
    if (this.pending.fill(limits.stored) >= 1) {
      losses.add(qos === 0 ? 'slow' : 'queueFull', this);
      return this.hold();
    }
    if (!total.hasRoom()) {
      losses.add(qos === 0 ? 'slow' : 'allQueuesFull', this);
      return this.hold();
    }
    this.holdChunk();
    this.pending.push(new Delivery(message, subscription, qos, retain));
    // A publisher does not pass one that waits.
    if (!this.isFull && !this.backpressure.isWaitedFor) return true;
    return this.hold();
  }

  /**
   * Ends a delivery. An unknown packet id is ignored, as a late acknowledgement is not an error.
   *
   * @returns whether that makes room for which something waits: then {@link flow} is due, once for all acknowledgements that came together
   */
  acknowledge(packetId: number): boolean {
    return this.transmitter.inflight.remove(packetId) && (this.pending.length > 0 || this.backpressure.hasBegun);
  }

  /** Takes out the group's messages that wait for room, for the group's other members. */
  withdraw(group: SharedSubscription): Delivery[] {
    const withdrawn: Delivery[] = [];
    for (const delivery of this.pending.drain()) {
      if (delivery.subscription.group === group) withdrawn.push(delivery);
      else this.pending.push(delivery);
    }
    return withdrawn;
  }

  /** Gives back a message that {@link withdraw} took and that no other member takes. */
  putBack(delivery: Delivery): void {
    this.pending.push(delivery);
  }

  /** Sends the waiting messages, as far as there is room. */
  flow(): void {
    const waited = this.pending.length;
    while (this.pending.length > 0 && this.connection && !this.connection.isCongested) {
      if (this.transmitter.inflight.size >= this.connection.receiveMaximum) break;
      this.send(this.pending.shift()!);
    }
    if (this.pending.length < waited) {
      this.flowed += waited - this.pending.length;
      this.awake.add(this);
      this.backpressure.progress();
    }
    if (this.fullness <= 0.5 && !this.connection?.isCongested) this.backpressure.end();
  }

  /**
   * Once a second: sends stored messages at their pace. Publishers stop waiting for a client that stays full. From half of the bound on, only
   * as many of them do as the client has taken messages: so hundreds of publishers do not fill the queue of a slow client.
   */
  tick(): void {
    const { flowed } = this;
    this.isFlowing = flowed > 0;
    this.flowed = 0;
    this.releaseStored(true);
    if (this.holdsChunks) this.keepBodies();
    // What it acknowledges is not read.
    if (this.waitsFor) this.backpressure.progress();
    if (this.backpressure.isBeyondDisconnectLimit) {
      this.closeConnection(ReasonCode.QuotaExceeded, 'it took no message for 30 seconds');
    } else if (this.backpressure.isBeyondWaitLimit) {
      this.backpressure.release(this.pending.fill(this.context.limits.stored) < 0.5 ? undefined : flowed);
    }
  }

  /** Removes stored messages that have expired, so that they take no room. */
  removeExpired(): void {
    this.stored.removeExpired();
  }

  /** Forgets all messages, at the end of the session. */
  clear(): void {
    this.stored.clear();
    this.pending.drain();
  }

  /** Senders of further messages should wait. @returns false, for {@link deliver} */
  private hold(): false {
    this.awake.add(this);
    this.backpressure.begin();
    return false;
  }

  private holdChunk(): void {
    if (this.holdsChunks) return;
    this.holdsChunks = true;
    this.awake.add(this);
  }

  /**
   * Frees the chunks that messages came in. Most messages have gone by the tick, and were never copied. The others hold no more than what
   * came in a second.
   */
  private keepBodies(): void {
    this.holdsChunks = false;
    for (const [, delivery] of this.transmitter.inflight.entries()) delivery.message.body.keep();
    for (const delivery of this.pending.all()) delivery.message.body.keep();
  }

  private store(delivery: Delivery): void {
    if (this.isPersistent) this.stored.store(delivery);
  }

  private releaseStored(isTick = false): void {
    // Once a second for each session: most have no stored messages, and their connections need not be looked at.
    if (this.stored.length === 0 || !this.hasRoomFor(1)) return;
    this.storedPace ??= new StoredPace();
    if (!this.storedPace.isDue(this.context.now(), isTick)) return;
    for (let released = 0; released < this.context.limits.storedPerSecond && this.hasRoomFor(1); released += 1) {
      const delivery = this.stored.shift();
      if (!delivery) return;
      this.send(delivery);
    }
  }

  private send(delivery: Delivery): void {
    if (delivery.qos === 1) this.holdChunk();
    this.transmitter.send(this.connection!, delivery);
  }
}
