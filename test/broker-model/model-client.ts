import type { Connection } from '../../lib/iot-core-local/broker/connection';
import type { Subscription } from '../../lib/iot-core-local/broker/delivery';
import type { Session } from '../../lib/iot-core-local/broker/session';
import type { PublishBody } from '../../lib/iot-core-local/mqtt/publish-body';
import type { PublishHead } from '../../lib/iot-core-local/mqtt/publish-head';

/** A message for one group, or for one client that subscribes plainly. */
export interface Copy {
  /** The group's filter, or the client's id. */
  readonly owner: string;
  /** So often it may still be sent: once, and again each time that its receiver goes before it has acknowledged it. */
  due: number;
  /** It is of QoS 1 and not acknowledged yet; and the group has not been without a member since, or the delivery had begun. */
  isOwed: boolean;
}

/** The copies for each group and each client, by the number of the message. */
export type Ledger = ReadonlyMap<string, Map<number, Copy>>;

/** @throws Error where something does not hold */
export function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

/** A client as the broker sees it. It checks each message that comes against the ledger. */
export class ModelClient implements Connection {
  readonly maximumPacketSize = Number.POSITIVE_INFINITY;
  readonly isCongested = false;
  readonly waitsFor = undefined;
  readonly filters = new Set<string>();
  readonly unacknowledged = new Map<number, Copy>();
  /**
   * The copies that it had not acknowledged when it went and its group had no member, and whether their delivery surely goes on when it is
   * back. That is not sure if it has gone again while the group had members.
   */
  readonly begun = new Map<Copy, boolean>();
  receiveMaximum = 1;
  isOnline = false;
  session!: Session;
  private coming!: Subscription;

  constructor(
    readonly clientId: string,
    private readonly ledger: Ledger,
    private readonly onClose: (client: ModelClient) => void,
  ) {}

  /** The broker asks this right before it sends. */
  mayReceive(_topic: string, subscription: Subscription): boolean {
    this.coming = subscription;
    return true;
  }

  admits(): boolean {
    return true;
  }

  send(_head: PublishHead, body: PublishBody, packetId: number): void {
    const { text, shareName } = this.coming.topicFilter;
    const number = body.payload.readUInt32BE(0);
    const copy = this.ledger.get(shareName === undefined ? this.clientId : text)!.get(number);
    const isMember = shareName === undefined || this.filters.has(text) || (copy && this.begun.has(copy));
    const what = `Message ${number} comes to ${this.clientId} by ${text}`;
    if (!copy || !this.isOnline || !isMember) throw new Error(`${what}, but it is not for this client.`);
    check(copy.due > 0, `${what}, and has come before.`);
    copy.due -= 1;
    if (packetId > 0) this.unacknowledged.set(packetId, copy);
    check(this.unacknowledged.size <= this.receiveMaximum, `${what}, but there is no room.`);
  }

  close(): void {
    this.onClose(this);
  }

  acknowledge(): void {
    let isFlowDue = false;
    for (const [packetId, copy] of this.unacknowledged) {
      this.unacknowledged.delete(packetId);
      copy.isOwed = false;
      this.begun.delete(copy);
      isFlowDue = this.session.acknowledge(packetId) || isFlowDue;
    }
    if (isFlowDue) this.session.flow();
  }
}
