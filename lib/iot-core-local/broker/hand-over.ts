import { grouped } from '../../util/format';
import { quote } from '../mqtt/decode-error';

/** A group's messages that a client left behind, and where they went. */
export interface HandOver {
  readonly clientId: string;
  /** The group's filter, with `$share` and the share name. */
  readonly filterText: string;
  /** How many were sent and not acknowledged. */
  readonly unacknowledged: number;
  /** How many were not sent yet. */
  readonly waiting: number;
  /** How many each client got, by client id. */
  readonly receivers: ReadonlyMap<string, number>;
  /** How many are stored until a member connects. */
  readonly stored: number;
}

/** The number of receivers that a sentence names. */
const namedReceivers = 5;

/** Says who went, how many messages it left behind, and where they went. */
export function handOverSentence({
  clientId,
  filterText,
  unacknowledged,
  waiting,
  receivers,
  stored,
}: HandOver): string {
  const left = [
    ...(unacknowledged > 0 ? [`${grouped(unacknowledged)} unacknowledged`] : []),
    ...(waiting > 0 ? [`${grouped(waiting)} waiting`] : []),
  ].join(' and ');
  const noun = unacknowledged + waiting === 1 ? 'message' : 'messages';
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
  return `${quote(clientId)} left ${left} ${noun} of ${quote(filterText)}; ${went}.`;
}
