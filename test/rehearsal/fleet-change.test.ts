import { Fleet } from '../../lib/fleet/fleet';
import { changeOf } from '../../lib/rehearsal/fleet-change';

const fleetOf = (parts: object) => Fleet.fromContext({ topic: 'cars/data', cars: ['car1'], ...parts });
const names = (context: object) => Fleet.fromContext(context).devices.map((device) => device.thingName);

test.each([
  ['the last member of a group', { groups: { one: ['a', 'b'], two: ['c', 'd'] } }, 'd', ['one', 'two', 'rehearsal']],
  ['the only member of a group', { groups: { one: ['a'] }, consumers: ['b'] }, 'a', ['rehearsal']],
  ['a consumer, where there is no group', { consumers: ['a', 'b'] }, 'b', ['rehearsal']],
])('The change of a fleet moves %s to a group of its own', (_, parts, moved, groups) => {
  const fleet = fleetOf(parts);
  const change = changeOf(fleet);
  const changed = Fleet.fromContext(change.context);
  expect(change.moved.thingName).toBe(moved);
  expect(change.renewed.thingName).toBe('car1');
  expect([...changed.groups.keys()].sort()).toEqual(groups.sort());
  expect(changed.groups.get('rehearsal')).toMatchObject([{ thingName: moved, clientId: change.moved.clientId }]);
  expect(names(change.context).sort()).toEqual([...fleet.devices.map((each) => each.thingName), change.added].sort());
});

test.each([
  ['no car', { topic: 't', consumers: ['a'] }, 'A walk-through needs a car that publishes; the fleet has none.'],
  ['no subscriber', { topic: 't', cars: ['a'] }, 'A walk-through needs a group or a consumer that subscribes'],
  ['the new car’s name', { topic: 't', cars: ['Rehearsal-Car'], consumers: ['a'] }, 'needs the name "rehearsal-car"'],
  ['the new group’s name', { topic: 't', cars: ['a'], groups: { rehearsal: ['b'] } }, 'needs the name "rehearsal"'],
])('A fleet with %s cannot be rehearsed', (_, context, message) => {
  expect(() => changeOf(Fleet.fromContext(context))).toThrow(message);
});
