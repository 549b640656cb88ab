import type { ByteReader } from './byte-reader';
import { DecodeError, malformed } from './decode-error';
import { PacketType } from './packet-type';
import { ReasonCode } from './packets';

const nothing = Buffer.alloc(0);

/**
 * Cuts a stream of bytes into packets, by their fixed headers.
 *
 * A packet that lies in one chunk is read in place. A packet that is spread over chunks is gathered in a buffer of its own: each byte
 * is copied once, and the buffer has the size that the header announces, which is at most `maximumPacketSize`.
 */
export class PacketSplitter {
  /** Whether the last packet's remaining length took more bytes than it needs: [MQTT-1.5.5-1] forbids it, 3.1.1 does not. */
  padded = false;

  private chunk: Buffer = nothing;
  private position = 0;
  /** Chunks that came while an earlier one was being read: a queue made of two stacks, with the oldest on top of `waiting`. */
  private waiting: Buffer[] = [];
  private arrived: Buffer[] = [];

  /** The beginning of a packet whose rest has not come yet. */
  private partial: Buffer = nothing;
  private partialLength = 0;

  /** Both in bytes, as {@link measure} found them. The size of an incomplete header is the least that it can be. */
  private headerSize = 0;
  private packetSize = 0;

  /** @param maximumPacketSize - bytes, fixed header included */
  constructor(private readonly maximumPacketSize: number) {}

  push(chunk: Buffer): void {
    if (this.position === this.chunk.length && this.waiting.length + this.arrived.length === 0) {
      this.chunk = chunk;
      this.position = 0;
    } else {
      this.arrived.push(chunk);
    }
  }

  /** The first byte of a packet that is not complete yet, if there is one. */
  get begun(): number | undefined {
    return this.partialLength === 0 ? undefined : this.partial[0];
  }

  /**
   * Moves the reader to the body of the next complete packet.
   *
   * @returns the first byte of its header; undefined until more bytes come
   * @throws DecodeError as soon as a header announces a packet that is too large, or a length of more than four bytes
   */
  next(reader: ByteReader): number | undefined {
    while (this.position < this.chunk.length || this.takeWaiting()) {
      if (this.partialLength === 0) {
        const start = this.position;
        if (this.measure(this.chunk, start, this.chunk.length)) {
          this.position = start + this.packetSize;
          reader.moveTo(this.chunk, start + this.headerSize, this.position);
          return this.chunk[start];
        }
      }
      this.gather();
      if (this.measure(this.partial, 0, this.partialLength)) {
        const packet = this.partial;
        this.partial = nothing;
        this.partialLength = 0;
        reader.moveTo(packet, this.headerSize, this.packetSize);
        return packet[0];
      }
    }
    // An idle connection must not keep its last chunk in memory.
    this.chunk = nothing;
    this.position = 0;
    reader.moveTo(nothing, 0, 0);
    return undefined;
  }

  /**
   * Steps over the next packet if it is a PUBACK for success in its short form, and lies in the chunk: most acknowledgements do, and many
   * come together.
   *
   * @returns its packet id; 0 for any other packet, and for a packet id of 0, which {@link next} reads
   */
  takePuback(): number {
    const { chunk, position } = this;
    if (position + 4 > chunk.length || this.partialLength > 0) return 0;
    if (chunk[position] !== PacketType.Puback << 4 || chunk[position + 1] !== 2) return 0;
    const packetId = (chunk[position + 2] << 8) | chunk[position + 3];
    if (packetId > 0) this.position = position + 4;
    return packetId;
  }

  private takeWaiting(): boolean {
    if (this.waiting.length === 0) {
      this.waiting = this.arrived.reverse();
      this.arrived = [];
    }
    const chunk = this.waiting.pop();
    if (chunk === undefined) return false;
    this.chunk = chunk;
    this.position = 0;
    return true;
  }

  /** Measures the packet at `start`. @returns whether all of it lies before `end` */
  private measure(bytes: Buffer, start: number, end: number): boolean {
    let remainingLength = 0;
    for (let digits = 1; digits <= 4; digits++) {
      this.headerSize = 1 + digits;
      this.packetSize = this.headerSize;
      if (start + this.headerSize > end) {
        return false;
      }
      const digit = bytes[start + digits];
      remainingLength |= (digit & 0x7f) << (7 * (digits - 1));
      if (digit < 0x80) {
        this.padded = digit === 0 && digits > 1;
        this.packetSize += remainingLength;
        if (this.packetSize > this.maximumPacketSize) {
          throw new DecodeError(
            ReasonCode.PacketTooLarge,
            `A packet of ${this.packetSize} bytes is announced; ${this.maximumPacketSize} are allowed (MQTT 5, 3.2.2.3.6).`,
          );
        }
        return start + this.packetSize <= end;
      }
    }
    throw malformed('The remaining length is longer than four bytes (MQTT 5, 2.1.4).');
  }

  /** Copies the chunk's part of the measured packet into the buffer in which the packet is gathered. */
  private gather(): void {
    if (this.partial.length < this.packetSize) {
      const larger = Buffer.allocUnsafe(this.packetSize);
      this.partial.copy(larger, 0, 0, this.partialLength);
      this.partial = larger;
    }
    const wanted = this.position + this.packetSize - this.partialLength;
    const end = Math.min(wanted, this.chunk.length);
    this.chunk.copy(this.partial, this.partialLength, this.position, end);
    this.partialLength += end - this.position;
    this.position = end;
  }
}
