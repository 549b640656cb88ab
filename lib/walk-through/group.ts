import type { Fleet, GroupMember } from '../fleet/fleet';
import { type Cast, requireBothSides } from './scenario';

/**
 * The first group of at least two members.
 *
 * @throws Error if there is none, or no car
 */
export function requireGroup(cast: Cast, scenario: string): [shareName: string, members: readonly string[]] {
  requireBothSides(cast);
  const group = Object.entries(cast.groups).find(([, members]) => members.length > 1);
  if (group) return group;
  throw new Error(`The scenario "${scenario}" needs a group of at least two members; the fleet has none.`);
}

/** The first group of at least two members, in a fleet that has one. */
export function groupOf({ groups }: Fleet): { shareName: string; members: GroupMember[] } {
  const [shareName, members] = [...groups].find(([, members]) => members.length > 1)!;
  return { shareName, members };
}
