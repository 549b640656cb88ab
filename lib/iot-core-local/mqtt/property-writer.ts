import { variableByteIntegerSize, writeText, writeVariableByteInteger } from './encode-fields';

/** Where the properties begin: in front of them is room for their length. */
const start = 4;

/** The bytes of the memory that is kept from one packet to the next. Most packets' properties fit into it. */
const keptSize = 1024;

let memory = Buffer.allocUnsafeSlow(keptSize);

/** The most bytes that a character of a text takes, a UTF-16 code unit of `String.length`. */
const widestCharacter = 3;

/**
 * Writes the properties of one packet, in the order of its calls; a value that is undefined is left out.
 *
 * All writers use one memory, so a packet's properties are written in one go, from the constructor to {@link end}. A Buffer for each property
 * would take longer than all else that a message with properties needs.
 */
export class PropertyWriter {
  private at = start;

  byte(id: number, value: number | undefined): this {
    if (value === undefined) return this;
    this.begin(id, 1);
    memory[this.at++] = value;
    return this;
  }

  flag(id: number, value: boolean | undefined): this {
    return this.byte(id, value === undefined ? undefined : Number(value));
  }

  uint16(id: number, value: number | undefined): this {
    if (value === undefined) return this;
    this.begin(id, 2);
    this.appendUint16(value);
    return this;
  }

  uint32(id: number, value: number | undefined): this {
    if (value === undefined) return this;
    this.begin(id, 4);
    this.at = memory.writeUInt32BE(value, this.at);
    return this;
  }

  text(id: number, value: string | undefined): this {
    if (value === undefined) return this;
    this.begin(id, textRoom(value));
    this.append(value);
    return this;
  }

  binary(id: number, value: Buffer | undefined): this {
    if (value === undefined) return this;
    this.begin(id, 2 + value.length);
    this.appendUint16(value.length);
    this.at += value.copy(memory, this.at);
    return this;
  }

  pair(id: number, name: string, value: string): this {
    this.begin(id, textRoom(name) + textRoom(value));
    this.append(name);
    this.append(value);
    return this;
  }

  /** The number of bytes that {@link end} writes. */
  get size(): number {
    const length = this.at - start;
    return variableByteIntegerSize(length) + length;
  }

  /** Writes the properties behind their length to where `target` has the offset `to`. */
  end(target: Buffer, to: number): void {
    const first = this.at - this.size;
    writeVariableByteInteger(memory, first, this.at - start);
    memory.copy(target, to, first, this.at);
    if (memory.length > keptSize) memory = Buffer.allocUnsafeSlow(keptSize);
  }

  /** Writes a property's identifier, and makes room for its value. */
  private begin(id: number, room: number): void {
    const needed = this.at + 1 + room;
    if (needed > memory.length) {
      const larger = Buffer.allocUnsafeSlow(needed * 2);
      memory.copy(larger, start, start, this.at);
      memory = larger;
    }
    memory[this.at++] = id;
  }

  private append(text: string): void {
    const { at } = this;
    const end = writeText(memory, at + 2, text);
    this.appendUint16(end - at - 2);
    this.at = end;
  }

  private appendUint16(value: number): void {
    memory[this.at] = value >> 8;
    memory[this.at + 1] = value & 0xff;
    this.at += 2;
  }
}

function textRoom(text: string): number {
  return 2 + text.length * widestCharacter;
}
