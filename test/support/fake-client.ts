import { parser } from 'mqtt-packet';
import type { Bound } from '../../lib/iot-core-local/broker/bound';
import type { Connection } from '../../lib/iot-core-local/broker/connection';
import { Message, type ServedQos } from '../../lib/iot-core-local/broker/message';
import { type BrokerOptions, MessageBroker, type SessionRequest } from '../../lib/iot-core-local/broker/message-broker';
import type { Session } from '../../lib/iot-core-local/broker/session';
import { parseTopicFilter } from '../../lib/iot-core-local/broker/topic-filter';
import type { ProtocolVersion, SubscriptionRequest } from '../../lib/iot-core-local/mqtt/packets';
import type { PublishBody } from '../../lib/iot-core-local/mqtt/publish-body';
import type { PublishHead } from '../../lib/iot-core-local/mqtt/publish-head';
import { bodyWith, frameOf, type MessageProperties } from './message-properties';

/** A bound on the number of messages that wait, whatever their size. */
export function atMost(messages: number): Bound {
  return { messages, bytes: Number.POSITIVE_INFINITY };
}

/** The session of a client that comes back within the hour. */
export const persistent = { clean: false, expiryInterval: 3_600_000 } as const;

/** The numbers from 1 to `count`, as payloads. */
export function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index + 1));
}

interface PublishOptions {
  readonly qos?: ServedQos;
  readonly retain?: boolean;
  readonly properties?: MessageProperties;
  /** The session of the client that waits if a receiver is full. @default - none */
  readonly sender?: Session;
}

interface Received {
  readonly topic: string;
  readonly payload: string;
  readonly qos: number;
  readonly retain: boolean;
  readonly packetId?: number;
  readonly messageExpiryInterval?: number;
}

/** A group's topic filter. Its messages are on `t`. */
export const groupFilter = '$share/group2/t';

/** A broker with a clock and random numbers that a test controls. */
export class BrokerInHand {
  /** Milliseconds by the clock that never goes back. */
  now = 0;
  /** Milliseconds since 1970. */
  wallTime = 1_000_000;
  /** The next random numbers. After the last of them, each is 0. */
  readonly dice: number[] = [];
  readonly log: string[] = [];
  readonly broker: MessageBroker;

  constructor(options: BrokerOptions = {}) {
    this.broker = new MessageBroker({
      clocks: { monotonic: () => this.now, wall: () => this.wallTime },
      random: () => this.dice.shift() ?? 0,
      log: ({ message }) => this.log.push(message),
      ...options,
    });
  }

  /** @param changes - what differs from a clean session that ends with its connection */
  connect(clientId: string, changes: Partial<SessionRequest> = {}, receiveMaximum = 100): FakeClient {
    const request = { clientId, version: 5, clean: true, expiryInterval: 0, ...changes } as const;
    return new FakeClient(this.broker, request, receiveMaximum);
  }

  /** Connects a client that is a member of the group of {@link groupFilter}. */
  member(...connection: Parameters<BrokerInHand['connect']>): FakeClient {
    const client = this.connect(...connection);
    client.subscribe(groupFilter);
    return client;
  }

  /** @returns the receiver that the sender should wait for */
  publish(topic: string, payload: string, { qos = 0, retain = false, properties, sender }: PublishOptions = {}) {
    const message = new Message(
      topic,
      bodyWith(properties, payload),
      qos,
      retain,
      sender?.clientId ?? 'car1',
      this.now,
    );
    return this.broker.publish(message, sender);
  }

  /** Publishes messages to `t`. */
  publishAll(payloads: readonly string[], qos: ServedQos = 1): void {
    for (const payload of payloads) this.publish('t', payload, { qos });
  }

  /** Publishes that many messages to `t`. @returns their payloads */
  publishNumbers(count: number, qos: ServedQos = 1): string[] {
    const payloads = numbers(count);
    this.publishAll(payloads, qos);
    return payloads;
  }

  /** Lets this many seconds pass, and calls the broker's tick after each. */
  wait(seconds: number): void {
    for (let second = 0; second < seconds; second += 1) {
      this.now += 1000;
      this.wallTime += 1000;
      this.broker.tick();
    }
  }
}

/** A client as the broker sees it. It records the messages that it receives, and acknowledges them when a test says so. */
export class FakeClient implements Connection {
  maximumPacketSize = Number.POSITIVE_INFINITY;
  isCongested = false;
  waitsFor: Session | undefined = undefined;
  refusedTopic?: string;
  hasQuota = true;
  closedWith?: number;
  readonly received: Received[] = [];
  readonly session: Session;
  readonly isPresent: boolean;
  private readonly version: ProtocolVersion;

  constructor(
    private readonly broker: MessageBroker,
    request: SessionRequest,
    public receiveMaximum: number,
  ) {
    this.version = request.version;
    ({ session: this.session, isPresent: this.isPresent } = broker.connect(request, this));
    if (this.received.length > 0) {
      throw new Error('The broker sent a message before the session was resumed, that is, before CONNACK.');
    }
    this.session.resume();
  }

  get payloads(): string[] {
    return this.received.map(({ payload }) => payload);
  }

  subscribe(filter: string, changes: Partial<SubscriptionRequest> = {}): boolean {
    const request = { qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 0, ...changes } as const;
    return this.broker.subscribe(this.session, parseTopicFilter(filter), { topicFilter: filter, ...request });
  }

  unsubscribe(filter: string): boolean {
    return this.broker.unsubscribe(this.session, filter);
  }

  /** Acknowledges all messages that it has received, also those that it acknowledged before. */
  acknowledge(): void {
    this.acknowledgeOnly(...this.received.flatMap(({ packetId }) => packetId ?? []));
  }

  /** Acknowledges the messages with these packet ids, as if all PUBACKs came in one chunk. */
  acknowledgeOnly(...packetIds: readonly number[]): void {
    const isFlowDue = packetIds.map((packetId) => this.session.acknowledge(packetId)).includes(true);
    if (isFlowDue) this.session.flow();
  }

  /** Ends the connection: with a DISCONNECT if `withWill` is false, otherwise without. */
  disconnect({ withWill = true } = {}): void {
    this.broker.disconnect(this.session, withWill);
  }

  mayReceive(topic: string): boolean {
    return topic !== this.refusedTopic;
  }

  admits(): boolean {
    return this.hasQuota;
  }

  send(head: PublishHead, body: PublishBody, packetId: number): void {
    const own = frameOf(head, body);
    if (head.packetIdOffset > 0) own.writeUInt16BE(packetId, head.packetIdOffset);
    const reader = parser({ protocolVersion: this.version });
    reader.on('packet', (packet) => {
      if (packet.cmd !== 'publish') throw new Error(`The broker sent a ${packet.cmd}.`);
      const { topic, qos, retain, messageId, properties } = packet;
      const { messageExpiryInterval } = properties ?? {};
      const payload = packet.payload.toString();
      this.received.push({ topic, payload, qos, retain, packetId: messageId, messageExpiryInterval });
    });
    reader.parse(own);
  }

  close(reasonCode: number): void {
    this.closedWith = reasonCode;
    this.disconnect();
  }
}
