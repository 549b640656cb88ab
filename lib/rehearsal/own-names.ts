import type { OwnNames } from './account/remains';
import { strangerName } from './account/stranger';
import type { Rehearsal } from './rehearsal';

/** The names of all that a rehearsal makes: stacks, things and policies. */
export function namesOf({ first, change }: Pick<Rehearsal, 'first' | 'change'>): OwnNames {
  const things = first.fleet.devices.map(({ thingName }) => thingName);
  return { stackNames: [...first.templates.keys()], names: [...things, change.added, strangerName] };
}
