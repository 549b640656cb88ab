import type { MessageBroker } from '../broker/message-broker';
import type { Clocks } from '../clocks';
import type { Log } from '../log';
import type { Authorizer } from '../registry/authorizer';
import type { Registry } from '../registry/registry';
import type { Outbox } from './outbox';
import type { Presence } from './presence';

/** A connection, as the clock of its gateway sees it. */
export interface Ticking {
  /** @returns when the next tick is due, in milliseconds */
  tick(): number;
}

/** What all connections of a device gateway share. */
export interface GatewayContext {
  readonly broker: MessageBroker;
  readonly authorizer: Authorizer;
  readonly registry: Registry;
  readonly presence: Presence;
  readonly clocks: Clocks;
  readonly log: Log;
  /** Whether AWS's quotas by rate are enforced; otherwise they are only logged. */
  readonly isStrict: boolean;
  /** Flushes an outbox at the end of this turn of the event loop, or of the next if this one is busy. */
  readonly schedule: (outbox: Outbox) => void;
  /** Has a connection ticked within a second. */
  readonly wake: (connection: Ticking) => void;
}
