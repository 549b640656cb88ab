import type { MessageBroker } from '../broker/message-broker';
import type { Log } from '../log';
import type { Authorizer } from '../registry/authorizer';
import type { Registry } from '../registry/registry';
import type { Outbox } from './outbox';
import type { Presence } from './presence';

/** What all connections of a device gateway share. */
export interface GatewayContext {
  readonly broker: MessageBroker;
  readonly authorizer: Authorizer;
  readonly registry: Registry;
  readonly presence: Presence;
  /** Milliseconds. */
  readonly clock: () => number;
  readonly log: Log;
  /** Whether AWS's quotas by rate are enforced, and not only told of. */
  readonly isStrict: boolean;
  /** Has an outbox flushed at the end of this turn of the event loop. */
  readonly schedule: (outbox: Outbox) => void;
}

/** What a client must not do: its message is the explanation, without a full stop, that the log gives. */
export class ClientFault extends Error {
  constructor(
    /** An MQTT 5 reason code; below 0x80, a return code of 3.1.1's CONNACK. */
    readonly reasonCode: number,
    explanation: string,
  ) {
    super(explanation);
  }
}
