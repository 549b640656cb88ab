import type { Fleet, Member } from '../fleet/fleet';

/**
 * A party that is to get each message exactly once: a group, through whichever of its members, or a plain consumer.
 */
export interface Audience {
  readonly kind: 'group' | 'consumer';
  /** The group's share name or the consumer's thing name. */
  readonly name: string;
  readonly members: readonly Member[];
}

/** The fleet's audiences: its groups, then its consumers. */
export function audiences(fleet: Fleet): Audience[] {
  const groups = [...fleet.groups].map(([name, members]): Audience => ({ kind: 'group', name, members }));
  const consumers = fleet.consumers.map((consumer): Audience => {
    return { kind: 'consumer', name: consumer.thingName, members: [consumer] };
  });
  return [...groups, ...consumers];
}
