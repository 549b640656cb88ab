import type { EncodedPublish } from '../mqtt/encode';
import { type ProtocolVersion, ReasonCode } from '../mqtt/packets';
import { Backpressure } from './backpressure';
import { EventCounter } from './event-counter';
import { lowerQos, type Message, type ServedQos } from './message';
import { type Bound, MessageQueue } from './message-queue';
import type { SharedSubscription } from './shared-subscription';
import { StoredMessages } from './stored-messages';
import type { TopicFilter } from './topic-filter';

/** What a session needs of the connection that its client has. */
export interface Connection {
  /** How many QoS 1 messages the client takes before it acknowledges one. */
  readonly receiveMaximum: number;
  /** A packet above so many bytes is never sent to the client. */
  readonly maximumPacketSize: number;
  /** More is waiting to be written than should be. {@link Session.flow} must be called when that is over. */
  readonly isCongested: boolean;
  /** What the client sends is read. It is not while the client waits for another. */
  readonly isHeard: boolean;
  /** Whether the client may have a message on this topic. */
  accepts(topic: string, subscription: Subscription): boolean;
  send(publish: EncodedPublish, packetId: number): void;
  /** Closes the connection, telling the client why where its version of MQTT can, and takes it from its session before it returns. */
  close(reasonCode: number, explanation: string): void;
}

/** One client's subscription to one topic filter. */
export interface Subscription {
  readonly session: Session;
  readonly topicFilter: TopicFilter;
  readonly qos: ServedQos;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  /** The group, where the subscription is shared. */
  readonly group?: SharedSubscription;
  /** Where among its members the group has it; the group's own. */
  place?: number;
}

/** A message for one client, from when the broker has chosen the client to when the client has acknowledged. */
export interface Delivery {
  readonly message: Message;
  readonly subscription: Subscription;
  readonly qos: ServedQos;
  readonly retain: boolean;
}

/** What becomes of a client that goes without saying so. */
export interface LastWill {
  /** Milliseconds from the connection's end. */
  readonly delay: number;
  send(): void;
}

/** The broker's bounds on what it holds for one client. */
export interface SessionLimits {
  /** QoS 1 messages held for a client that is away; further ones are dropped. Also, messages held for one that is not waited for. */
  readonly stored: Bound;
  /** Messages held for a client that is connected but slow; then its publishers have to wait. */
  readonly pending: Bound;
  /** Of the stored messages, how many go out in a second. */
  readonly storedPerSecond: number;
}

/** AWS tells the pace; the bounds are IoT Core Local's. https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#mqtt-persistent-sessions */
export const defaultSessionLimits: SessionLimits = {
  stored: { messages: 10_000, bytes: 67_108_864 },
  pending: { messages: 1000, bytes: 8_388_608 },
  storedPerSecond: 10,
};

/**
 * What the broker keeps of a client beyond a packet: its subscriptions, the messages that it has yet to acknowledge, and those that
 * wait for room or for its return.
 */
export class Session {
  /** By the text of their filters. */
  readonly subscriptions = new Map<string, Subscription>();
  /** When a session without a connection ends, in milliseconds; Infinity while it has one. */
  expiresAt = Number.POSITIVE_INFINITY;
  will?: LastWill;
  /** When the will of a client that has gone is to be sent, in milliseconds. */
  willDueAt = Number.POSITIVE_INFINITY;

  /** Whether some of what waits for room went out in the second before the last tick. */
  isFlowing = false;

  private connection?: Connection;
  private readonly inflight = new Map<number, Delivery>();
  private readonly pending = new MessageQueue<Delivery>();
  private readonly stored: StoredMessages<Delivery>;
  private lastPacketId = 0;
  private hasFlowed = false;
  private readonly backpressure: Backpressure;
  private readonly dropped = new EventCounter();
  private readonly lost = new EventCounter();

  constructor(
    readonly clientId: string,
    readonly version: ProtocolVersion,
    /** For how long, in milliseconds, it outlives its connection. */
    public expiryInterval: number,
    private readonly limits: SessionLimits,
    private readonly clock: () => number,
  ) {
    this.backpressure = new Backpressure(clock);
    this.stored = new StoredMessages(limits.stored, (message) => message.isExpired(clock()), this.lost);
  }

  get isConnected(): boolean {
    return this.connection !== undefined;
  }

  /** Whether it would still be there if its connection were gone. */
  get isPersistent(): boolean {
    return this.expiryInterval > 0;
  }

  /** The client takes no more for now: who has a message for it should wait, see {@link whenRoom}. */
  get isFull(): boolean {
    return this.pending.fill(this.limits.pending) >= 1 || this.connection?.isCongested === true;
  }

  /** How many messages wait for room. */
  get backlog(): number {
    return this.pending.length;
  }

  /** Whether a message would go out to the client at once. */
  hasRoomFor(qos: ServedQos): boolean {
    if (!this.connection || this.connection.isCongested || this.pending.length > 0) return false;
    return qos === 0 || this.inflight.size < this.connection.receiveMaximum;
  }

  /**
   * Whether a sender should wait when this client is full. It is of no use to wait for a client that is not heard, as it waits itself, or
   * for oneself: neither could acknowledge anything. Such a client gets more than it should, up to the bound for one that is away.
   */
  isWorthWaitingFor(sender: Session): boolean {
    if (this.pending.fill(this.limits.stored) >= 1) return true;
    return this !== sender && this.connection?.isHeard === true;
  }

  /** Calls `resume` once, when the client takes messages again or has been given up. */
  whenRoom(resume: () => void): void {
    this.backpressure.wait(resume);
  }

  /** Gives the session its client's connection. Nothing is sent before {@link resume}. */
  connect(connection: Connection): void {
    this.connection = connection;
    this.expiresAt = Number.POSITIVE_INFINITY;
    for (const subscription of this.subscriptions.values()) subscription.group?.memberOnline(subscription);
  }

  /** Closes the connection, for another one of the same client [MQTT-3.1.4-3]. */
  takeOver(): void {
    this.connection?.close(ReasonCode.SessionTakenOver, 'another connection has its client id');
  }

  /** Closes the connection, because the API was asked to. */
  expel(): void {
    this.connection?.close(ReasonCode.AdministrativeAction, 'DeleteConnection was called for it');
  }

  /**
   * Sends again what was not acknowledged [MQTT-4.4.0-1], as AWS does without DUP, and starts on what was stored, for it and for its groups.
   */
  resume(): void {
    const { receiveMaximum } = this.connection!;
    for (const [index, [packetId, delivery]] of [...this.inflight].entries()) {
      if (index < receiveMaximum) {
        this.transmit(delivery.message, delivery.subscription, delivery.qos, delivery.retain, packetId);
      } else {
        // A client that takes fewer at a time than it did gets the rest as it acknowledges [MQTT-3.3.4-9].
        this.inflight.delete(packetId);
        this.pending.push(delivery);
      }
    }
    this.releaseStored();
    for (const { group } of this.subscriptions.values()) group?.releaseStored();
  }

  /**
   * Takes the connection away. Group messages that the client did not acknowledge are returned, for the group's other members; of the
   * rest, those at QoS 1 wait for the client's return if the session outlives its connection. So do those of a group that has nobody
   * left: their delivery has begun, and is completed [MQTT-3.10.4-3].
   *
   * @param hasMembers - whether the group of a filter has members, this one included
   */
  disconnect(hasMembers: (topicFilter: TopicFilter) => boolean): Delivery[] {
    this.connection = undefined;
    this.expiresAt = this.clock() + this.expiryInterval;
    for (const subscription of this.subscriptions.values()) subscription.group?.memberOffline(subscription);
    const handedOn: Delivery[] = [];
    const isOfOthers = ({ subscription: { group, topicFilter } }: Delivery) => group && hasMembers(topicFilter);
    for (const [packetId, delivery] of this.inflight) {
      if (!isOfOthers(delivery)) continue;
      this.inflight.delete(packetId);
      handedOn.push(delivery);
    }
    for (const delivery of this.pending.drain()) {
      if (delivery.qos === 0) continue;
      if (isOfOthers(delivery)) handedOn.push(delivery);
      else this.store(delivery);
    }
    this.backpressure.end();
    return handedOn;
  }

  /**
   * Sends a message to the client, or keeps it until that is possible.
   *
   * @param retain - the flag that it is sent with, by default as the subscription asks
   * @returns false when the session {@link isFull} and the sender should wait before it has another message for it
   */
  deliver(
    message: Message,
    subscription: Subscription,
    retain = subscription.retainAsPublished && message.retain,
  ): boolean {
    const qos = lowerQos(message.qos, subscription.qos);
    if (this.hasRoomFor(qos)) {
      this.send(message, subscription, qos, retain);
      return true;
    }
    if (!this.connection) {
      if (qos === 1) this.store({ message, subscription, qos, retain });
      return true;
    }
    if (qos === 0 && this.backpressure.isBeyondWaitLimit) {
      this.dropped.add();
      return true;
    }
    if (this.pending.fill(this.limits.stored) >= 1) {
      // Who sends it could not be told to wait, as the sender of a will or of a retained message cannot, or did not.
      (qos === 0 ? this.dropped : this.lost).add();
      return false;
    }
    this.pending.push({ message, subscription, qos, retain });
    if (!this.isFull) return true;
    this.backpressure.begin();
    return false;
  }

  /** Ends a delivery. An id that is not in use is ignored, as a late acknowledgement is no error. */
  acknowledge(packetId: number): void {
    if (this.inflight.delete(packetId) && (this.pending.length > 0 || this.backpressure.isWaitedFor)) this.flow();
  }

  /** Takes back the group messages that wait for room, for the group's other members. */
  withdraw(group: SharedSubscription): Delivery[] {
    const withdrawn: Delivery[] = [];
    for (const delivery of this.pending.drain()) {
      if (delivery.subscription.group === group) withdrawn.push(delivery);
      else this.pending.push(delivery);
    }
    return withdrawn;
  }

  /** Gives back what {@link withdraw} took, and nobody else takes. */
  putBack(delivery: Delivery): void {
    this.pending.push(delivery);
  }

  /** Sends what waits, as far as there is room. */
  flow(): void {
    const waited = this.pending.length;
    while (this.pending.length > 0 && this.connection && !this.connection.isCongested) {
      if (this.inflight.size >= this.connection.receiveMaximum) break;
      const { message, subscription, qos, retain } = this.pending.shift()!;
      this.send(message, subscription, qos, retain);
    }
    if (this.pending.length < waited) {
      this.hasFlowed = true;
      this.backpressure.progress();
    }
    if (this.pending.fill(this.limits.pending) <= 0.5 && !this.connection?.isCongested) this.backpressure.end();
  }

  /** How many QoS 0 messages were lost, since this was last asked, because the client did not keep up. */
  takeDropped(): number {
    return this.dropped.take();
  }

  /** How many QoS 1 messages were lost, since this was last asked, because as many wait for the client as may. */
  takeLost(): number {
    return this.lost.take();
  }

  /** Once a second: what was stored goes out at its pace, and a client that stays full is not waited for any longer. */
  tick(): void {
    this.isFlowing = this.hasFlowed;
    this.hasFlowed = false;
    this.releaseStored();
    if (this.backpressure.isBeyondDisconnectLimit) {
      this.connection?.close(ReasonCode.QuotaExceeded, 'it took no message for 30 seconds');
    } else if (this.backpressure.isBeyondWaitLimit) {
      this.backpressure.release();
    }
  }

  private store(delivery: Delivery): void {
    if (this.isPersistent) this.stored.store(delivery);
  }

  private releaseStored(): void {
    for (let released = 0; released < this.limits.storedPerSecond && this.hasRoomFor(1); released += 1) {
      const delivery = this.stored.shift();
      if (!delivery) return;
      this.send(delivery.message, delivery.subscription, delivery.qos, delivery.retain);
    }
  }

  private send(message: Message, subscription: Subscription, qos: ServedQos, retain: boolean): void {
    if (message.expires && message.isExpired(this.clock())) return;
    if (qos === 0) {
      this.transmit(message, subscription, qos, retain, 0);
      return;
    }
    const packetId = this.freePacketId();
    this.inflight.set(packetId, { message, subscription, qos, retain });
    this.transmit(message, subscription, qos, retain, packetId);
  }

  /** What the client may not have, or said it would not take [MQTT-3.1.2-25], is dropped as if it had been sent. */
  private transmit(
    message: Message,
    subscription: Subscription,
    qos: ServedQos,
    retain: boolean,
    packetId: number,
  ): void {
    const connection = this.connection!;
    if (connection.accepts(message.topic, subscription)) {
      const publish = message.frame(this.version, qos, retain, message.expires ? this.clock() : 0);
      if (publish.frame.length <= connection.maximumPacketSize) {
        connection.send(publish, packetId);
        return;
      }
    }
    this.inflight.delete(packetId);
  }

  /** At most as many ids are taken as the receive maximum allows, so one is always free. */
  private freePacketId(): number {
    do {
      this.lastPacketId = this.lastPacketId === 0xffff ? 1 : this.lastPacketId + 1;
    } while (this.inflight.has(this.lastPacketId));
    return this.lastPacketId;
  }
}
