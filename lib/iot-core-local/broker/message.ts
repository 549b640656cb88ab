import type { ProtocolVersion } from '../mqtt/packets';
import type { PublishBody } from '../mqtt/publish-body';
import { type PublishHead, publishHead } from '../mqtt/publish-head';

/** The quality of service that AWS IoT Core serves. */
export type ServedQos = 0 | 1;

/** The QoS at which a message goes to a subscriber: the lower of the message's and the subscription's [MQTT-3.8.4-8]. */
export function lowerQos(one: ServedQos, other: ServedQos): ServedQos {
  return one === 1 && other === 1 ? 1 : 0;
}

/** A message on its way through the broker. */
export class Message {
  /** The memory that it takes while it waits: an estimate, in bytes. */
  readonly size: number;
  /** As it was when the message came, in seconds; undefined for a message that never expires. */
  private readonly expiryInterval: number | undefined;

  constructor(
    readonly topic: string,
    readonly body: PublishBody,
    readonly qos: ServedQos,
    readonly retain: boolean,
    /** The client id of its sender. */
    readonly publisher: string,
    /** When it came, in milliseconds, by the clock that {@link isExpired} and {@link countDown} use. */
    readonly receivedAt: number,
  ) {
    this.size = body.length + topic.length;
    this.expiryInterval = body.messageExpiryInterval;
  }

  /** Most messages never expire; for them no clock is read. */
  get expires(): boolean {
    return this.expiryInterval !== undefined;
  }

  /** Milliseconds; Infinity for a message that never expires. */
  get expiresAt(): number {
    const { expiryInterval } = this;
    return expiryInterval === undefined ? Number.POSITIVE_INFINITY : this.receivedAt + expiryInterval * 1000;
  }

  isExpired(now: number): boolean {
    return now >= this.expiresAt;
  }

  /** The PUBLISH without its body, and without a receiver's packet id. */
  head(version: ProtocolVersion, qos: ServedQos, retain: boolean): PublishHead {
    return publishHead(this.topic, this.body, version, qos, retain);
  }

  /**
   * Writes the rest of the expiry interval into the body: a message is sent with it [MQTT-3.3.2-6].
   *
   * @returns false if the message has expired
   */
  countDown(now: number): boolean {
    const { expiryInterval } = this;
    if (expiryInterval === undefined) return true;
    const waited = Math.floor((now - this.receivedAt) / 1000);
    this.body.replaceExpiryInterval(Math.max(1, expiryInterval - waited));
    return !this.isExpired(now);
  }
}
