import type { Session } from '../broker/session';

/** The connection that a client's packets come on, as {@link Client} needs it. */
export interface NetworkConnection {
  /** The receiver of its messages that the client waits for. Its bytes are not read meanwhile. */
  readonly waitsFor: Session | undefined;
  /**
   * Reads no more bytes of the client until a full receiver of its messages has room. The packets that were read before are still handled,
   * until a receiver is overfull.
   */
  waitFor(receiver: Session): void;
  /** Disconnects the client, tells one of MQTT 5 why, and logs it. The broker has forgotten the connection when this returns. */
  close(reasonCode: number, explanation: string): void;
  /** Ends the connection. @param options.withWill - whether the client's will is sent; otherwise it is deleted */
  end(options: { readonly withWill: boolean }): void;
}
