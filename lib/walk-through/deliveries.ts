import type { Car, Fleet, Member } from '../fleet/fleet';
import { type Audience, audiences } from './audience';

/** One published message and where it has arrived. */
export interface Delivery {
  readonly message: string;
  readonly from: Car;
  /** Who got it; one of each audience once it is complete. */
  readonly to: readonly Member[];
  /** Who has not got it, as far as is known. */
  readonly missing: readonly Audience[];
}

/** What an audience made of the messages. */
export interface Tally {
  readonly audience: Audience;
  /** Messages that arrived, each counted once. */
  readonly delivered: number;
  /** Arrivals beyond the first of a message. */
  readonly duplicated: readonly string[];
  /** Messages that did not arrive. */
  readonly lost: readonly string[];
}

/** The copies of one text, oldest first: who sent them, and who got them in each audience. */
interface Copies {
  readonly senders: Car[];
  readonly arrivals: readonly Member[][];
  completed: number;
}

/**
 * Which message went where.
 *
 * A message is known by its text. Where a text is sent several times, as many arrivals are due; which one is which, nobody can tell.
 */
export class Deliveries {
  readonly #audiences: readonly Audience[];
  readonly #audienceOf = new Map<Member, number>();
  readonly #copies = new Map<string, Copies>();
  #incomplete = 0;

  constructor(fleet: Fleet) {
    this.#audiences = audiences(fleet);
    this.#audiences.forEach(({ members }, index) => {
      for (const member of members) this.#audienceOf.set(member, index);
    });
  }

  /** How many messages have yet to reach an audience. */
  get incomplete(): number {
    return this.#incomplete;
  }

  published(message: string, from: Car): void {
    let copies = this.#copies.get(message);
    if (!copies) {
      copies = { senders: [], arrivals: this.#audiences.map(() => []), completed: 0 };
      this.#copies.set(message, copies);
    }
    copies.senders.push(from);
    this.#incomplete++;
  }

  /**
   * Counts an arrival.
   *
   * @returns the delivery that it completes, if it completes one; `false` if nobody sent the message, or not to this device
   */
  delivered(message: string, to: Member): Delivery | undefined | false {
    const copies = this.#copies.get(message);
    const audience = this.#audienceOf.get(to);
    if (!copies || audience === undefined) return false;
    copies.arrivals[audience].push(to);
    const due = copies.completed;
    if (due === copies.senders.length || copies.arrivals.some((arrived) => arrived.length <= due)) return undefined;
    copies.completed++;
    this.#incomplete--;
    return this.#delivery(message, copies, due);
  }

  /** The messages that have not reached every audience. */
  *unfinished(): Generator<Delivery> {
    for (const [message, copies] of this.#copies) {
      for (let copy = copies.completed; copy < copies.senders.length; copy++)
        yield this.#delivery(message, copies, copy);
    }
  }

  /** Each audience's count. */
  tallies(): Tally[] {
    return this.#audiences.map((audience, index) => {
      const duplicated: string[] = [];
      const lost: string[] = [];
      let delivered = 0;
      for (const [message, { senders, arrivals }] of this.#copies) {
        const sent = senders.length;
        const arrived = arrivals[index].length;
        delivered += Math.min(sent, arrived);
        for (let extra = sent; extra < arrived; extra++) duplicated.push(message);
        for (let gone = arrived; gone < sent; gone++) lost.push(message);
      }
      return { audience, delivered, duplicated, lost };
    });
  }

  #delivery(message: string, { senders, arrivals }: Copies, copy: number): Delivery {
    return {
      message,
      from: senders[copy],
      to: arrivals.flatMap((arrived) => arrived.slice(copy, copy + 1)),
      missing: this.#audiences.filter((_, index) => arrivals[index].length <= copy),
    };
  }
}
