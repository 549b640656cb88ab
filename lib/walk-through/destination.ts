import type { Device, Fleet } from '../fleet/fleet';

/**
 * A receiver that must get each message exactly once: a group, through any one of its members, or a consumer.
 */
export interface Destination {
  readonly kind: 'group' | 'consumer';
  /** The group's share name or the consumer's thing name. */
  readonly name: string;
  readonly members: readonly Device[];
}

/** The fleet's destinations: its groups, then its consumers. */
export function destinations(fleet: Fleet): Destination[] {
  const groups = [...fleet.groups].map(([name, members]): Destination => ({ kind: 'group', name, members }));
  const consumers = fleet.consumers.map((consumer): Destination => {
    return { kind: 'consumer', name: consumer.thingName, members: [consumer] };
  });
  return [...groups, ...consumers];
}
