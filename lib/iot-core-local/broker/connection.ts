import type { PublishBody } from '../mqtt/publish-body';
import type { PublishHead } from '../mqtt/publish-head';
import type { Subscription } from './delivery';

/** A session, as a client that may wait for another one. */
export interface Waiting {
  /** The receiver of its messages that it waits for. */
  readonly waitsFor: Waiting | undefined;
}

/** The connection of a client, as its session needs it. */
export interface Connection {
  /** How many QoS 1 messages the client takes before it acknowledges one. */
  readonly receiveMaximum: number;
  /** Bytes. A larger packet is never sent to the client. Infinity if the client set no limit. */
  readonly maximumPacketSize: number;
  /** Whether too many bytes wait to be written. {@link Session.flow} must be called when that is over. */
  readonly isCongested: boolean;
  /** The receiver of its messages that the client waits for. Its bytes are not read meanwhile. */
  readonly waitsFor: Waiting | undefined;
  /** Whether the client has the right to receive messages on this topic. */
  mayReceive(topic: string, subscription: Subscription): boolean;
  /** Counts a message that is about to be sent. @returns false if the connection's quota has no room for it */
  admits(): boolean;
  /** @param packetId - 0 for a head that has none */
  send(head: PublishHead, body: PublishBody, packetId: number): void;
  /** Closes the connection, tells an MQTT 5 client why, and takes the connection from its session before it returns. */
  close(reasonCode: number, explanation: string): void;
}
