import type { Bound } from './bound';
import type { Delivery } from './delivery';
import type { QueueContext } from './stored-messages';

/** The bounds of what the broker holds for one client. */
export interface SessionLimits {
  /** QoS 1 messages for a client that is away; further ones are dropped. It also bounds what waits for a full client. */
  readonly stored: Bound;
  /** Messages for a client that is connected but slow; above it publishers have to wait. */
  readonly pending: Bound;
  /** How many of the stored messages are sent in a second. */
  readonly storedPerSecond: number;
}

/** AWS publishes the pace; the bounds are IoT Core Local's. https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#mqtt-persistent-sessions */
export const defaultSessionLimits: SessionLimits = {
  stored: { messages: 10_000, bytes: 67_108_864 },
  pending: { messages: 1000, bytes: 8_388_608 },
  storedPerSecond: 10,
};

/** What all sessions of a broker share. */
export interface SessionContext extends QueueContext {
  readonly limits: SessionLimits;
  /** Gives a group's message to another member. @returns false if the group has no members */
  readonly reassign: (delivery: Delivery) => boolean;
}
