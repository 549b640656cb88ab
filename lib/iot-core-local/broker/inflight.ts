import type { Delivery } from './delivery';

/** The QoS 1 messages that were sent to a client and that it has not acknowledged, by packet id, in the order in which they were sent. */
export class Inflight {
  private readonly deliveries = new Map<number, Delivery>();
  private lastPacketId = 0;

  get size(): number {
    return this.deliveries.size;
  }

  /** Adds a delivery. @returns its packet id, which no other delivery has */
  add(delivery: Delivery): number {
    // A client has at most 65,535 of them, its receive maximum, so an id is always free.
    do {
      this.lastPacketId = this.lastPacketId === 0xffff ? 1 : this.lastPacketId + 1;
    } while (this.deliveries.has(this.lastPacketId));
    this.deliveries.set(this.lastPacketId, delivery);
    return this.lastPacketId;
  }

  /** @returns whether there was a delivery with this packet id */
  remove(packetId: number): boolean {
    return this.deliveries.delete(packetId);
  }

  /** Takes out the deliveries that fit. */
  take(fits: (delivery: Delivery) => boolean): Delivery[] {
    const taken: Delivery[] = [];
    for (const [packetId, delivery] of this.deliveries) {
      if (!fits(delivery)) continue;
      this.deliveries.delete(packetId);
      taken.push(delivery);
    }
    return taken;
  }

  entries(): [packetId: number, delivery: Delivery][] {
    return [...this.deliveries];
  }
}
