import { grouped } from '../../util/format';
import type { Log } from '../log';
import { quote } from '../mqtt/decode-error';
import type { Delivery, LeftBehind } from './delivery';
import type { Message } from './message';
import type { SharedSubscription } from './shared-subscription';
import type { TopicFilter } from './topic-filter';

/** One group's messages that a client left behind. */
interface LeftInGroup {
  readonly topicFilter: TopicFilter;
  readonly unacknowledged: Message[];
  readonly waiting: Message[];
}

/** Where the messages of a group went. They neither were received nor are stored if no member could have them. */
interface HandedOver {
  /** How many each client got, by client id. */
  readonly receivers: ReadonlyMap<string, number>;
  /** How many are stored until a member connects. */
  readonly stored: number;
}

/** The number of receivers that the log names. */
const namedReceivers = 5;

/**
 * Gives the messages of groups that a client left behind to the groups' other members, and logs for each group where they went.
 *
 * @param findGroup - the group of a filter, if it has members. A group is looked up, as all its members may have left it and others joined
 */
export function handOver(
  clientId: string,
  leftBehind: LeftBehind,
  findGroup: (topicFilter: TopicFilter) => SharedSubscription | undefined,
  log: Log,
): void {
  for (const left of byGroup(leftBehind)) {
    const handedOver = giveTo(findGroup(left.topicFilter), [...left.unacknowledged, ...left.waiting]);
    const isTaken = handedOver.receivers.size + handedOver.stored > 0;
    log({ level: isTaken ? 'info' : 'warn', message: sentence(clientId, left, handedOver) });
  }
}

function byGroup({ unacknowledged, waiting }: LeftBehind): Iterable<LeftInGroup> {
  const groups = new Map<string, LeftInGroup>();
  const leftInGroup = ({ subscription: { topicFilter } }: Delivery) => {
    const left = groups.get(topicFilter.text) ?? { topicFilter, unacknowledged: [], waiting: [] };
    groups.set(topicFilter.text, left);
    return left;
  };
  for (const delivery of unacknowledged) leftInGroup(delivery).unacknowledged.push(delivery.message);
  for (const delivery of waiting) leftInGroup(delivery).waiting.push(delivery.message);
  return groups.values();
}

function giveTo(group: SharedSubscription | undefined, messages: readonly Message[]): HandedOver {
  const receivers = new Map<string, number>();
  let stored = 0;
  if (!group) return { receivers, stored };
  for (const message of messages) {
    const { receiver, isStored } = group.handOver(message);
    if (isStored) stored += 1;
    if (receiver !== undefined) receivers.set(receiver, (receivers.get(receiver) ?? 0) + 1);
  }
  return { receivers, stored };
}

/** Says who went, how many messages it left behind, and where they went. */
function sentence(
  clientId: string,
  { topicFilter, unacknowledged, waiting }: LeftInGroup,
  { receivers, stored }: HandedOver,
): string {
  const left = [
    ...(unacknowledged.length > 0 ? [`${grouped(unacknowledged.length)} unacknowledged`] : []),
    ...(waiting.length > 0 ? [`${grouped(waiting.length)} waiting`] : []),
  ].join(' and ');
  const noun = unacknowledged.length + waiting.length === 1 ? 'message' : 'messages';
  const sorted = [...receivers].sort(([, one], [, other]) => other - one);
  const named = sorted.slice(0, namedReceivers).map(([receiver, count]) => `${grouped(count)} to ${quote(receiver)}`);
  const others = sorted.slice(namedReceivers);
  const sum = others.reduce((total, [, count]) => total + count, 0);
  const destinations = [
    ...named,
    ...(others.length > 0 ? [`${grouped(sum)} to ${grouped(others.length)} other members`] : []),
    ...(stored > 0 ? [`${grouped(stored)} into the group's queue`] : []),
  ];
  const went =
    destinations.length > 0 ? `they went: ${destinations.join(', ')}` : 'the group has nobody who could have them';
  return `${quote(clientId)} left ${left} ${noun} of ${quote(topicFilter.text)}; ${went}.`;
}
