import type { Device, Fleet } from '../../fleet/fleet';
import { type Destination, destinations } from '../../walk-through/destination';

/** What became of the messages that were due to a destination. */
export interface FollowedCount {
  readonly destination: Destination;
  /** Messages that it has got, each counted once. */
  readonly got: number;
  /** Messages on their way. */
  readonly pending: number;
  /** Messages that did not arrive although somebody was there for them. */
  readonly missed: number;
  /** Messages for which nobody was there. */
  readonly away: number;
  /** Messages that were lost with a connection, where that is not a fault. */
  readonly cut: number;
  /** Messages that arrived once more without need. */
  readonly repeated: number;
}

/** Where a message came from, and whether another subscriber had it before. */
export interface Arrival {
  readonly from: string;
  readonly isAgain: boolean;
}

interface Receipt {
  readonly device: Device;
  /** Which of the device's connections it was done on. */
  connection: number;
  isDone: boolean;
}

/** A destination's part of a message. */
interface Due {
  isOpen: boolean;
  isExcusable: boolean;
  readonly receipts: Receipt[];
}

interface Message {
  readonly car: string;
  readonly at: number;
  readonly dues: readonly Due[];
}

type Counts = { -readonly [Key in Exclude<keyof FollowedCount, 'destination'>]: number };

/** How many messages are followed at the same time. An older one that is on its way counts as missed. */
const most = 5_000;

/** Milliseconds without any progress at a destination after which its messages on their way count as missed. */
const longestSilence = 10_000;

/**
 * Follows an endless stream of messages: which are on their way, which arrived, which came again, and which did not arrive.
 * Its memory is bounded.
 */
export class FollowedMessages {
  private readonly destinations: readonly Destination[];
  private readonly indexOf = new Map<Device, number>();
  private readonly messages = new Map<number, Message>();
  private readonly counted: readonly Counts[];
  /** The time of each destination's last progress. */
  private readonly progressAt: number[];
  /** Subscribers that get messages now. */
  private readonly present = new Set<Device>();
  /** How often each subscriber has connected. */
  private readonly connections = new Map<Device, number>();

  /** @param now - milliseconds */
  constructor(
    fleet: Fleet,
    private readonly now: () => number,
  ) {
    this.destinations = destinations(fleet);
    this.destinations.forEach(({ members }, index) => {
      for (const member of members) this.indexOf.set(member, index);
    });
    this.counted = this.destinations.map(() => ({ got: 0, pending: 0, missed: 0, away: 0, cut: 0, repeated: 0 }));
    this.progressAt = this.destinations.map(() => 0);
  }

  /** A subscriber gets messages from now on. */
  joined(device: Device): void {
    this.present.add(device);
    this.connections.set(device, (this.connections.get(device) ?? 0) + 1);
  }

  /**
   * A subscriber's connection ends.
   *
   * @param mayLose - whether messages that it has not acknowledged may be lost without a fault, as at QoS 0
   */
  gone(device: Device, mayLose: boolean): void {
    if (!this.present.delete(device)) return;
    this.connections.set(device, (this.connections.get(device) ?? 0) + 1);
    const index = this.indexOf.get(device)!;
    const isNobodyThere = !this.destinations[index].members.some((member) => this.present.has(member));
    for (const { dues } of this.messages.values()) {
      const due = dues[index];
      if (!due.isOpen) continue;
      if (isNobodyThere) this.close(due, index, 'away');
      else if (mayLose) due.isExcusable = true;
    }
  }

  /** A car publishes a message. It is due to the destinations that are there. */
  published(number: number, car: string): void {
    const dues = this.destinations.map(({ members }, index): Due => {
      const isOpen = members.some((member) => this.present.has(member));
      if (isOpen) {
        if (this.counted[index].pending === 0) this.progressAt[index] = this.now();
        this.counted[index].pending += 1;
      } else {
        this.counted[index].away += 1;
      }
      return { isOpen, isExcusable: false, receipts: [] };
    });
    this.messages.set(number, { car, at: this.now(), dues });
    if (this.messages.size <= most) return;
    const [oldest, message] = this.messages.entries().next().value!;
    message.dues.forEach((due, index) => {
      if (due.isOpen) this.close(due, index, due.isExcusable ? 'cut' : 'missed');
    });
    this.messages.delete(oldest);
  }

  /** @returns undefined for a message that is not followed, or not due to this device */
  arrived(number: number, device: Device): Arrival | undefined {
    const index = this.indexOf.get(device);
    const message = this.messages.get(number);
    if (index === undefined || !message) return undefined;
    this.progressAt[index] = this.now();
    const { receipts } = message.dues[index];
    const before = receipts.at(-1);
    receipts.push({ device, connection: this.connections.get(device) ?? 0, isDone: false });
    return before ? { from: before.device.thingName, isAgain: true } : { from: message.car, isAgain: false };
  }

  /** A subscriber has done its work for a message. */
  done(number: number, device: Device): void {
    const index = this.indexOf.get(device);
    const message = this.messages.get(number);
    if (index === undefined || !message) return;
    this.progressAt[index] = this.now();
    const due = message.dues[index];
    // Its last one. It may have come before the subscriber was seen to have joined.
    const receipt = due.receipts.filter((each) => each.device === device && !each.isDone).at(-1);
    if (!receipt) return;
    // After the end of a connection, the server cannot know what its last acknowledgements were: then a message may come twice.
    const isDoneTwice = due.receipts.some((each) => each.isDone && this.isOf(each));
    receipt.isDone = true;
    receipt.connection = this.connections.get(device) ?? 0;
    if (due.isOpen) this.close(due, index, 'got');
    else if (isDoneTwice) this.counted[index].repeated += 1;
  }

  /** Counts as missed what was due to a destination at which nothing has happened for too long. Called several times a second. */
  giveUp(): void {
    this.destinations.forEach((_, index) => {
      if (this.counted[index].pending === 0 || this.now() - this.progressAt[index] < longestSilence) return;
      for (const { dues } of this.messages.values()) {
        const due = dues[index];
        if (due.isOpen) this.close(due, index, due.isExcusable ? 'cut' : 'missed');
      }
    });
  }

  /** Each destination's count. */
  counts(): FollowedCount[] {
    return this.destinations.map((destination, index) => ({ destination, ...this.counted[index] }));
  }

  /** Whether a receipt is of its device's present connection. */
  private isOf({ device, connection }: Receipt): boolean {
    return this.connections.get(device) === connection;
  }

  private close(due: Due, index: number, as: 'got' | 'missed' | 'away' | 'cut'): void {
    due.isOpen = false;
    this.counted[index].pending -= 1;
    this.counted[index][as] += 1;
  }
}
