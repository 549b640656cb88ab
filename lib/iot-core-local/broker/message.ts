import { type EncodedPublish, encodePublish } from '../mqtt/encode';
import type { MessageProperties, ProtocolVersion } from '../mqtt/packets';

/** The quality of service that AWS IoT Core serves. */
export type ServedQos = 0 | 1;

/** The QoS at which a message goes to a subscriber: the lower of the message's and the subscription's [MQTT-3.8.4-8]. */
export function lowerQos(one: ServedQos, other: ServedQos): ServedQos {
  return one === 1 && other === 1 ? 1 : 0;
}

/** The memory that a user property takes besides its text: an estimate, in bytes. */
const userPropertySize = 80;

/**
 * A message on its way through the broker. It is encoded once for each version, QoS and RETAIN flag that its receivers need, whatever
 * their number.
 */
export class Message {
  private readonly frames: (EncodedPublish | undefined)[] = [];

  constructor(
    readonly topic: string,
    readonly payload: Buffer,
    readonly qos: ServedQos,
    readonly retain: boolean,
    /** The client id of its sender. */
    readonly publisher: string,
    /** When it came, in milliseconds, by the clock that {@link isExpired} and {@link frame} use. */
    readonly receivedAt: number,
    readonly properties?: MessageProperties,
  ) {}

  get messageExpiryInterval(): number | undefined {
    return this.properties?.messageExpiryInterval;
  }

  /** The memory that it takes while it waits: an estimate, in bytes. */
  get size(): number {
    const { contentType = '', responseTopic = '', correlationData, userProperties = [] } = this.properties ?? {};
    let size = this.payload.length + this.topic.length + contentType.length + responseTopic.length;
    size += correlationData?.length ?? 0;
    for (const [name, value] of userProperties) size += name.length + value.length + userPropertySize;
    return size;
  }

  /** Most messages never expire; for them no clock is read. */
  get expires(): boolean {
    return this.properties?.messageExpiryInterval !== undefined;
  }

  /** Milliseconds; Infinity for a message that never expires. */
  get expiresAt(): number {
    const { messageExpiryInterval } = this;
    return messageExpiryInterval === undefined
      ? Number.POSITIVE_INFINITY
      : this.receivedAt + messageExpiryInterval * 1000;
  }

  isExpired(now: number): boolean {
    return now >= this.expiresAt;
  }

  /**
   * The PUBLISH packet, its packet id still to be filled in.
   *
   * @param now - milliseconds; ignored for a message that does not expire
   */
  frame(version: ProtocolVersion, qos: ServedQos, retain: boolean, now: number): EncodedPublish {
    const waited = this.expires ? Math.floor((now - this.receivedAt) / 1000) : 0;
    if (waited > 0) return encodePublish(this.aged(waited), { version, qos, retain });
    const key = (version === 5 ? 4 : 0) + (qos === 1 ? 2 : 0) + (retain ? 1 : 0);
    this.frames[key] ??= encodePublish(this, { version, qos, retain });
    return this.frames[key];
  }

  /** A message is sent with the rest of its expiry interval [MQTT-3.3.2-6]. */
  private aged(seconds: number): { topic: string; payload: Buffer; properties: MessageProperties } {
    const messageExpiryInterval = Math.max(1, this.messageExpiryInterval! - seconds);
    return { topic: this.topic, payload: this.payload, properties: { ...this.properties, messageExpiryInterval } };
  }
}
