import { copyFew, dataViewOf, fewBytes } from './copy-bytes';

/**
 * What a PUBLISH ends with: its properties, without their length, and behind them its payload. A body says where these bytes lie: at first
 * in the chunk that the message came in.
 *
 * Receivers get the bytes as they came. The properties are checked when they come, and nobody decodes them: one copy takes them along with
 * the payload.
 *
 * A Buffer for each body, whether a view or a copy of the chunk's bytes, would take longer than all else that a message needs of the codec.
 * So there is none until somebody asks for it, and short bodies are copied to their receivers without one.
 */
export class PublishBody {
  private buffer: Buffer | undefined = undefined;

  /** @param expiryOffset - where the four bytes of the message expiry interval begin, counted from `start`; 0 if there is none */
  constructor(
    private memory: DataView,
    private start: number,
    readonly propertiesLength: number,
    /** Of the properties and the payload together. */
    readonly length: number,
    private readonly expiryOffset: number,
  ) {}

  /**
   * A body of these bytes alone.
   *
   * @param bytes - which the body owns from now on
   * @param propertiesLength - how many of them are properties
   * @param expiryOffset - see the constructor
   */
  static of(bytes: Buffer, propertiesLength = 0, expiryOffset = 0): PublishBody {
    return new PublishBody(dataViewOf(bytes), 0, propertiesLength, bytes.length, expiryOffset);
  }

  get payloadLength(): number {
    return this.length - this.propertiesLength;
  }

  /** Its bytes, which nobody else may write to. */
  get bytes(): Buffer {
    const { buffer, byteOffset } = this.memory;
    this.buffer ??= Buffer.from(buffer, byteOffset + this.start, this.length);
    return this.buffer;
  }

  /** The payload's bytes, which nobody else may write to. */
  get payload(): Buffer {
    return this.bytes.subarray(this.propertiesLength);
  }

  /** In seconds; undefined if there is none. */
  get messageExpiryInterval(): number | undefined {
    return this.expiryOffset === 0 ? undefined : this.memory.getUint32(this.start + this.expiryOffset);
  }

  /** Replaces the message expiry interval, in its place. There must be one. */
  replaceExpiryInterval(seconds: number): void {
    this.memory.setUint32(this.start + this.expiryOffset, seconds);
  }

  /**
   * Moves it into memory of its own, unless it is most of its chunk. Whatever keeps a message for long calls this, so that the chunk can be
   * freed.
   */
  keep(): void {
    if (this.length * 2 >= this.memory.byteLength) return;
    const own = Buffer.from(this.bytes);
    this.buffer = own;
    this.memory = dataViewOf(own);
    this.start = 0;
  }

  /**
   * Copies its last `length` bytes to where `target` and `view`, which are the same memory, have the offset `to`: all of it, or the payload
   * alone.
   */
  copyTo(target: Buffer, view: DataView, to: number, length: number): void {
    const skipped = this.length - length;
    if (length <= fewBytes) copyFew(this.memory, this.start + skipped, view, to, length);
    else target.set(skipped === 0 ? this.bytes : this.bytes.subarray(skipped), to);
  }
}
