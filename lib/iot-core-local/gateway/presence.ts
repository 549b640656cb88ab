import type { Clocks } from '../clocks';

/** One connection of a client, from CONNECT to its end. */
export interface ConnectionRecord {
  readonly clientId: string;
  readonly certificateArn: string;
  /** Seconds. */
  readonly keepAlive: number;
  /** Seconds that the session outlives the connection. */
  readonly sessionExpiry: number;
  /** Milliseconds since 1970. */
  readonly connectedSince: number;
  /** Milliseconds since 1970; undefined while it is connected. */
  readonly disconnectedSince?: number;
}

/** Milliseconds for which a connection's end is known. https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_GetConnection.html */
const memory = 30 * 60_000;

/** A record, and the same times by the monotonic clock. */
interface Entry {
  readonly record: ConnectionRecord;
  readonly connectedAt: number;
  readonly disconnectedAt?: number;
}

/**
 * Who is connected since when, and who was connected lately, as the IoT data API returns it.
 */
export class Presence {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly clocks: Clocks) {}

  /** Records that a client has connected. @returns a function to call when the connection has ended */
  arrive(client: Omit<ConnectionRecord, 'connectedSince' | 'disconnectedSince'>): () => void {
    const { wall, monotonic } = this.clocks;
    const record: ConnectionRecord = { ...client, connectedSince: wall() };
    const entry: Entry = { record, connectedAt: monotonic() };
    this.entries.set(client.clientId, entry);
    return () => {
      // Another connection may have the client id by then.
      if (this.entries.get(client.clientId) !== entry) return;
      const ended = { record: { ...record, disconnectedSince: wall() }, disconnectedAt: monotonic() };
      this.entries.set(client.clientId, { ...entry, ...ended });
    };
  }

  /** A client's latest connection. */
  find(clientId: string): ConnectionRecord | undefined {
    return this.entries.get(clientId)?.record;
  }

  /** Milliseconds since a client's latest CONNECT; Infinity if none is known. */
  sinceConnect(clientId: string): number {
    const entry = this.entries.get(clientId);
    return entry ? this.clocks.monotonic() - entry.connectedAt : Number.POSITIVE_INFINITY;
  }

  /** Once a second: forgets connections that ended long ago. */
  tick(): void {
    const forgotten = this.clocks.monotonic() - memory;
    for (const [clientId, { disconnectedAt = Number.POSITIVE_INFINITY }] of this.entries) {
      if (disconnectedAt <= forgotten) this.entries.delete(clientId);
    }
  }
}
