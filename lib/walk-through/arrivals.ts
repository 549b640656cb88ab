import type { Car, Device, Fleet } from '../fleet/fleet';
import { type Destination, destinations } from './destination';

/** A published message, and the devices that it has reached. */
export interface PublishedMessage {
  /** Its place in the order of publication, from 0. */
  readonly number: number;
  readonly message: string;
  readonly from: Car;
  /** The devices that got it: one of each destination once it is complete. */
  readonly to: readonly Device[];
  /** The devices that got it and did not acknowledge it. */
  readonly heldBy: readonly Device[];
  /** The destinations that have not got it yet. */
  readonly missing: readonly Destination[];
}

/** How many messages a destination got, and which ones it lost or got twice. */
export interface DestinationCount {
  readonly destination: Destination;
  /** Messages that arrived, each counted once. */
  readonly delivered: number;
  /** Arrivals beyond the first of a message. */
  readonly duplicated: readonly string[];
  /** Messages that did not arrive. */
  readonly lost: readonly string[];
}

/** The messages that have one text, oldest first: their senders, and their receivers in each destination. */
interface Copies {
  readonly senders: { readonly number: number; readonly from: Car }[];
  readonly arrivals: readonly Device[][];
  readonly heldBy: Set<Device>;
  completed: number;
}

/**
 * Counts which message reached which device.
 *
 * A message is identified by its text. A text that is sent several times must arrive as often; which arrival belongs to which message
 * cannot be told.
 */
export class Arrivals {
  private readonly destinations: readonly Destination[];
  private readonly destinationOf = new Map<Device, number>();
  private readonly copies = new Map<string, Copies>();
  private publishedCount = 0;
  private incompleteCount = 0;

  constructor(fleet: Fleet) {
    this.destinations = destinations(fleet);
    this.destinations.forEach(({ members }, index) => {
      for (const member of members) this.destinationOf.set(member, index);
    });
  }

  /** How many messages were published. */
  get published(): number {
    return this.publishedCount;
  }

  /** How many messages have yet to reach a destination. */
  get incomplete(): number {
    return this.incompleteCount;
  }

  /** Counts a message that is published. */
  publish(message: string, from: Car): void {
    let copies = this.copies.get(message);
    if (!copies) {
      copies = { senders: [], arrivals: this.destinations.map(() => []), heldBy: new Set(), completed: 0 };
      this.copies.set(message, copies);
    }
    copies.senders.push({ number: this.publishedCount++, from });
    this.incompleteCount++;
  }

  /** Notes that a device got a message and has not acknowledged it. */
  hold(message: string, by: Device): void {
    this.copies.get(message)?.heldBy.add(by);
  }

  /**
   * Counts an arrival.
   *
   * @returns the message that is now complete, if one is; `false` if nobody sent the message, or not to this device
   */
  deliver(message: string, to: Device): PublishedMessage | undefined | false {
    const copies = this.copies.get(message);
    const destination = this.destinationOf.get(to);
    if (!copies || destination === undefined) return false;
    copies.arrivals[destination].push(to);
    const due = copies.completed;
    if (due === copies.senders.length || copies.arrivals.some((arrived) => arrived.length <= due)) return undefined;
    copies.completed++;
    this.incompleteCount--;
    return this.messageOf(message, copies, due);
  }

  /** The place of the first message with this text in the order of publication; -1 if there is none. */
  placeOf(message: string): number {
    return this.copies.get(message)?.senders[0].number ?? -1;
  }

  /** Whether a message has reached a device. */
  has(message: string, device: Device): boolean {
    return this.copies.get(message)?.arrivals.some((arrived) => arrived.includes(device)) ?? false;
  }

  /** The messages that have not reached every destination, in the order of publication. */
  unfinished(): PublishedMessage[] {
    const unfinished: PublishedMessage[] = [];
    for (const [message, copies] of this.copies) {
      for (let copy = copies.completed; copy < copies.senders.length; copy++) {
        unfinished.push(this.messageOf(message, copies, copy));
      }
    }
    return unfinished.sort((one, other) => one.number - other.number);
  }

  /** Each destination's count. */
  counts(): DestinationCount[] {
    return this.destinations.map((destination, index) => {
      const duplicated: string[] = [];
      const lost: string[] = [];
      let delivered = 0;
      for (const [message, { senders, arrivals }] of this.copies) {
        const sent = senders.length;
        const arrived = arrivals[index].length;
        delivered += Math.min(sent, arrived);
        for (let extra = sent; extra < arrived; extra++) duplicated.push(message);
        for (let gone = arrived; gone < sent; gone++) lost.push(message);
      }
      return { destination, delivered, duplicated, lost };
    });
  }

  private messageOf(message: string, { senders, arrivals, heldBy }: Copies, copy: number): PublishedMessage {
    return {
      ...senders[copy],
      message,
      to: arrivals.flatMap((arrived) => arrived.slice(copy, copy + 1)),
      heldBy: [...heldBy],
      missing: this.destinations.filter((_, index) => arrivals[index].length <= copy),
    };
  }
}
