import { isUtf8 } from 'node:buffer';

import { dataViewOf } from './copy-bytes';
import { malformed, protocolError } from './decode-error';
import { PublishBody } from './publish-body';

const nothing = Buffer.alloc(0);

/**
 * Reads a packet's fields, one after the other.
 *
 * It reads between `position` and `end`. Every method throws a DecodeError (malformed packet) instead of reading past `end`, and names
 * `field` in it. One reader serves a connection: `moveTo` moves it from packet to packet.
 */
export class ByteReader {
  bytes: Buffer = nothing;
  position = 0;
  end = 0;
  /** Of `bytes`, once a PUBLISH was read from them. */
  private memory: DataView | undefined = undefined;

  moveTo(bytes: Buffer, position: number, end: number): void {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.memory = undefined;
    }
    this.position = position;
    this.end = end;
  }

  byte(field: string): number {
    return this.bytes[this.take(1, field)];
  }

  uint16(field: string): number {
    const at = this.take(2, field);
    return (this.bytes[at] << 8) | this.bytes[at + 1];
  }

  uint32(field: string): number {
    return this.bytes.readUInt32BE(this.take(4, field));
  }

  /** At most four bytes, and no more of them than the value needs [MQTT-1.5.5-1]. */
  variableByteInteger(field: string): number {
    let value = 0;
    for (let shift = 0; shift <= 21; shift += 7) {
      const byte = this.byte(field);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (byte === 0 && shift > 0) {
          throw malformed(`The ${field} ${value} is not in its shortest form [MQTT-1.5.5-1].`);
        }
        return value;
      }
    }
    throw malformed(`The ${field} is longer than four bytes (MQTT 5, 1.5.5).`);
  }

  /** A Packet Identifier: never 0 [MQTT-2.2.1-3], under 3.1.1 [MQTT-2.3.1-1]. */
  packetId(): number {
    const id = this.uint16('packet identifier');
    if (id === 0) {
      throw protocolError('The packet identifier is 0, which stands for none [MQTT-2.2.1-3].');
    }
    return id;
  }

  /** Well-formed UTF-8 [MQTT-1.5.4-1] without U+0000 [MQTT-1.5.4-2]. A byte order mark stays [MQTT-1.5.4-3]. */
  string(field: string): string {
    const length = this.uint16(field);
    const start = this.take(length, field);
    const isAscii = this.isAscii(start, length);
    if (!isAscii) this.requireText(start, length, field);
    return this.bytes.toString(isAscii ? 'latin1' : 'utf8', start, start + length);
  }

  /** Steps over a string, and checks it as {@link string} does. */
  skipString(field: string): void {
    const length = this.uint16(field);
    const start = this.take(length, field);
    if (!this.isAscii(start, length)) this.requireText(start, length, field);
  }

  /** A copy, which does not keep its chunk in memory. */
  binary(field: string): Buffer {
    return Buffer.from(this.view(this.uint16(field), field));
  }

  /** A view of the next bytes, not a copy. */
  view(length: number, field: string): Buffer {
    const at = this.take(length, field);
    return this.bytes.subarray(at, at + length);
  }

  /**
   * The rest of a PUBLISH, which is a view of the bytes and not a copy.
   *
   * @param propertiesLength - how many of the bytes that were read last are properties that belong to it
   * @param expiryOffset - as in {@link PublishBody}
   */
  body(propertiesLength: number, expiryOffset: number): PublishBody {
    this.memory ??= dataViewOf(this.bytes);
    const start = this.position - propertiesLength;
    this.position = this.end;
    return new PublishBody(this.memory, start, propertiesLength, this.end - start, expiryOffset);
  }

  /** Steps over the next byte if it is 0. @returns whether it was */
  takeZero(): boolean {
    if (this.position >= this.end || this.bytes[this.position] !== 0) return false;
    this.position += 1;
    return true;
  }

  /** Steps over the next bytes. @returns where they begin */
  take(length: number, field: string): number {
    const at = this.position;
    if (at + length > this.end) {
      throw malformed(`Bytes needed for the ${field}: ${length}; left: ${this.end - at}.`);
    }
    this.position = at + length;
    return at;
  }

  /** ASCII from U+0001 on. Most text is short ASCII: looking at each byte costs less than one call of isUtf8. */
  private isAscii(start: number, length: number): boolean {
    const { bytes } = this;
    for (let i = start; i < start + length; i++) {
      if (bytes[i] === 0 || bytes[i] >= 0x80) return false;
    }
    return true;
  }

  private requireText(start: number, length: number, field: string): void {
    const bytes = this.bytes.subarray(start, start + length);
    if (!isUtf8(bytes)) {
      throw malformed(`The ${field} is not well-formed UTF-8 [MQTT-1.5.4-1].`);
    }
    if (bytes.includes(0)) {
      throw malformed(`The ${field} holds U+0000 [MQTT-1.5.4-2].`);
    }
  }
}
