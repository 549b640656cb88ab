import type { MessageProperties, ProtocolVersion } from '../mqtt/packets';
import type { Payload } from '../mqtt/payload';
import { type PublishHead, publishHead } from '../mqtt/publish-head';

/** The quality of service that AWS IoT Core serves. */
export type ServedQos = 0 | 1;

/** The QoS at which a message goes to a subscriber: the lower of the message's and the subscription's [MQTT-3.8.4-8]. */
export function lowerQos(one: ServedQos, other: ServedQos): ServedQos {
  return one === 1 && other === 1 ? 1 : 0;
}

/** The memory that a user property takes besides its text: an estimate, in bytes. */
const userPropertySize = 80;

/** A message on its way through the broker. */
export class Message {
  /** The memory that it takes while it waits: an estimate, in bytes. */
  readonly size: number;

  constructor(
    readonly topic: string,
    readonly payload: Payload,
    readonly qos: ServedQos,
    readonly retain: boolean,
    /** The client id of its sender. */
    readonly publisher: string,
    /** When it came, in milliseconds, by the clock that {@link isExpired} and {@link head} use. */
    readonly receivedAt: number,
    readonly properties?: MessageProperties,
  ) {
    this.size = payload.length + topic.length + (properties === undefined ? 0 : sizeOf(properties));
  }

  get messageExpiryInterval(): number | undefined {
    return this.properties?.messageExpiryInterval;
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
   * The PUBLISH without its payload, and without a receiver's packet id.
   *
   * @param now - milliseconds; ignored for a message that does not expire
   */
  head(version: ProtocolVersion, qos: ServedQos, retain: boolean, now: number): PublishHead {
    const properties = this.expires ? this.agedProperties(now) : this.properties;
    return publishHead(this.topic, this.payload.length, properties, version, qos, retain);
  }

  /** A message is sent with the rest of its expiry interval [MQTT-3.3.2-6]. */
  private agedProperties(now: number): MessageProperties {
    const waited = Math.floor((now - this.receivedAt) / 1000);
    if (waited <= 0) return this.properties!;
    return { ...this.properties, messageExpiryInterval: Math.max(1, this.messageExpiryInterval! - waited) };
  }
}

function sizeOf({ contentType, responseTopic, correlationData, userProperties }: MessageProperties): number {
  let size = (contentType?.length ?? 0) + (responseTopic?.length ?? 0) + (correlationData?.length ?? 0);
  for (const [name, value] of userProperties ?? []) size += name.length + value.length + userPropertySize;
  return size;
}
