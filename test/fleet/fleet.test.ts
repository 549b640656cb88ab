import { Fleet, refuseOtherKeys } from '../../lib/fleet/fleet';
import { FleetError } from '../../lib/fleet/fleet-rules';
import { demoContext, fleetWith } from '../support/demo-fleet';

describe('the fleet of the blog post', () => {
  const fleet = fleetWith();

  test.each([
    ['car1', 'car1', 'car1', undefined],
    ['car2', 'car2', 'car2', undefined],
    ['subscriber2A', 'subscriber2a', 'subscriber2a-sub', '$share/group2/cars/data'],
    ['subscriber2B', 'subscriber2b', 'subscriber2b-sub', '$share/group2/cars/data'],
    ['consumer3', 'consumer3', 'consumer3-sub', 'cars/data'],
  ])('%s has files %s.*, connects as %s and subscribes to %s', (thingName, fileName, clientId, topicFilter) => {
    const device = fleet.devices.find((candidate) => candidate.thingName === thingName);
    expect(device).toMatchObject({ fileName, clientId, topic: 'cars/data' });
    expect(device && 'topicFilter' in device ? device.topicFilter : undefined).toBe(topicFilter);
  });

  test('A fleet lists its devices by role', () => {
    expect(fleet.topic).toBe('cars/data');
    expect(namesOf(fleet.devices)).toEqual(['car1', 'car2', 'subscriber2A', 'subscriber2B', 'consumer3']);
    expect(namesOf(fleet.cars)).toEqual(['car1', 'car2']);
    expect(namesOf(fleet.subscribers)).toEqual(['subscriber2A', 'subscriber2B', 'consumer3']);
    expect(namesOf(fleet.consumers)).toEqual(['consumer3']);
    expect([...fleet.groups.keys()]).toEqual(['group2']);
    expect(namesOf(fleet.groups.get('group2')!)).toEqual(['subscriber2A', 'subscriber2B']);
  });
});

test('Two groups have different topic filters', () => {
  const { groups } = fleetWith({ groups: { group1: ['subscriber1A', 'subscriber1B'], ...demoContext.groups } });
  expect([...groups.keys()]).toEqual(['group1', 'group2']);
  expect(groups.get('group1')!.map(({ topicFilter }) => topicFilter)).toEqual(Array(2).fill('$share/group1/cars/data'));
});

test('A key that is left out of the fleet adds no devices', () => {
  const fleet = Fleet.fromContext({ topic: 'cars/data', cars: ['car1'] });
  expect(namesOf(fleet.devices)).toEqual(['car1']);
  expect(fleet.groups.size).toBe(0);
});

test.each([
  ['a thing name of 128 characters', { cars: ['x'.repeat(128)] }],
  ['a thing name with all kinds of characters', { cars: ['A_z-09'] }],
  ['a topic of 256 bytes', { topic: 'é'.repeat(128) }],
  ['a topic with 7 slashes', { topic: 'a/b/c/d/e/f/g/h' }],
  ['a topic with a space, $ and {}', { topic: 'cars of {$} all' }],
  ['a share name of 128 bytes', { groups: { ['g'.repeat(128)]: ['a'] } }],
])('%s is accepted', (_, changes) => {
  expect(() => fleetWith(changes)).not.toThrow();
});

const inheritedRule =
  'cannot be a thing name: it must not be a name that every JavaScript object inherits, as the CDK takes it for one that is in use.';
const thingNameRule = 'cannot be a thing name: it must be 1 to 128 of the characters a-z, A-Z, 0-9, _ and -.';
const shape = 'an object with the keys topic, cars, groups, consumers, stacks';

test.each<[Record<string, unknown>, string]>([
  [{ cars: ['car 1'] }, `"car 1" ${thingNameRule}`],
  [{ cars: ['car:1'] }, `"car:1" ${thingNameRule}`],
  [{ cars: ['*'] }, `"*" ${thingNameRule}`],
  [{ cars: ['../car1'] }, `"../car1" ${thingNameRule}`],
  [{ cars: ['car1\n'] }, `"car1\\n" ${thingNameRule}`],
  [{ cars: [''] }, `"" ${thingNameRule}`],
  [{ consumers: ['x'.repeat(129)] }, `"${'x'.repeat(129)}" ${thingNameRule}`],
  [{ cars: [1] }, '1 cannot be a thing name: it must be a string.'],
  [{ cars: ['__proto__'] }, `"__proto__" ${inheritedRule}`],
  [{ cars: ['constructor'] }, `"constructor" ${inheritedRule}`],

  [{ cars: ['car1', 'car1'] }, 'A thing name is used once; "car1" is in the fleet twice.'],
  [{ consumers: ['subscriber2A'] }, 'A thing name is used once; "subscriber2A" is in the fleet twice.'],
  [
    { cars: ['car1', 'CAR1'] },
    'Thing names must differ in more than case; "car1" and "CAR1" do not, and on a disk that ignores case they would share a folder.',
  ],
  [
    { cars: ['consumer3-sub'] },
    'A client id is used once; "consumer3-sub" and "consumer3" would both connect as "consumer3-sub", and AWS IoT Core would disconnect one for the other.',
  ],
  [
    { consumers: ['x'.repeat(125)] },
    `"${'x'.repeat(125)}-sub" cannot be a client id: it must have 1 to 128 bytes of UTF-8.`,
  ],

  [{ groups: { group2: [] } }, 'A group needs at least one member; "group2" has none.'],
  [{ groups: { '': ['a'] } }, '"" cannot be a share name: it must have 1 to 128 bytes of UTF-8.'],
  [{ groups: { ['é'.repeat(65)]: ['a'] } }, 'cannot be a share name: it must have 1 to 128 bytes of UTF-8.'],
  [{ groups: { 'a/b': ['a'] } }, '"a/b" cannot be a share name: it must not contain / or + or #.'],
  [{ groups: { 'a+': ['a'] } }, '"a+" cannot be a share name: it must not contain / or + or #.'],
  [{ groups: { '#': ['a'] } }, '"#" cannot be a share name: it must not contain / or + or #.'],
  [{ groups: { '*': ['a'] } }, '"*" cannot be a share name: it must not contain * or ? or ${'],

  [{ topic: 'é'.repeat(129) }, 'cannot be the topic: it must have 1 to 256 bytes of UTF-8.'],
  [{ topic: '' }, '"" cannot be the topic: it must have 1 to 256 bytes of UTF-8.'],
  [{ topic: 'a/b/c/d/e/f/g/h/i' }, '"a/b/c/d/e/f/g/h/i" cannot be the topic: it must have at most 7 slashes.'],
  [{ topic: 'cars/#' }, '"cars/#" cannot be the topic: it must not contain + or #'],
  [{ topic: '+/data' }, '"+/data" cannot be the topic: it must not contain + or #'],
  [{ topic: '$aws/things' }, '"$aws/things" cannot be the topic: it must not start with $'],
  [{ topic: 'cars/*' }, '"cars/*" cannot be the topic: it must not contain * or ? or ${'],
  [{ topic: 'car?' }, '"car?" cannot be the topic: it must not contain * or ? or ${'],
  [{ topic: `\${iot:ClientId}` }, 'cannot be the topic: it must not start with $'],
  [{ topic: `cars/\${iot:ClientId}` }, 'cannot be the topic: it must not contain * or ? or ${'],
  [{ topic: 'a"b' }, '"a\\"b" cannot be the topic: it must not contain " or \\'],
  [{ topic: 'a\0b' }, '"a\\u0000b" cannot be the topic: it must have no control characters.'],
  [{ topic: 'a\ud800b' }, '"a\\ud800b" cannot be the topic: it must have no control characters.'],
  [{ topic: undefined }, 'The fleet has no "topic".'],
  [{ topic: 7 }, '7 cannot be the topic: it must be a string.'],

  [{ cars: 'car1' }, '"cars" must be a list of thing names; it is "car1".'],
  [{ consumers: null }, '"consumers" must be a list of thing names; it is null.'],
  [{ groups: ['a'] }, '"groups" must be an object of share names; it is ["a"].'],
  [{ groups: { group2: 'a' } }, '"groups.group2" must be a list of thing names; it is "a".'],
  [{ gruops: {} }, `A fleet is ${shape}; "gruops" is none of them. Did you mean "groups"?`],
  [{ xyz: {} }, `A fleet is ${shape}; "xyz" is none of them.`],
  [{ cars: [], groups: {}, consumers: [] }, 'A fleet needs at least one car, group or consumer; this one has none.'],
])('A fleet with %j is refused', (changes, message) => {
  expect(() => fleetWith(changes)).toThrow(FleetError);
  expect(() => fleetWith(changes)).toThrow(message);
});

test.each([
  [undefined, 'nothing'],
  [null, 'null'],
  [[], '[]'],
  ['[]', '[]'],
  [7, '7'],
])('A fleet of %j is refused', (value, shown) => {
  expect(() => Fleet.fromContext(value)).toThrow(
    new FleetError(`The context key "fleet" must be ${shape}; it is ${shown}.`),
  );
});

test('A fleet that -c gives as text is read', () => {
  expect(Fleet.fromContext('{"topic": "t", "cars": ["car1"]}').devices).toMatchObject([{ thingName: 'car1' }]);
  const text = "{topic: 't'}";
  expect(() => Fleet.fromContext(text)).toThrow(/^The context key "fleet" is text, as -c gives it, and must be JSON: /);
});

test('A comment in a fleet or among its groups is ignored', () => {
  const fleet = fleetWith({ '//': 'a comment', groups: { '//': 'another', group2: ['a'] } });
  expect([...fleet.groups.keys()]).toEqual(['group2']);
});

test.each([
  [
    'fleet.topic',
    '"fleet.topic" is not a context key. The fleet is one value: edit cdk.json, or give it whole: -c fleet=',
  ],
  ['fleet:cars', '"fleet:cars" is not a context key. The fleet is one value'],
  ['Fleet', '"Fleet" is not a context key. Did you mean "fleet"?'],
  ['flet', '"flet" is not a context key. Did you mean "fleet"?'],
])('The context key %j, which was meant for the fleet, is refused', (key, message) => {
  expect(() => refuseOtherKeys({ fleet: {}, [key]: 'x' })).toThrow(message);
});

test('Context that is not about the fleet is ignored', () => {
  expect(() =>
    refuseOtherKeys({ fleet: {}, '@aws-cdk/core:newStyleStackSynthesis': true, '//': 'x', stage: 'dev' }),
  ).not.toThrow();
});

function namesOf(devices: readonly { thingName: string }[]): string[] {
  return devices.map(({ thingName }) => thingName);
}
