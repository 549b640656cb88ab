import type { ProtocolVersion } from '../mqtt/packets';
import type { Connection } from './connection';
import { Delivery, type Subscription } from './delivery';
import { Inflight } from './inflight';
import type { Receiver } from './loss-log';
import { lowerQos, type Message, type ServedQos } from './message';
import type { SessionContext } from './session-context';

/** Why a message cannot be sent to a connected client at all. */
export type Obstacle = 'denied' | 'tooLarge';

/** Sends a session's messages over its connection, and keeps those at QoS 1 until the client acknowledges them. */
export class Transmitter {
  /** The messages that the client has not acknowledged. */
  readonly inflight = new Inflight();

  constructor(
    private readonly version: ProtocolVersion,
    private readonly receiver: Receiver,
    private readonly context: SessionContext,
  ) {}

  /** What is in the message's way: the client has no right to it, or takes no packet so large [MQTT-3.1.2-25]. */
  obstacleTo(connection: Connection, message: Message, subscription: Subscription): Obstacle | undefined {
    if (!connection.mayReceive(message.topic, subscription)) return 'denied';
    if (connection.maximumPacketSize === Number.POSITIVE_INFINITY) return undefined;
    const qos = lowerQos(message.qos, subscription.qos);
    const { length, bodyLength } = message.head(this.version, qos, subscription.retainAsPublished && message.retain);
    return length + bodyLength > connection.maximumPacketSize ? 'tooLarge' : undefined;
  }

  /** Sends a message, unless it has expired. */
  send(connection: Connection, delivery: Delivery): void {
    const { message, subscription, qos, retain } = delivery;
    if (!this.countDown(message)) return;
    this.transmit(connection, message, subscription, qos, retain, qos === 0 ? 0 : this.inflight.add(delivery));
  }

  /** As {@link send}. At QoS 0 there is nothing to acknowledge, so there is no delivery to keep. */
  sendUnkept(connection: Connection, message: Message, subscription: Subscription, retain: boolean): void {
    if (this.countDown(message)) this.transmit(connection, message, subscription, 0, retain, 0);
  }

  /**
   * Sends the unacknowledged messages again [MQTT-4.4.0-1], without DUP as AWS does.
   *
   * @returns those that the client has no room for, as it takes fewer at a time than before. It gets them as it acknowledges [MQTT-3.3.4-9]
   */
  resend(connection: Connection): Delivery[] {
    const entries = this.inflight.entries();
    for (const [packetId, { message, subscription, qos, retain }] of entries.slice(0, connection.receiveMaximum)) {
      this.countDown(message);
      this.transmit(connection, message, subscription, qos, retain, packetId);
    }
    return entries.slice(connection.receiveMaximum).map(([packetId, delivery]) => {
      this.inflight.remove(packetId);
      return delivery;
    });
  }

  /** Most messages never expire; for them no clock is read. @returns false if the message has expired */
  private countDown(message: Message): boolean {
    return !message.expires || message.countDown(this.context.now());
  }

  /**
   * Writes a message to the connection. A message that the client may not have, or that is larger than it takes, is treated as if it had
   * been sent and acknowledged [MQTT-3.1.2-25]; one of a group goes to another member.
   */
  private transmit(
    connection: Connection,
    message: Message,
    subscription: Subscription,
    qos: ServedQos,
    retain: boolean,
    packetId: number,
  ): void {
    if (!connection.mayReceive(message.topic, subscription)) {
      this.fail(new Delivery(message, subscription, qos, retain), packetId, 'denied');
      return;
    }
    const head = message.head(this.version, qos, retain);
    if (head.length + head.bodyLength > connection.maximumPacketSize) {
      this.fail(new Delivery(message, subscription, qos, retain), packetId, 'tooLarge');
    } else if (connection.admits()) {
      connection.send(head, message.body, packetId);
    } else {
      this.inflight.remove(packetId);
    }
  }

  private fail(delivery: Delivery, packetId: number, reason: Obstacle): void {
    this.inflight.remove(packetId);
    if (delivery.subscription.group && this.context.reassign(delivery)) return;
    this.context.losses.add(reason, this.receiver);
  }
}
