import { copyFew, dataViewOf, fewBytes } from './copy-bytes';

/**
 * A message's payload: which bytes of which memory. At first that is the chunk that the message came in.
 *
 * A Buffer for each payload, whether a view or a copy of the chunk's bytes, would take longer than all else that a message needs of the
 * codec. So there is none until somebody asks for it, and short payloads are copied to their receivers without one.
 */
export class Payload {
  private buffer: Buffer | undefined = undefined;

  constructor(
    private memory: DataView,
    private start: number,
    readonly length: number,
  ) {}

  /** @param bytes - which must not change */
  static of(bytes: Buffer): Payload {
    return new Payload(dataViewOf(bytes), 0, bytes.length);
  }

  /** Its bytes, which nobody may write to. */
  get bytes(): Buffer {
    const { buffer, byteOffset } = this.memory;
    this.buffer ??= Buffer.from(buffer, byteOffset + this.start, this.length);
    return this.buffer;
  }

  /** Moves it into memory of its own. Whatever keeps a message for long calls this, so that its chunk can be freed, unless most of it is the payload. */
  keep(): void {
    if (this.length * 2 >= this.memory.byteLength) return;
    const own = Buffer.from(this.bytes);
    this.buffer = own;
    this.memory = dataViewOf(own);
    this.start = 0;
  }

  /** Copies it to where `target` and `view`, which are the same memory, have the offset `to`. */
  copyTo(target: Buffer, view: DataView, to: number): void {
    if (this.length <= fewBytes) copyFew(this.memory, this.start, view, to, this.length);
    else target.set(this.bytes, to);
  }
}
