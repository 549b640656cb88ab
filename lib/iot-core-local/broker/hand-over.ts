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
interface HandOverSummary {
  /** How many each client got, by client id. */
  readonly receivers: ReadonlyMap<string, number>;
  /** How many are stored until a member connects. */
  readonly stored: number;
  /** How many had expired, and went nowhere. */
  readonly expired: number;
}

/** What of a broker a hand-over needs. */
export interface HandOverContext {
  /** The group of a filter, if it has members. All members may have left a group, and others founded it again. */
  readonly findGroup: (topicFilter: TopicFilter) => SharedSubscription | undefined;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  readonly log: Log;
}

/** The number of receivers that the log names. */
const namedReceivers = 5;

/** Gives the messages of groups that a client left behind to the groups' other members, and logs for each group where they went. */
export function handOver(clientId: string, leftBehind: LeftBehind, context: HandOverContext): void {
  for (const left of byGroup(leftBehind)) {
    const messages = [...left.unacknowledged, ...left.waiting];
    const summary = giveTo(context.findGroup(left.topicFilter), messages, context.now());
    const isLost = summary.receivers.size + summary.stored === 0 && summary.expired < messages.length;
    context.log({ level: isLost ? 'warn' : 'info', message: sentence(clientId, left, summary) });
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

function giveTo(group: SharedSubscription | undefined, messages: readonly Message[], now: number): HandOverSummary {
  const receivers = new Map<string, number>();
  let stored = 0;
  const live = messages.filter((message) => !message.isExpired(now));
  const expired = messages.length - live.length;
  if (!group) return { receivers, stored, expired };
  for (const message of live) {
    const { receiver, isStored } = group.handOver(message);
    if (isStored) stored += 1;
    if (receiver !== undefined) receivers.set(receiver, (receivers.get(receiver) ?? 0) + 1);
  }
  return { receivers, stored, expired };
}

/** Says who went, how many messages it left behind, and where they went. */
function sentence(
  clientId: string,
  { topicFilter, unacknowledged, waiting }: LeftInGroup,
  { receivers, stored, expired }: HandOverSummary,
): string {
  const left = [
    ...(unacknowledged.length > 0 ? [`${grouped(unacknowledged.length)} unacknowledged`] : []),
    ...(waiting.length > 0 ? [`${grouped(waiting.length)} waiting`] : []),
  ].join(' and ');
  const messageCount = unacknowledged.length + waiting.length;
  const noun = messageCount === 1 ? 'message' : 'messages';
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
  const fate =
    expired === messageCount ? 'they had expired' : expired > 0 ? `${went}; ${grouped(expired)} had expired` : went;
  return `${quote(clientId)} left ${left} ${noun} of ${quote(topicFilter.text)}; ${fate}.`;
}
