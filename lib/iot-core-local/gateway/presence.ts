/** A client's time on the broker: one connection, from CONNECT to its end. */
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

/** For so long, in milliseconds, it is known when a client left. https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_GetConnection.html */
const memory = 30 * 60_000;

/**
 * Who is connected and since when, and who was lately: what AWS IoT Core tells of a client beyond its session.
 */
export class Presence {
  private readonly visits = new Map<string, ConnectionRecord>();

  constructor(
    /** Milliseconds. */
    private readonly clock: () => number,
  ) {}

  /** A client has connected. The function that is returned is to be called when it is gone. */
  arrive(client: Omit<ConnectionRecord, 'connectedSince' | 'disconnectedSince'>): () => void {
    const visit: ConnectionRecord = { ...client, connectedSince: this.clock() };
    this.visits.set(client.clientId, visit);
    return () => {
      // By then another connection may have its client id.
      if (this.visits.get(visit.clientId) !== visit) return;
      this.visits.set(visit.clientId, { ...visit, disconnectedSince: this.clock() });
    };
  }

  /** A client's latest visit. */
  find(clientId: string): ConnectionRecord | undefined {
    return this.visits.get(clientId);
  }

  /** Once a second: forgets who left long ago. */
  tick(): void {
    const forgotten = this.clock() - memory;
    for (const [clientId, { disconnectedSince = Number.POSITIVE_INFINITY }] of this.visits) {
      if (disconnectedSince <= forgotten) this.visits.delete(clientId);
    }
  }
}
