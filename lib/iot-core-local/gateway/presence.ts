/** One connection of a client, from CONNECT to its end. */
export interface ConnectionRecord {
  readonly clientId: string;
  readonly certificateArn: string;
  /** Seconds. */
  readonly keepAlive: number;
  /** Seconds that the session outlives the connection. */
  readonly sessionExpiry: number;
  /** Milliseconds. */
  readonly connectedSince: number;
  /** Milliseconds; undefined while it is connected. */
  readonly disconnectedSince?: number;
}

/** Milliseconds for which a connection's end is known. https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_GetConnection.html */
const memory = 30 * 60_000;

/**
 * Who is connected since when, and who was connected lately, as the IoT data API returns it.
 */
export class Presence {
  private readonly records = new Map<string, ConnectionRecord>();

  constructor(
    /** Milliseconds. */
    private readonly clock: () => number,
  ) {}

  /** Records that a client has connected. @returns a function to call when the connection has ended */
  arrive(client: Omit<ConnectionRecord, 'connectedSince' | 'disconnectedSince'>): () => void {
    const record: ConnectionRecord = { ...client, connectedSince: this.clock() };
    this.records.set(client.clientId, record);
    return () => {
      // Another connection may have the client id by then.
      if (this.records.get(record.clientId) !== record) return;
      this.records.set(record.clientId, { ...record, disconnectedSince: this.clock() });
    };
  }

  /** A client's latest connection. */
  find(clientId: string): ConnectionRecord | undefined {
    return this.records.get(clientId);
  }

  /** Once a second: forgets connections that ended long ago. */
  tick(): void {
    const forgotten = this.clock() - memory;
    for (const [clientId, { disconnectedSince = Number.POSITIVE_INFINITY }] of this.records) {
      if (disconnectedSince <= forgotten) this.records.delete(clientId);
    }
  }
}
