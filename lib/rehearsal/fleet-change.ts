import type { Device, Fleet } from '../fleet/fleet';
import { castOf, requireBothSides } from '../walk-through/scenario';

/** The name of the thing that an update adds. */
export const furtherCar = 'rehearsal-car';

/** The share name of the group that an update adds. */
const furtherGroup = 'rehearsal';

/** A change of a fleet that touches three of its devices, each in another way. */
export interface FleetChange {
  /** The changed fleet, as cdk.json holds one. */
  readonly context: object;
  /** The car that gets another key and request. */
  readonly renewed: Device;
  /** The subscriber that moves to another group, so that its policy changes. */
  readonly moved: Device;
  /** The name of the car that is new. */
  readonly added: string;
}

/**
 * A change of a fleet: one more car, another group for one subscriber, and another certificate request for one car.
 *
 * @throws Error if the fleet has no car or no subscriber, or has the new names already
 */
export function changeOf(fleet: Fleet): FleetChange {
  const cast = castOf(fleet);
  requireBothSides(cast);
  const names = [...fleet.devices.map(({ thingName }) => thingName), ...fleet.groups.keys()].map((name) =>
    name.toLowerCase(),
  );
  const taken = [furtherCar, furtherGroup].find((name) => names.includes(name));
  if (taken !== undefined) {
    throw new Error(`A rehearsal needs the name "${taken}" for itself, and the fleet of cdk.json has it.`);
  }
  const members = fleet.subscribers.filter(({ role }) => role === 'member');
  const moved = members.at(-1) ?? fleet.consumers.at(-1)!;
  const others = (list: readonly string[]) => list.filter((name) => name !== moved.thingName);
  const groups = Object.entries(cast.groups).map(([name, list]) => [name, others(list)] as const);
  const context = {
    ...cast,
    cars: [...cast.cars, furtherCar],
    groups: {
      ...Object.fromEntries(groups.filter(([, list]) => list.length > 0)),
      [furtherGroup]: [moved.thingName],
    },
    consumers: others(cast.consumers),
    stacks: fleet.stacks,
  };
  return { context, renewed: fleet.cars[0], moved, added: furtherCar };
}
