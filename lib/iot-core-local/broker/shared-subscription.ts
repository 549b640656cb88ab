import { EventCounter } from './event-counter';
import type { Message, ServedQos } from './message';
import type { Bound } from './message-queue';
import type { Session, Subscription } from './session';
import { StoredMessages } from './stored-messages';

/** The broker's bounds on what it holds for one group. */
export interface GroupLimits {
  /** QoS 1 messages held while no member is connected; further ones are dropped. */
  readonly stored: Bound;
  /** Of the stored messages, how many go out in a second to each member that is connected. */
  readonly storedPerSecond: number;
  /** Milliseconds that a message is held which has no expiry interval of its own. */
  readonly retention: number;
}

/** AWS tells the pace and the retention; the bound is IoT Core Local's. https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#mqtt5-shared-subscription */
export const defaultGroupLimits: GroupLimits = {
  stored: { messages: 10_000, bytes: 67_108_864 },
  storedPerSecond: 20,
  retention: 3_600_000,
};

/** So many members are asked for room before one that has none gets the message: of these, the one for whom the fewest wait. */
const probes = 8;

/**
 * A group: the clients that share one topic filter under one share name. Each message goes to one of them.
 *
 * The receiver is picked at random among the connected members, as AWS does, and among those that take a message at once if there
 * are any. A QoS 1 message whose receiver goes before it has acknowledged is handed on to another member. While no member is
 * connected, QoS 1 messages are held if a member's session outlives its connection; QoS 0 messages are lost.
 *
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#mqtt5-shared-subscription
 */
export class SharedSubscription {
  /** Those that are connected, then the others, in no order besides, so that any change costs the same in a group of any size. */
  private readonly members: Subscription[] = [];
  private connected = 0;
  private readonly stored: StoredMessages<{ readonly message: Message }>;
  private readonly lost = new EventCounter();

  constructor(
    /** The filter as its members have it, with `$share` and the share name. */
    readonly filterText: string,
    private readonly limits: GroupLimits,
    /** A number from 0 to below 1. */
    private readonly random: () => number,
    /** Milliseconds. */
    private readonly clock: () => number,
  ) {
    this.stored = new StoredMessages(limits.stored, (message) => this.isOver(message), this.lost);
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
    if (subscription.place === undefined) return;
    this.memberOffline(subscription);
    this.swap(subscription.place, this.members.length - 1);
    this.members.pop();
    subscription.place = undefined;
  }

  memberOnline({ place }: Subscription): void {
    if (place === undefined || place < this.connected) return;
    this.swap(place, this.connected);
    this.connected += 1;
  }

  memberOffline({ place }: Subscription): void {
    if (place === undefined || place >= this.connected) return;
    this.connected -= 1;
    this.swap(place, this.connected);
  }

  /**
   * Gives a message to one member.
   *
   * @returns the member's session when it is full and the sender should wait before it has another message for the group
   */
  dispatch(message: Message): Session | undefined {
    if (this.connected === 0) {
      this.store(message);
      return undefined;
    }
    const member = this.pick(message.qos);
    return member.session.deliver(message, member) ? undefined : member.session;
  }

  /**
   * Once a second: what was stored goes out, and what waits for a member that has no room goes to one that has. A member to which nothing
   * gets through gives up all of it; one that is only slow gives up what others take at once.
   */
  tick(): void {
    this.releaseStored();
    const online = this.members.slice(0, this.connected);
    if (!online.some(({ session }) => session.hasRoomFor(1))) return;
    const behind = online.filter(({ session }) => session.backlog > 0);
    for (const member of behind) {
      // While it is not there, it gets none of them back.
      this.memberOffline(member);
      for (const delivery of member.session.withdraw(this)) {
        const { message } = delivery;
        const other = this.pick(message.qos);
        if (other.session.hasRoomFor(message.qos) || !member.session.isFlowing) other.session.deliver(message, other);
        else member.session.putBack(delivery);
      }
      this.memberOnline(member);
    }
    for (const { session } of behind) session.flow();
  }

  /** What was stored goes out at its pace: so much in a second, and as much when a member has come. */
  releaseStored(): void {
    for (let left = this.connected * this.limits.storedPerSecond; left > 0; left -= 1) {
      const stored = this.stored.shift();
      if (!stored) return;
      this.dispatch(stored.message);
    }
  }

  /** How many QoS 1 messages were lost, since this was last asked, because as many wait for a member as may. */
  takeLost(): number {
    return this.lost.take();
  }

  private store(message: Message): void {
    if (message.qos === 0 || !this.members.some(({ session }) => session.isPersistent)) return;
    this.stored.store({ message });
  }

  /** Whether a stored message has waited for as long as it may. */
  private isOver(message: Message): boolean {
    return message.expires
      ? message.isExpired(this.clock())
      : this.clock() - message.receivedAt >= this.limits.retention;
  }

  private pick(qos: ServedQos): Subscription {
    const first = Math.floor(this.random() * this.connected);
    let shortest = this.members[first];
    for (let step = 0; step < Math.min(probes, this.connected); step += 1) {
      const candidate = this.members[(first + step) % this.connected];
      if (candidate.session.hasRoomFor(qos)) return candidate;
      if (candidate.session.backlog < shortest.session.backlog) shortest = candidate;
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
