import { Presence } from '../../../lib/iot-core-local/gateway/presence';

const car = {
  clientId: 'car1',
  certificateArn: 'arn:aws:iot:us-east-1:123456789012:cert/1',
  keepAlive: 60,
  sessionExpiry: 0,
};

let now: number;
let wallTime: number;
let presence: Presence;
beforeEach(() => {
  now = 0;
  wallTime = 1000;
  presence = new Presence({ wall: () => wallTime, monotonic: () => now });
});

test('A client that was never there is unknown', () => {
  expect(presence.find('car1')).toBeUndefined();
});

test('A connected client is known, however long it is connected', () => {
  presence.arrive(car);
  now += 86_400_000;
  wallTime = 0;
  presence.tick();
  expect(presence.find('car1')).toEqual({ ...car, connectedSince: 1000 });
});

test.each([
  [29, { ...car, connectedSince: 1000, disconnectedSince: 2000 }],
  [30, undefined],
])('A client that has gone is known for 30 minutes: %i minutes later, %j', (minutes, record) => {
  const depart = presence.arrive(car);
  wallTime = 2000;
  depart();
  wallTime = 999_999_999;
  now += minutes * 60_000;
  presence.tick();
  expect(presence.find('car1')).toEqual(record);
});

test('The end of an earlier connection does not end the later one’s record', () => {
  const depart = presence.arrive(car);
  wallTime = 2000;
  presence.arrive(car);
  depart();
  expect(presence.find('car1')).toEqual({ ...car, connectedSince: 2000 });
});

test('The time since a client’s last CONNECT does not follow the wall clock', () => {
  expect(presence.sinceConnect('car1')).toBe(Number.POSITIVE_INFINITY);
  presence.arrive(car);
  wallTime -= 3_600_000;
  now += 500;
  expect(presence.sinceConnect('car1')).toBe(500);
});

test('A client that came back and went again does not keep those known that went between', () => {
  const minutes = (count: number) => {
    now += count * 60_000;
  };
  const bus = { ...car, clientId: 'bus1' };
  const departs = [presence.arrive(car), presence.arrive(bus)];
  departs[0]();
  departs[1]();
  minutes(10);
  presence.arrive(car)();
  minutes(20);
  presence.tick();
  expect([presence.find('car1'), presence.find('bus1')]).toEqual([expect.anything(), undefined]);
});
