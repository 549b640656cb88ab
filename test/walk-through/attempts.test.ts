import { type AttemptKind, describeAttempt, forbiddenAttempts, judge } from '../../lib/walk-through/attempts';
import type { Failure } from '../../lib/walk-through/clients/client-failure';
import { fleetWith } from '../support/demo-fleet';

test('The forbidden attempts cover each device and each kind', () => {
  expect(forbiddenAttempts(fleetWith()).map(describeAttempt)).toEqual([
    'car1 subscribing to cars/data',
    'car1 subscribing to $share/group2/cars/data',
    'car1 publishing to cars/data/cars/data',
    'car1 retaining a message on cars/data',
    'car1 subscribing to +/data',
    'car1 subscribing to cars/+',
    'car1 subscribing to #',
    'car1 subscribing to cars/#',
    'car2 subscribing to cars/data',
    'car2 subscribing to $share/group2/cars/data',
    'car2 publishing to cars/data/cars/data',
    'car2 retaining a message on cars/data',
    'car2 subscribing to +/data',
    'car2 subscribing to cars/+',
    'car2 subscribing to #',
    'car2 subscribing to cars/#',
    'subscriber2A publishing to cars/data',
    'subscriber2A subscribing to $share/not-group2/cars/data',
    'subscriber2A subscribing to cars/data',
    'subscriber2A subscribing to $share/group2/cars/data/group2/cars/data',
    'subscriber2A subscribing to +/data',
    'subscriber2A subscribing to cars/+',
    'subscriber2A subscribing to #',
    'subscriber2A subscribing to cars/#',
    'subscriber2A subscribing to $share/group2/+/data',
    'subscriber2A subscribing to $share/group2/cars/+',
    'subscriber2A subscribing to $share/group2/#',
    'subscriber2A subscribing to $share/group2/cars/#',
    'subscriber2B publishing to cars/data',
    'subscriber2B subscribing to $share/not-group2/cars/data',
    'subscriber2B subscribing to cars/data',
    'subscriber2B subscribing to $share/group2/cars/data/group2/cars/data',
    'subscriber2B subscribing to +/data',
    'subscriber2B subscribing to cars/+',
    'subscriber2B subscribing to #',
    'subscriber2B subscribing to cars/#',
    'subscriber2B subscribing to $share/group2/+/data',
    'subscriber2B subscribing to $share/group2/cars/+',
    'subscriber2B subscribing to $share/group2/#',
    'subscriber2B subscribing to $share/group2/cars/#',
    'consumer3 publishing to cars/data',
    'consumer3 subscribing to $share/group2/cars/data',
    'consumer3 subscribing to cars/data/cars/data',
    'consumer3 subscribing to +/data',
    'consumer3 subscribing to cars/+',
    'consumer3 subscribing to #',
    'consumer3 subscribing to cars/#',
    'consumer3 connecting as car1',
    'car1 connecting as car2',
    'car2 connecting as subscriber2a-sub',
    'subscriber2A connecting as subscriber2b-sub',
    'subscriber2B connecting as consumer3-sub',
    'car1 connecting as car1-car1',
    'car2 connecting as car2-car2',
    'subscriber2A connecting as subscriber2a-sub-subscriber2a-sub',
    'subscriber2B connecting as subscriber2b-sub-subscriber2b-sub',
    'consumer3 connecting as consumer3-sub-consumer3-sub',
    "A client with another CA's certificate connecting as car1",
  ]);
});

test('A device tries to join a group of the fleet that it is not in', () => {
  const fleet = fleetWith({ groups: { group1: ['a'], group2: ['b'] }, consumers: [] });
  expect(forbiddenAttempts(fleet).flatMap((attempt) => (attempt.kind === 'join' ? [attempt.topicFilter] : []))).toEqual(
    ['group1', 'group1', 'group2', 'group1'].map((name) => `$share/${name}/cars/data`),
  );
});

test('A fleet of one device has no attempt to impersonate, and joins a group that nobody is in', () => {
  const attempts = forbiddenAttempts(fleetWith({ topic: 'data', cars: ['car1'], groups: {}, consumers: [] }));
  expect(attempts.map(describeAttempt)).toEqual([
    'car1 subscribing to data',
    'car1 subscribing to $share/group1/data',
    'car1 publishing to data/data',
    'car1 retaining a message on data',
    'car1 subscribing to +',
    'car1 subscribing to #',
    'car1 connecting as car1-car1',
    "A client with another CA's certificate connecting as car1",
  ]);
});

const answer = (packet: 'CONNACK' | 'SUBACK' | 'PUBACK' | 'DISCONNECT', code: number): Failure => ({
  kind: 'answer',
  packet,
  code,
});
const closed: Failure = { kind: 'closed' };
const alert: Failure = { kind: 'alert', number: 48 };
const internalError: Failure = { kind: 'alert', number: 80 };
const silence: Failure = { kind: 'silence', milliseconds: 10_000 };
const trouble: Failure = { kind: 'trouble', message: 'connect ECONNREFUSED 127.0.0.1:8883' };

describe('judge', () => {
  test.each<[3 | 5, AttemptKind, Failure, string]>([
    [5, 'listen', answer('SUBACK', 0x87), 'SUBACK 0x87'],
    [5, 'join', answer('SUBACK', 0x87), 'SUBACK 0x87'],
    [5, 'bypass', answer('SUBACK', 0x87), 'SUBACK 0x87'],
    [5, 'widen', answer('SUBACK', 0x87), 'SUBACK 0x87'],
    [5, 'overhear', answer('SUBACK', 0x87), 'SUBACK 0x87'],
    [5, 'stray', answer('PUBACK', 0x87), 'PUBACK 0x87'],
    [5, 'retain', answer('DISCONNECT', 0x87), 'DISCONNECT 0x87'],
    [5, 'publish', answer('PUBACK', 0x87), 'PUBACK 0x87'],
    [5, 'publish', answer('DISCONNECT', 0x87), 'DISCONNECT 0x87'],
    [5, 'impersonate', answer('CONNACK', 0x87), 'CONNACK 0x87'],
    [5, 'invent', answer('CONNACK', 0x87), 'CONNACK 0x87'],
    [3, 'listen', closed, 'connection closed'],
    [3, 'join', answer('SUBACK', 0x80), 'SUBACK 0x80'],
    [3, 'publish', closed, 'connection closed'],
    [3, 'impersonate', closed, 'connection closed'],
    [3, 'impersonate', answer('CONNACK', 0x05), 'CONNACK 0x05'],
    [3, 'forge', alert, 'TLS alert 48 (unknown CA)'],
    [5, 'forge', alert, 'TLS alert 48 (unknown CA)'],
    [5, 'forge', closed, 'connection closed'],
  ])('Under MQTT %s, the answer to the attempt %s is judged: %o', (mqtt, kind, failure, text) => {
    expect(judge(attemptOf(kind), failure, mqtt)).toEqual({ refused: true, answer: text });
  });
});

describe('judge, where it is not a refusal', () => {
  test.each<[3 | 5, AttemptKind, Failure, string]>([
    [5, 'listen', closed, 'connection closed'],
    [5, 'listen', answer('SUBACK', 0x80), 'SUBACK 0x80'],
    [5, 'publish', answer('PUBACK', 0x97), 'PUBACK 0x97'],
    [5, 'publish', silence, 'no answer within 10 s'],
    [5, 'impersonate', answer('CONNACK', 0x88), 'CONNACK 0x88'],
    [5, 'impersonate', answer('DISCONNECT', 0x8e), 'DISCONNECT 0x8e'],
    [3, 'impersonate', alert, 'TLS alert 48 (unknown CA)'],
    [3, 'impersonate', answer('CONNACK', 0x03), 'CONNACK 0x03'],
    [3, 'impersonate', trouble, 'connect ECONNREFUSED 127.0.0.1:8883'],
    [3, 'publish', silence, 'no answer within 10 s'],
    [5, 'forge', internalError, 'TLS alert 80'],
    [5, 'forge', answer('CONNACK', 0x87), 'CONNACK 0x87'],
    [5, 'forge', trouble, 'connect ECONNREFUSED 127.0.0.1:8883'],
    [5, 'forge', silence, 'no answer within 10 s'],
  ])('Under MQTT %s, the answer to the attempt %s is judged: %o', (mqtt, kind, failure, reason) => {
    expect(judge(attemptOf(kind), failure, mqtt)).toEqual({ refused: false, reason });
  });
});

function attemptOf(kind: AttemptKind) {
  return forbiddenAttempts(fleetWith()).find((attempt) => attempt.kind === kind)!;
}
