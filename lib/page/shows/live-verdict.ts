import { grouped } from '../../util/format';
import type { ShowVerdict } from '../model/events';
import type { FollowedCount } from './followed-messages';

/** What a live show's verdict depends on. */
export interface LiveCounts {
  readonly published: number;
  readonly destinations: readonly FollowedCount[];
  /** Whether a message that arrives twice is a fault on this target. */
  readonly areDuplicatesFaults: boolean;
  /** What failed that should not, a sentence each. */
  readonly problems: readonly string[];
}

/** The verdict so far: a pass while each group gets each message once and each consumer gets every message that it was there for. */
export function liveVerdict({ published, destinations, areDuplicatesFaults, problems }: LiveCounts): ShowVerdict {
  const faults = [
    ...destinations.flatMap(({ destination, missed }) =>
      missed > 0 ? [`${destination.name} did not get ${counted(missed)}.`] : [],
    ),
    ...(areDuplicatesFaults ? repetitions(destinations) : []),
    ...problems,
  ];
  const remarks = [
    ...destinations.flatMap(({ destination: { kind, name }, away, cut }) => [
      ...(away > 0
        ? [`${kind === 'group' ? `Nobody of ${name} was` : `${name} was not`} there for ${counted(away)}.`]
        : []),
      ...(cut > 0 ? [`${name} lost ${counted(cut)} with a connection that was cut.`] : []),
    ]),
    ...(areDuplicatesFaults ? [] : repetitions(destinations)),
  ];
  if (faults.length > 0) {
    return { verdict: 'fail', sentence: `Fail. ${faults[0]}`, details: [...faults.slice(1), ...remarks] };
  }
  if (published === 0) return { verdict: 'running', sentence: 'Ready. No message is sent yet.', details: remarks };
  return { verdict: 'pass', sentence: `Pass so far. ${summary(destinations)}`, details: remarks };
}

/** `group2 got each message once, and consumer3 got every message.` */
function summary(destinations: readonly FollowedCount[]): string {
  const groups = destinations.filter(({ destination }) => destination.kind === 'group');
  const consumers = destinations.filter(({ destination }) => destination.kind === 'consumer');
  const parts = [
    ...(groups.length > 0 ? [`${who(groups, 'groups')} got each message once`] : []),
    ...(consumers.length > 0 ? [`${who(consumers, 'consumers')} got every message`] : []),
  ];
  const text = `${parts.join(', and ')}.`;
  // A destination's name keeps its case.
  return text.replace(/^each /, 'Each ');
}

function who(all: readonly FollowedCount[], noun: string): string {
  return all.length === 1 ? all[0].destination.name : `each of ${all.length} ${noun}`;
}

function repetitions(destinations: readonly FollowedCount[]): string[] {
  return destinations.flatMap(({ destination, repeated }) =>
    repeated > 0 ? [`${destination.name} got ${counted(repeated)} more than once.`] : [],
  );
}

function counted(messages: number): string {
  return `${grouped(messages)} message${messages === 1 ? '' : 's'}`;
}
