import { once } from 'node:events';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { generate, type IConnectPacket, type Packet, type Parser, parser } from 'mqtt-packet';
import { type Credentials, secureContextOf } from './secure-context';

/** The version of MQTT that a packet is encoded and decoded for. */
export type Version = 4 | 5;

export interface RawClientOptions {
  readonly port: number;
  /** PEM of the root that the endpoint is checked against. */
  readonly rootCaPem: string;
  /** @default - no client certificate */
  readonly credentials?: Credentials;
  readonly version: Version;
  readonly tls?: ConnectionOptions;
}

type ConnectFields = Partial<IConnectPacket> & { readonly clientId: string };

/** A CONNECT, by default with a clean session. */
export function connectPacket(protocolVersion: Version, fields: ConnectFields): IConnectPacket {
  return { cmd: 'connect', protocolId: 'MQTT', protocolVersion, clean: true, keepalive: 60, ...fields };
}

/**
 * A TLS connection to IoT Core Local that sends packets or any bytes. It encodes and decodes with mqtt-packet, which is independent of IoT
 * Core Local's own codec.
 *
 * It answers nothing by itself: no PUBACK is sent unless a test sends it.
 */
export class RawClient {
  /** @returns a client whose own side of the TLS handshake is done: under TLS 1.3, a server may refuse the certificate later */
  static async open({ port, rootCaPem, credentials, version, tls }: RawClientOptions): Promise<RawClient> {
    const { key, certificate: cert } = credentials ?? {};
    // TLS options have no effect on a context that is made already.
    const identity =
      credentials && !tls ? { secureContext: secureContextOf(credentials, rootCaPem) } : { ca: rootCaPem, key, cert };
    const socket = connectTls({ host: '127.0.0.1', port, ...identity, ...tls });
    await once(socket, 'secureConnect');
    return new RawClient(socket, version);
  }

  /** Fulfilled when the connection is closed, by either side. */
  readonly closed: Promise<void>;

  private readonly parser: Parser;
  private readonly unread: Packet[] = [];
  private isClosed = false;
  private wake = () => {};

  private constructor(
    readonly socket: TLSSocket,
    readonly version: Version,
  ) {
    this.parser = parser({ protocolVersion: version });
    this.parser.on('packet', (packet) => {
      this.unread.push(packet);
      this.wake();
    });
    socket.on('data', (chunk: Buffer) => this.parser.parse(chunk));
    // A reset is one way to end a connection; 'close' follows it.
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.isClosed = true;
        this.wake();
        resolve();
      });
    });
  }

  send(...packets: readonly (Packet | Buffer)[]): void {
    const options = { protocolVersion: this.version };
    this.socket.write(
      Buffer.concat(packets.map((packet) => (Buffer.isBuffer(packet) ? packet : generate(packet, options)))),
    );
  }

  /** Sends CONNECT, by default with a clean session. @returns the CONNACK */
  async connect(fields: ConnectFields): Promise<Packet> {
    this.send(connectPacket(this.version, fields));
    return this.next();
  }

  /** The next packet. @throws Error when the connection closes before one comes */
  async next(): Promise<Packet> {
    while (this.unread.length === 0) {
      if (this.isClosed) throw new Error('The connection was closed before a packet came.');
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return this.unread.shift()!;
  }

  /** The packets that have come already. */
  take(): Packet[] {
    return this.unread.splice(0);
  }

  /** All packets that come before the connection is closed. */
  async rest(): Promise<Packet[]> {
    await this.closed;
    return this.take();
  }

  /** A round trip: IoT Core Local has handled what was sent before. @returns the packets that come before the PINGRESP */
  async ping(): Promise<Packet[]> {
    const before: Packet[] = [];
    this.send({ cmd: 'pingreq' });
    for (let packet = await this.next(); packet.cmd !== 'pingresp'; packet = await this.next()) before.push(packet);
    return before;
  }

  /** Closes the connection without a DISCONNECT. */
  destroy(): void {
    this.socket.destroy();
  }
}
