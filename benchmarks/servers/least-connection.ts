import type { TLSSocket } from 'node:tls';
import { exchangeAnswers } from './wire';

const members: LeastConnection[] = [];
const consumers: LeastConnection[] = [];
let turn = 0;

/** Connections to which something goes out at the end of the chunk that is being read. */
const written = new Set<LeastConnection>();

/** A connection of the least server. It knows the packets of the load and no others, with topics and properties as the load has them. */
export class LeastConnection {
  private rest: Buffer = Buffer.alloc(0);
  private outgoing: Buffer[] = [];
  private lastPacketId = 0;

  constructor(private readonly socket: TLSSocket) {
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => this.read(chunk));
  }

  private read(chunk: Buffer): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let start = 0;
    for (;;) {
      const end = endOfPacket(bytes, start);
      if (end === undefined) break;
      this.handle(bytes.subarray(start, end));
      start = end;
    }
    this.rest = bytes.subarray(start);
    for (const connection of written) connection.flush(this.socket);
    written.clear();
  }

  private handle(packet: Buffer): void {
    switch (packet[0] >> 4) {
      case 1:
        this.append(exchangeAnswers.connack);
        break;
      case 3:
        this.publish(packet);
        break;
      case 8:
        (packet.includes('$share/') ? members : consumers).push(this);
        this.append(exchangeAnswers.suback);
    }
  }

  private publish(packet: Buffer): void {
    const hasPacketId = (packet[0] & 6) !== 0;
    // Behind the fixed header, the length of the topic and the topic.
    const packetIdAt = 4 + packet.readUInt16BE(2);
    if (hasPacketId) this.append(Buffer.from([0x40, 2, packet[packetIdAt], packet[packetIdAt + 1]]));
    for (const consumer of consumers) consumer.receive(packet, hasPacketId, packetIdAt);
    members[turn++ % members.length]?.receive(packet, hasPacketId, packetIdAt);
  }

  private receive(packet: Buffer, hasPacketId: boolean, packetIdAt: number): void {
    if (!hasPacketId) {
      this.append(packet);
      return;
    }
    const own = Buffer.from(packet);
    this.lastPacketId = (this.lastPacketId % 65_535) + 1;
    own.writeUInt16BE(this.lastPacketId, packetIdAt);
    this.append(own);
  }

  private append(packet: Buffer): void {
    this.outgoing.push(packet);
    written.add(this);
  }

  /** Sends all in one write. @param source - waits when this connection does not keep up */
  private flush(source: TLSSocket): void {
    const isTaken = this.socket.write(Buffer.concat(this.outgoing));
    this.outgoing = [];
    if (isTaken || source.isPaused() || source === this.socket) return;
    source.pause();
    this.socket.once('drain', () => source.resume());
  }
}

/** Where the packet ends that begins at `start`, or undefined when not all of it is there. Packets have at most 127 bytes behind their length. */
function endOfPacket(bytes: Buffer, start: number): number | undefined {
  if (bytes.length < start + 2) return undefined;
  const end = start + 2 + bytes[start + 1];
  return end <= bytes.length ? end : undefined;
}
