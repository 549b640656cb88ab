import type { TLSSocket } from 'node:tls';
import { microseconds } from '../../microseconds';
import { connectPacket, exchange, type Identity, openSocket, publishPacket } from '../../servers/wire';

export interface PublisherProps {
  readonly port: number;
  readonly identity: Identity;
  /** The publisher's number, which is the first byte of each payload. */
  readonly index: number;
  readonly topic: string;
  readonly qos: 0 | 1;
  readonly withProperties: boolean;
  /** Bytes: at least 13, for the publisher's number, the message's and the time. */
  readonly payloadSize: number;
  /** The most QoS 1 messages that wait for their PUBACKs at the same time. */
  readonly window: number;
  /** Messages a second. @default - as many as the broker takes */
  readonly rate?: number;
}

/** Packets in one write. */
const batch = 500;

/** A client that only publishes. It copies a packet that is made beforehand, and writes the numbers into the copy. */
export class LoadPublisher {
  sent = 0;
  private unacknowledged = 0;
  private isRunning = false;
  private readonly template: Buffer;
  private readonly packetIdAt: number;
  private readonly payloadAt: number;

  static async connect(props: PublisherProps): Promise<LoadPublisher> {
    const socket = await openSocket(props.port, props.identity);
    await exchange(socket, connectPacket(props.identity.clientId), 0x20);
    return new LoadPublisher(socket, props);
  }

  private constructor(
    private readonly socket: TLSSocket,
    private readonly props: PublisherProps,
  ) {
    const { topic, payloadSize, index } = props;
    const payload = Buffer.alloc(payloadSize, 'x');
    payload[0] = index;
    const { bytes, packetIdAt } = publishPacket(topic, payload, props);
    this.template = bytes;
    this.packetIdAt = packetIdAt;
    this.payloadAt = bytes.length - payloadSize;
    let rest = 0;
    socket.on('data', (chunk: Buffer) => {
      // A broker sends a publisher PUBACKs alone. They have 4 bytes, as long as the reason code is success.
      const acknowledged = Math.floor((chunk.length + rest) / 4);
      rest = (chunk.length + rest) % 4;
      this.unacknowledged -= acknowledged;
      if (this.isRunning && props.rate === undefined) this.fill();
    });
    socket.on('drain', () => this.isRunning && props.rate === undefined && this.fill());
    socket.on('error', () => {});
  }

  start(): void {
    this.isRunning = true;
    if (this.props.rate === undefined) this.fill();
    else this.keepRate(this.props.rate);
  }

  stop(): void {
    this.isRunning = false;
  }

  end(): void {
    this.socket.destroy();
  }

  /** Sends as much as the broker takes now. */
  private fill(): void {
    if (this.props.qos === 1) {
      const room = this.props.window - this.unacknowledged;
      if (room > 0) this.send(room);
      return;
    }
    while (this.isRunning && this.socket.writableLength < 262_144) {
      if (!this.send(batch)) return;
    }
  }

  private keepRate(rate: number): void {
    const start = performance.now();
    let due = 0;
    const turn = (): void => {
      if (!this.isRunning) return;
      const now = Math.floor(((performance.now() - start) / 1000) * rate);
      if (now > due) this.send(now - due);
      due = now;
      setTimeout(turn, 1);
    };
    turn();
  }

  private send(count: number): boolean {
    const { template, payloadAt, packetIdAt } = this;
    const bytes = Buffer.allocUnsafe(count * template.length);
    const time = microseconds();
    for (let index = 0; index < count; index += 1) {
      const start = index * template.length;
      template.copy(bytes, start);
      this.sent += 1;
      if (this.props.qos === 1) bytes.writeUInt16BE((this.sent % 65_535) + 1, start + packetIdAt);
      bytes.writeUInt32BE(this.sent, start + payloadAt + 1);
      bytes.writeDoubleBE(time, start + payloadAt + 5);
    }
    if (this.props.qos === 1) this.unacknowledged += count;
    return this.socket.write(bytes);
  }
}
