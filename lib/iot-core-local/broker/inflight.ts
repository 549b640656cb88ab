import type { Delivery } from './delivery';

/** Slots of the table of a client's first delivery. Most clients acknowledge soon. */
const smallestTable = 8;

const highestPacketId = 0xffff;

const noPacketIds = new Uint16Array(0);
const noPlaces = new Float64Array(0);

/**
 * The QoS 1 messages that were sent to a client and that it has not acknowledged, in the order in which they were sent.
 *
 * This is the way of every QoS 1 message, so it is a table instead of a Map: the last bits of a packet id are its slot. Packet ids are given
 * in turn, and those whose slot is taken are skipped. The table doubles when it is full. An idle client has none.
 */
export class Inflight {
  private deliveries: (Delivery | undefined)[] = [];
  /** The packet id of the delivery in each slot. */
  private packetIds = noPacketIds;
  /** How many deliveries came before the one in each slot. */
  private places = noPlaces;
  private mask = -1;
  private count = 0;
  private lastPacketId = 0;
  private nextPlace = 0;

  get size(): number {
    return this.count;
  }

  /** Adds a delivery. @returns its packet id, which no other delivery has */
  add(delivery: Delivery): number {
    if (this.count > this.mask) this.grow();
    // A client has at most 65,535 of them, its receive maximum, so a free slot has a packet id.
    do {
      this.lastPacketId = this.lastPacketId === highestPacketId ? 1 : this.lastPacketId + 1;
    } while (this.deliveries[this.lastPacketId & this.mask] !== undefined);
    this.put(this.lastPacketId, delivery, this.nextPlace);
    this.nextPlace += 1;
    this.count += 1;
    return this.lastPacketId;
  }

  /** @returns whether there was a delivery with this packet id */
  remove(packetId: number): boolean {
    const slot = packetId & this.mask;
    if (this.packetIds[slot] !== packetId || this.deliveries[slot] === undefined) return false;
    this.deliveries[slot] = undefined;
    this.count -= 1;
    return true;
  }

  /** Takes out the deliveries that fit. */
  take(fits: (delivery: Delivery) => boolean): Delivery[] {
    const taken = this.entries().filter(([, delivery]) => fits(delivery));
    for (const [packetId] of taken) this.remove(packetId);
    return taken.map(([, delivery]) => delivery);
  }

  entries(): [packetId: number, delivery: Delivery][] {
    const taken = [...this.deliveries.keys()].filter((slot) => this.deliveries[slot] !== undefined);
    taken.sort((one, other) => this.places[one] - this.places[other]);
    return taken.map((slot) => [this.packetIds[slot], this.deliveries[slot]!]);
  }

  private grow(): void {
    const { deliveries, packetIds, places } = this;
    const slots = Math.max(smallestTable, deliveries.length * 2);
    this.deliveries = new Array(slots).fill(undefined);
    this.packetIds = new Uint16Array(slots);
    this.places = new Float64Array(slots);
    this.mask = slots - 1;
    for (const [slot, delivery] of deliveries.entries()) this.put(packetIds[slot], delivery!, places[slot]);
  }

  private put(packetId: number, delivery: Delivery, place: number): void {
    const slot = packetId & this.mask;
    this.deliveries[slot] = delivery;
    this.packetIds[slot] = packetId;
    this.places[slot] = place;
  }
}
