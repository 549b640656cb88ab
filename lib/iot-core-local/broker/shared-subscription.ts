import { quote } from '../mqtt/decode-error';
import type { Bound } from './bound';
import type { Subscription } from './delivery';
import type { Receiver } from './loss-log';
import type { Message } from './message';
import type { Session } from './session';
import { type QueueContext, StoredMessages } from './stored-messages';
import { StoredPace } from './stored-pace';

/** The bounds of what the broker holds for one group. */
export interface GroupLimits {
  /** QoS 1 messages for a group without a connected member; further ones are dropped. */
  readonly stored: Bound;
  /** How many of the stored messages are sent in a second to each connected member. */
  readonly storedPerSecond: number;
  /** Milliseconds for which a message without an expiry interval of its own is stored. */
  readonly retention: number;
}

/** AWS publishes the pace and the retention; the bound is IoT Core Local's. https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#mqtt5-shared-subscription */
export const defaultGroupLimits: GroupLimits = {
  stored: { messages: 10_000, bytes: 67_108_864 },
  storedPerSecond: 20,
  retention: 3_600_000,
};

/** What all groups of a broker share. */
export interface GroupContext extends QueueContext {
  readonly limits: GroupLimits;
  /** A number from 0 to below 1. */
  readonly random: () => number;
}

/** Where a message went that a member had left behind. It is neither received nor stored if no member could have it. */
export interface HandedOver {
  /** A member's client id. */
  readonly receiver?: string;
  readonly isStored: boolean;
}

/** The number of members that are tried. If none of them has room, the one with the shortest backlog gets the message. */
const maxCandidates = 8;

/**
 * A group: the clients that share one topic filter under one share name. Each message goes to one of them.
 *
 * The receiver is picked at random, as AWS does, among the connected members that may receive the message and take a packet of its size; a
 * member that can take it at once goes first. If the receiver of a QoS 1 message goes before it has acknowledged, the message goes to
 * another member. While no member is connected, QoS 1 messages are stored if a member's session outlives its connection; QoS 0 messages
 * are lost.
 *
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#mqtt5-shared-subscription
 */
export class SharedSubscription implements Receiver {
  /** First the connected members, then the others, in no further order, so that a change costs the same in a group of any size. */
  private readonly members: Subscription[] = [];
  private connected = 0;
  private readonly stored: StoredMessages<{ readonly message: Message }>;
  /** By client id, as a clean session ends with its connection: of the clients that were sent stored messages in the last second. */
  private readonly paces = new Map<string, StoredPace>();

  constructor(
    /** The members' filter, with `$share` and the share name. */
    readonly filterText: string,
    private readonly context: GroupContext,
  ) {
    const { stored, retention } = context.limits;
    this.stored = new StoredMessages(this, stored, retention, context);
  }

  get logName(): string {
    return `the group ${quote(this.filterText)}`;
  }

  get isEmpty(): boolean {
    return this.members.length === 0;
  }

  join(subscription: Subscription): void {
    subscription.place = this.members.length;
    this.members.push(subscription);
    if (subscription.session.isConnected) this.memberOnline(subscription);
  }

  leave(subscription: Subscription): void {
    this.memberOffline(subscription);
    this.swap(subscription.place!, this.members.length - 1);
    this.members.pop();
  }

  memberOnline({ place }: Subscription): void {
    if (place! < this.connected) return;
    this.swap(place!, this.connected);
    this.connected += 1;
  }

  memberOffline({ place }: Subscription): void {
    if (place! >= this.connected) return;
    this.connected -= 1;
    this.swap(place!, this.connected);
  }

  /**
   * Gives a message to one member.
   *
   * @returns the member's session if it is full and the sender should wait before it has another message for the group
   */
  dispatch(message: Message): Session | undefined {
    const member = this.receiverOf(message);
    return !member || member.session.deliver(message, member) ? undefined : member.session;
  }

  /** Gives a message that a member left behind to another one, or stores it while no member is connected. */
  handOver(message: Message): HandedOver {
    if (this.connected === 0) return { isStored: this.store(message) };
    const member = this.receiverOf(message);
    member?.session.deliver(message, member);
    return { receiver: member?.session.clientId, isStored: false };
  }

  /**
   * Once a second: sends stored messages, and gives messages that wait for a member without room to one that has room. A member to which
   * nothing gets through gives up all of them; a slow one gives up those that others can take at once.
   */
  tick(): void {
    this.forgetPaces();
    this.releaseStored(true);
    const online = this.members.slice(0, this.connected);
    if (!online.some(({ session }) => session.hasRoomFor(1))) return;
    const behind = online.filter(({ session }) => session.backlog > 0);
    for (const member of behind) {
      // While it is offline, it gets none of them back.
      this.memberOffline(member);
      for (const delivery of member.session.withdraw(this)) {
        const { message } = delivery;
        const other = this.pick(message);
        if (other && (other.session.hasRoomFor(message.qos) || !member.session.isFlowing)) {
          other.session.deliver(message, other);
        } else {
          member.session.putBack(delivery);
        }
      }
      this.memberOnline(member);
    }
    for (const { session } of behind) session.flow();
  }

  /** Sends stored messages at their pace: for each member a fixed number a second, the first when it has come. */
  releaseStored(isTick = false): void {
    if (this.stored.length === 0) return;
    const { limits } = this.context;
    const now = this.context.now();
    const due = this.members.slice(0, this.connected).filter(({ session }) => this.paceOf(session).isDue(now, isTick));
    for (let left = due.length * limits.storedPerSecond; left > 0; left -= 1) {
      const stored = this.stored.shift();
      if (!stored) return;
      this.dispatch(stored.message);
    }
  }

  /** Removes stored messages that have expired, so that they take no room. */
  removeExpired(): void {
    this.stored.removeExpired();
  }

  /** Forgets the stored messages, when the last member has left. */
  clear(): void {
    this.stored.clear();
  }

  private paceOf({ clientId }: Session): StoredPace {
    const pace = this.paces.get(clientId) ?? new StoredPace();
    this.paces.set(clientId, pace);
    return pace;
  }

  /** Clients come and go: a pace that delays nothing any more is as good as a new one. */
  private forgetPaces(): void {
    const now = this.context.now();
    for (const [clientId, pace] of this.paces) if (pace.isOver(now)) this.paces.delete(clientId);
  }

  /** Picks the receiver of a message. Without one, the message is stored or lost, which is counted. */
  private receiverOf(message: Message): Subscription | undefined {
    if (this.connected === 0) {
      this.store(message);
      return undefined;
    }
    const member = this.pick(message);
    if (!member) {
      const isDenied = this.members
        .slice(0, this.connected)
        .every((each) => each.session.whyNot(message, each) === 'denied');
      this.context.losses.add(isDenied ? 'denied' : 'tooLarge', this);
    }
    return member;
  }

  /** @returns whether the message is stored */
  private store(message: Message): boolean {
    if (message.qos === 0 || !this.members.some(({ session }) => session.isPersistent)) return false;
    return this.stored.store({ message });
  }

  /** A connected member that may have the message; undefined if there is none. */
  private pick(message: Message): Subscription | undefined {
    const first = Math.floor(this.context.random() * this.connected);
    let shortest: Subscription | undefined;
    for (let step = 0; step < this.connected; step += 1) {
      // Further members are tried only while none of those before may have the message.
      if (step >= maxCandidates && shortest) break;
      const candidate = this.members[(first + step) % this.connected];
      if (candidate.session.whyNot(message, candidate) !== undefined) continue;
      if (candidate.session.hasRoomFor(message.qos)) return candidate;
      if (!shortest || candidate.session.backlog < shortest.session.backlog) shortest = candidate;
    }
    return shortest;
  }

  private swap(one: number, other: number): void {
    const [first, second] = [this.members[one], this.members[other]];
    this.members[one] = second;
    second.place = one;
    this.members[other] = first;
    first.place = other;
  }
}
