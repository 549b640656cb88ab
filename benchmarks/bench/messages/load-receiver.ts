import type { TLSSocket } from 'node:tls';
import { microseconds } from '../../microseconds';
import { connectPacket, exchange, type Identity, openSocket, publishPacket, subscribePacket } from '../../servers/wire';

export interface ReceiverProps {
  readonly port: number;
  readonly identity: Identity;
  readonly topicFilter: string;
  readonly topic: string;
  readonly qos: 0 | 1;
  readonly withProperties: boolean;
  readonly payloadSize: number;
}

/** Counts the messages of one destination, a group or a consumer: how often each message of each publisher came. */
export class ReceivedMessages {
  received = 0;
  /** When the last one came, in microseconds of the machine's monotonic clock. */
  lastAt = 0;
  private readonly counts: Uint8Array[] = [];

  /** @param capacity - the highest number of a publisher's message, and one more */
  constructor(private readonly capacity: number) {}

  count(publisher: number, message: number): void {
    this.received += 1;
    this.counts[publisher] ??= new Uint8Array(this.capacity);
    this.counts[publisher][message] += 1;
  }

  /** @param sent - the number of each publisher's last message; the first has number 1 */
  compare(sent: readonly number[]): { lost: number; doubled: number } {
    let lost = 0;
    let doubled = 0;
    sent.forEach((last, publisher) => {
      const counts = this.counts[publisher] ?? new Uint8Array(this.capacity);
      for (let message = 1; message <= last; message += 1) {
        if (counts[message] === 0) lost += 1;
        else doubled += counts[message] - 1;
      }
    });
    return { lost, doubled };
  }
}

/** A client that only receives. It knows the length of each packet, so it reads nothing but the numbers in it. */
export class LoadReceiver {
  private readonly frameLength: number;
  private readonly payloadAt: number;
  private readonly packetIdAt: number;
  private rest: Buffer = Buffer.alloc(0);

  static async connect(props: ReceiverProps, received: ReceivedMessages, latencies?: number[]): Promise<LoadReceiver> {
    const socket = await openSocket(props.port, props.identity);
    await exchange(socket, connectPacket(props.identity.clientId), 0x20);
    await exchange(socket, subscribePacket(props.topicFilter, props.qos), 0x90);
    return new LoadReceiver(socket, props, received, latencies);
  }

  private constructor(
    private readonly socket: TLSSocket,
    private readonly props: ReceiverProps,
    private readonly received: ReceivedMessages,
    private readonly latencies?: number[],
  ) {
    const { bytes, packetIdAt } = publishPacket(props.topic, Buffer.alloc(props.payloadSize), props);
    this.frameLength = bytes.length;
    this.packetIdAt = packetIdAt;
    this.payloadAt = bytes.length - props.payloadSize;
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('error', () => {});
  }

  end(): void {
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const frames = Math.floor(bytes.length / this.frameLength);
    const now = microseconds();
    const acknowledgements = this.props.qos === 1 ? Buffer.allocUnsafe(frames * 4) : undefined;
    for (let index = 0; index < frames; index += 1) {
      const start = index * this.frameLength;
      if (bytes[start] >> 4 !== 3 || bytes[start + 1] !== this.frameLength - 2) {
        throw new Error(
          `The broker sent ${bytes.subarray(start, start + 4).toString('hex')}, not the PUBLISH expected.`,
        );
      }
      const payload = start + this.payloadAt;
      this.received.count(bytes[payload], bytes.readUInt32BE(payload + 1));
      this.latencies?.push(now - bytes.readDoubleBE(payload + 5));
      if (acknowledgements) {
        acknowledgements.writeUInt16BE(0x4002, index * 4);
        bytes.copy(acknowledgements, index * 4 + 2, start + this.packetIdAt, start + this.packetIdAt + 2);
      }
    }
    if (frames > 0) this.received.lastAt = now;
    if (acknowledgements && frames > 0) this.socket.write(acknowledgements);
    this.rest = bytes.subarray(frames * this.frameLength);
  }
}
