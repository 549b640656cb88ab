import type { Socket } from 'node:net';
import { copyFew, dataViewOf, fewBytes } from '../mqtt/copy-bytes';
import { pubackSize, writePuback } from '../mqtt/encode';
import type { PublishBody } from '../mqtt/publish-body';
import type { PublishHead } from '../mqtt/publish-head';

/**
 * The sizes of the buffers in which packets are gathered, in bytes. Each is twice the one before, so that a thousand idle devices hold
 * little memory; the largest fills a few TLS records.
 */
const smallestBuffer = 512;
const largestBuffer = 65_536;

const noBuffer = Buffer.alloc(0);
const noView = dataViewOf(noBuffer);

/**
 * Gathers the packets for one socket, so that those of one turn of the event loop are one write: TLS then makes few large records, not
 * one for each packet.
 */
export class Outbox {
  private buffer = noBuffer;
  private view = noView;
  /** Where the bytes begin that are not written to the socket yet, and where the next packet goes. */
  private start = 0;
  private used = 0;
  private nextSize = smallestBuffer;
  private isScheduled = false;

  /** @param schedule - arranges that {@link flush} is called at the end of this turn, or of the next if this one is busy */
  constructor(
    private readonly socket: Socket,
    private readonly schedule: (outbox: Outbox) => void,
    private readonly onFlushed: () => void,
  ) {}

  /** The number of bytes that the network has not taken yet. */
  get waiting(): number {
    return this.gathered + this.socket.writableLength;
  }

  /** The number of bytes that the next {@link flush} writes. */
  get gathered(): number {
    return this.used - this.start;
  }

  append(packet: Buffer): void {
    this.reserve(packet.length);
    packet.copy(this.buffer, this.used);
    this.used += packet.length;
  }

  /** Appends a PUBLISH, whose head and body other receivers may share, with a packet id of its own. */
  appendPublish(head: PublishHead, body: PublishBody, packetId: number): void {
    const { length, bodyLength } = head;
    this.reserve(length + bodyLength);
    const { buffer, view, used } = this;
    if (length <= fewBytes) copyFew(head.view, 0, view, used, length);
    else buffer.set(head.bytes, used);
    if (head.packetIdOffset > 0) view.setUint16(used + head.packetIdOffset, packetId);
    body.copyTo(buffer, view, used + length, bodyLength);
    this.used = used + length + bodyLength;
  }

  /** Appends the PUBACK for success. */
  appendPuback(packetId: number): void {
    this.reserve(pubackSize);
    this.used = writePuback(this.buffer, this.used, packetId);
  }

  flush(): void {
    this.isScheduled = false;
    this.write();
    this.onFlushed();
  }

  /** Gives up the buffer, if all of it is written: an idle client needs none. */
  release(): void {
    if (this.gathered > 0) return;
    this.buffer = noBuffer;
    this.view = noView;
    this.start = 0;
    this.used = 0;
    this.nextSize = smallestBuffer;
  }

  private reserve(length: number): void {
    if (!this.isScheduled) this.begin();
    if (this.used + length > this.buffer.length) {
      this.write();
      this.buffer = Buffer.allocUnsafeSlow(Math.max(this.nextSize, length));
      this.view = dataViewOf(this.buffer);
      this.start = 0;
      this.used = 0;
      this.nextSize = Math.min(this.nextSize * 2, largestBuffer);
    }
  }

  /**
   * Begins to gather. The socket may keep bytes that were written to it, and then the next packets go behind them. Most often it has passed
   * all of them on, and the buffer is filled from its begin again: then no batch of packets is cut in two at the buffer's end, and the
   * memory stays in the processor's cache.
   */
  private begin(): void {
    this.isScheduled = true;
    this.schedule(this);
    if (this.socket.writableLength > 0) return;
    this.start = 0;
    this.used = 0;
  }

  /** Writes the gathered bytes. */
  private write(): void {
    if (this.gathered === 0) return;
    if (this.socket.writable) this.socket.write(this.buffer.subarray(this.start, this.used));
    this.start = this.used;
  }
}
