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
  private readonly connected = new Map<string, Entry>();
  /** Those that are gone, in the order in which they went. */
  private readonly gone = new Map<string, Entry>();

  constructor(private readonly clocks: Clocks) {}

  /** Records that a client has connected. @returns a function to call when the connection has ended */
  arrive(client: Omit<ConnectionRecord, 'connectedSince' | 'disconnectedSince'>): () => void {
    const { wall, monotonic } = this.clocks;
    const record: ConnectionRecord = { ...client, connectedSince: wall() };
    const entry: Entry = { record, connectedAt: monotonic() };
    this.connected.set(client.clientId, entry);
    this.gone.delete(client.clientId);
    return () => {
      // Another connection may have the client id by then.
      if (this.connected.get(client.clientId) !== entry) return;
      this.connected.delete(client.clientId);
      const ended = { record: { ...record, disconnectedSince: wall() }, disconnectedAt: monotonic() };
      this.gone.set(client.clientId, { ...entry, ...ended });
    };
  }

  /** A client's latest connection. */
  find(clientId: string): ConnectionRecord | undefined {
    return this.entryOf(clientId)?.record;
  }

  /** Milliseconds since a client's latest CONNECT; Infinity if none is known. */
  sinceConnect(clientId: string): number {
    const entry = this.entryOf(clientId);
    return entry ? this.clocks.monotonic() - entry.connectedAt : Number.POSITIVE_INFINITY;
  }

  /** Once a second: forgets connections that ended long ago. */
  tick(): void {
    const forgotten = this.clocks.monotonic() - memory;
    for (const [clientId, { disconnectedAt }] of this.gone) {
      if (disconnectedAt! > forgotten) return;
      this.gone.delete(clientId);
    }
  }

  private entryOf(clientId: string): Entry | undefined {
    return this.connected.get(clientId) ?? this.gone.get(clientId);
  }
}
