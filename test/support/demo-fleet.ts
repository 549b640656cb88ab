import { Fleet } from '../../lib/fleet/fleet';

/** The blog post's fleet, as cdk.json holds it. */
export const demoContext = {
  topic: 'cars/data',
  cars: ['car1', 'car2'],
  groups: { group2: ['subscriber2A', 'subscriber2B'] },
  consumers: ['consumer3'],
};

/** The blog post's fleet with other values for some of its keys. */
export function fleetWith(changes: Record<string, unknown> = {}): Fleet {
  return Fleet.fromContext({ ...demoContext, ...changes });
}
