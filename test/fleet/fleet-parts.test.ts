import type { Device } from '../../lib/fleet/fleet';
import { devicesPerStack, partsOf, stacksFor } from '../../lib/fleet/fleet-parts';
import { fleetWith } from '../support/demo-fleet';

const cars = (count: number) => Array.from({ length: count }, (_, index) => `truck${index}`);
const fleetOf = (count: number, stacks: number) => fleetWith({ cars: cars(count), stacks });

/** The index of each device's stack, by thing name. */
function places(parts: readonly { devices: readonly Device[] }[]): Map<string, number> {
  return new Map(parts.flatMap(({ devices }, index) => devices.map(({ thingName }) => [thingName, index] as const)));
}

test('A fleet with one stack is its own part and keeps its order', () => {
  const fleet = fleetWith();
  expect(partsOf(fleet)).toEqual([{ topic: fleet.topic, devices: fleet.devices }]);
});

test('Every device is in one stack', () => {
  const fleet = fleetOf(240, 6);
  const parts = partsOf(fleet);
  expect(parts).toHaveLength(6);
  expect(parts.flatMap(({ devices }) => devices)).toHaveLength(fleet.devices.length);
  expect(places(parts).size).toBe(fleet.devices.length);
});

test.each([
  ['Adding a car', cars(241)],
  ['Removing a car', cars(240).slice(1)],
  ['Another order', cars(240).reverse()],
])('%s moves no other device', (_case, changed) => {
  const before = places(partsOf(fleetOf(240, 6)));
  const after = places(partsOf(fleetWith({ cars: changed, stacks: 6 })));
  for (const [thingName, place] of after) if (before.has(thingName)) expect(place).toBe(before.get(thingName));
});

test('A further stack takes a share of the devices, and none moves between the others', () => {
  const before = places(partsOf(fleetOf(240, 6)));
  const after = places(partsOf(fleetOf(240, 7)));
  const moved = [...after].filter(([thingName, place]) => place !== before.get(thingName));
  expect(new Set(moved.map(([, place]) => place))).toEqual(new Set([6]));
  expect(moved.length).toBeLessThan((2 * after.size) / 7);
});

test('A stack that is too full is refused, with the number of stacks that leaves room', () => {
  expect(() => partsOf(fleetOf(200, 1))).toThrow(
    `A stack takes ${devicesPerStack} devices; with "stacks" 1, one stack would have 203 of this fleet's 203. Set "stacks" of the fleet in cdk.json to `,
  );
  const stacks = stacksFor(fleetOf(200, 1).devices)!;
  expect(partsOf(fleetOf(200, stacks))).toHaveLength(stacks);
  expect(partsOf(fleetOf(201, stacks))).toHaveLength(stacks);
});

test('A stack without a device is refused', () => {
  expect(() => partsOf(fleetOf(2, 40))).toThrow(
    /^A stack needs a device; with "stacks" 40, .* Set "stacks" .* to 1\.$/,
  );
});

test.each([0, 1.5, '2', -1, 100_000])('%j stacks are refused', (stacks) => {
  expect(() => fleetWith({ stacks })).toThrow(/stacks/);
});

test('10,000 devices fit into the number of stacks that is advised', () => {
  const stacks = stacksFor(fleetOf(10_000, 1).devices)!;
  const sizes = partsOf(fleetOf(10_000, stacks)).map(({ devices }) => devices.length);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(devicesPerStack);
});
