import { soakFleet } from '../../../benchmarks/soak/soak-fleet';
import { Fleet } from '../../../lib/fleet/fleet';
import { partsOf } from '../../../lib/fleet/fleet-parts';

test.each([10, 60, 61, 100, 500])('A soak of %i devices has a fleet of that size, which its stacks hold', (devices) => {
  const fleet = Fleet.fromContext(soakFleet(devices));
  expect(fleet.devices).toHaveLength(devices);
  expect(partsOf(fleet).flatMap((part) => part.devices)).toHaveLength(devices);
});
