import type { Target } from '../../lib/devices/device-folder';
import { forbiddenAttempts } from '../../lib/walk-through/attempts';
import type { WalkThroughEvent } from '../../lib/walk-through/events';
import { Scoreboard } from '../../lib/walk-through/scoreboard';
import { fleetWith } from '../support/demo-fleet';

const fleet = fleetWith();
const [car1, car2] = fleet.cars;
const [subscriber2A, subscriber2B, consumer3] = fleet.subscribers;

type Device = (typeof fleet.devices)[number];

const published = (message: string, device = car1): WalkThroughEvent => ({ type: 'published', device, message });
const delivered = (message: string, device: Device, topic = fleet.topic): WalkThroughEvent => {
  return { type: 'delivered', device, message, topic };
};
/** A message that reaches every destination. */
const sent = (message: string, device: Device = subscriber2A) => {
  return [published(message), delivered(message, device), delivered(message, consumer3)];
};
const [attempt] = forbiddenAttempts(fleet);
const refused: WalkThroughEvent = { type: 'tried', attempt, outcome: { refused: true, answer: 'SUBACK 0x87' } };
const allowed: WalkThroughEvent = { type: 'tried', attempt, outcome: { refused: false, reason: 'it was allowed' } };

function scoreOf(events: readonly WalkThroughEvent[], target: Target = 'local'): Scoreboard {
  const scoreboard = new Scoreboard({ scenario: 'shared', caption: '', fleet, target, mqtt: 5, qos: 0 });
  for (const event of events) scoreboard.record(event);
  return scoreboard;
}

test('The result of a run that passes has its counts', () => {
  const events = [...sent('a'), ...sent('b', subscriber2B), ...sent('c'), refused];
  expect(scoreOf(events).result(1.8765)).toEqual({
    scenario: 'shared',
    target: 'local',
    mqtt: 5,
    qos: 0,
    published: 3,
    received: { subscriber2A: 2, subscriber2B: 1, consumer3: 3 },
    groups: { group2: { delivered: 3, duplicated: 0, lost: 0 } },
    denied: { tried: 1, refused: 1 },
    measured: [],
    problems: [],
    remarks: [],
    verdict: 'pass',
    seconds: 1.9,
  });
});

describe('The verdict is a pass', () => {
  test.each<[string, WalkThroughEvent[]]>([
    ['when one member of a group gets everything', [...sent('a'), ...sent('b'), ...sent('c')]],
    [
      'when messages overtake each other',
      [published('a'), published('b'), ...['b', 'a'].flatMap((text) => sent(text).slice(1))],
    ],
    ['when the same text is sent twice and arrives twice', [...sent('a'), ...sent('a', subscriber2B)]],
    ['when the same text comes from two cars', [...sent('a'), published('a', car2), ...sent('a').slice(1)]],
  ])('%s', (_, events) => {
    const scoreboard = scoreOf([...events, refused]);
    expect(scoreboard.problems()).toEqual([]);
    expect(scoreboard.result(0).verdict).toBe('pass');
    expect(scoreboard.incomplete).toBe(0);
  });
});

describe('The verdict is a fail', () => {
  test.each<[string, WalkThroughEvent[], string]>([
    ['when nothing was published', [], 'No message was published.'],
    ['when a group misses a message', [published('a'), delivered('a', consumer3)], 'group2 did not get a.'],
    ['when a consumer misses a message', [published('a'), delivered('a', subscriber2A)], 'consumer3 did not get a.'],
    [
      'when a text sent twice arrives once',
      [...sent('a'), published('a'), delivered('a', consumer3)],
      'group2 did not get a.',
    ],
    ['when two members get one message', [...sent('a'), delivered('a', subscriber2B)], 'group2 got a more than once.'],
    ['when one member gets it twice', [...sent('a'), delivered('a', subscriber2A)], 'group2 got a more than once.'],
    ['when a consumer gets it twice', [...sent('a'), delivered('a', consumer3)], 'consumer3 got a more than once.'],
    [
      'when a car gets a message',
      [...sent('a'), delivered('a', car2)],
      '1 message arrived that this run did not publish, or not to that topic.',
    ],
    [
      'when a message comes that nobody sent',
      [...sent('a'), delivered('b', consumer3)],
      '1 message arrived that this run did not publish, or not to that topic.',
    ],
    [
      'when a message comes under another topic',
      [...sent('a'), delivered('a', consumer3, 'other')],
      '1 message arrived that this run did not publish, or not to that topic.',
    ],
    [
      'when something forbidden is allowed',
      [...sent('a'), allowed],
      'car1 subscribing to cars/data was not refused: it was allowed.',
    ],
    [
      'when a device is disconnected',
      [...sent('a'), { type: 'trouble', device: car1, problem: 'was disconnected: DISCONNECT 0x8e' }],
      'car1 was disconnected: DISCONNECT 0x8e.',
    ],
  ])('%s', (_, events, problem) => {
    const scoreboard = scoreOf(events);
    expect(scoreboard.problems()).toEqual([problem]);
    expect(scoreboard.result(0).verdict).toBe('fail');
  });
});

test('On AWS a message that arrives twice is a remark, not a fault', () => {
  const scoreboard = scoreOf([...sent('a'), delivered('a', subscriber2B), refused], 'aws');
  expect(scoreboard.remarks()).toEqual(['group2 got a more than once.']);
  expect(scoreboard.result(0)).toMatchObject({ groups: { group2: { duplicated: 1, lost: 0 } }, verdict: 'pass' });
});

test('On AWS a lost message fails the verdict', () => {
  expect(scoreOf([published('a'), delivered('a', consumer3)], 'aws').result(0).verdict).toBe('fail');
});

test('A problem of many messages names the first three', () => {
  const events = ['a', 'b', 'c', 'd', 'e'].flatMap((text) => [published(text), delivered(text, consumer3)]);
  expect(scoreOf(events).problems()).toEqual(['group2 did not get a, b, c and 2 more.']);
});

test('A run is complete only when every message has reached every destination', () => {
  const [first, second, third] = sent('a');
  const scoreboard = scoreOf([first]);
  for (const event of [second, third]) {
    expect(scoreboard.incomplete).toBe(1);
    scoreboard.record(event);
  }
  expect(scoreboard.incomplete).toBe(0);
});
