import type { Device } from '../../../lib/fleet/fleet';
import { forbiddenAttempts } from '../../../lib/walk-through/attempts';
import type { WalkThroughEvent } from '../../../lib/walk-through/events';
import { Scoreboard } from '../../../lib/walk-through/scoreboard';
import { wantsColor } from '../../../lib/walk-through/view/paint';
import { viewOf } from '../../../lib/walk-through/view/view';
import { fleetWith } from '../../support/demo-fleet';

const fleet = fleetWith();
const [car1, car2] = fleet.cars;
const [subscriber2A, subscriber2B, consumer3] = fleet.subscribers;
const messages = {
  a: '{"ID": "car1", "speed": "75"}',
  b: '{"ID": "car2", "speed": "77"}',
  c: '{"odometer": 123456789}',
};

const published = (device: typeof car1, message: string): WalkThroughEvent => ({ type: 'published', device, message });
const delivered = (device: Device, message: string): WalkThroughEvent => {
  return { type: 'delivered', device, message, topic: fleet.topic };
};
const refusals = forbiddenAttempts(fleet).map((attempt): WalkThroughEvent => {
  return {
    type: 'tried',
    attempt,
    outcome: { refused: true, answer: attempt.kind === 'forge' ? 'connection closed' : 'SUBACK 0x87' },
  };
});

const good: WalkThroughEvent[] = [
  ...fleet.devices.map((device): WalkThroughEvent => ({ type: 'connected', device })),
  ...fleet.subscribers.map((device): WalkThroughEvent => ({ type: 'subscribed', device })),
  published(car1, messages.a),
  published(car2, messages.b),
  published(car1, messages.c),
  delivered(consumer3, messages.b),
  delivered(subscriber2B, messages.b),
  delivered(subscriber2A, messages.a),
  delivered(consumer3, messages.a),
  delivered(consumer3, messages.c),
  delivered(subscriber2B, messages.c),
  { type: 'settled' },
  ...refusals,
];

const bad: WalkThroughEvent[] = [
  published(car1, messages.a),
  published(car2, messages.b),
  delivered(subscriber2A, messages.a),
  delivered(consumer3, messages.b),
  { type: 'trouble', device: subscriber2B, problem: 'was disconnected: connection closed' },
  { type: 'settled' },
  ...refusals.slice(1),
  { type: 'tried', attempt: forbiddenAttempts(fleet)[0], outcome: { refused: false, reason: 'it was allowed' } },
];

function shown(
  events: readonly WalkThroughEvent[],
  { columns, color = false }: { columns?: number; color?: boolean } = {},
) {
  const lines: string[] = [];
  const run = { fleet, target: 'local', mqtt: 5, qos: 0 } as const;
  const view = viewOf({ run, write: (line) => lines.push(line), columns, color });
  const scoreboard = new Scoreboard(run);
  view.begin();
  for (const event of events) {
    scoreboard.record(event);
    view.listen(event);
  }
  view.end(scoreboard, scoreboard.result(0.91));
  return lines;
}

test('The lanes of a run that passes show its messages, refusals and verdict', () => {
  expect(shown(good, { columns: 80 }).join('\n')).toMatchInlineSnapshot(`
"
  cars/data on IoT Core Local on this machine, MQTT 5, QoS 0

  cars                      group2                          consumers
  ─────────────────────     ───────────────────────────     ─────────
  car1        car2          subscriber2A   subscriber2B     consumer3
              speed 77 ────────────────────●────────────────●
  speed 75 ─────────────────●───────────────────────────────●
  odometer… ───────────────────────────────●────────────────●

  ✓ 2 cars subscribing to the topic                  SUBACK 0x87
  ✓ 2 cars publishing to another topic               SUBACK 0x87
  ✓ 2 cars leaving a retained message                SUBACK 0x87
  ✓ 3 subscribers publishing to the topic            SUBACK 0x87
  ✓ 3 subscribers joining another group              SUBACK 0x87
  ✓ 3 subscribers subscribing to more than theirs    SUBACK 0x87
  ✓ 5 devices connecting under another's client id   SUBACK 0x87
  ✓ 1 client with another CA's certificate           connection closed

  Pass. 3 messages sent, all 21 forbidden attempts refused, 0.9 s in all.
  group2 got each message exactly once: subscriber2A 1, subscriber2B 2.
  consumer3 got every message.

  Next:
  npm run local          IoT Core Local alone, for the blog's five terminals
  npx cdk deploy --all   the same fleet on AWS IoT Core
"
`);
});

test('The lanes of a run that fails show what is missing', () => {
  expect(shown(bad, { columns: 80 }).join('\n')).toMatchInlineSnapshot(`
"
  cars/data on IoT Core Local on this machine, MQTT 5, QoS 0

  cars                      group2                          consumers
  ─────────────────────     ───────────────────────────     ─────────
  car1        car2          subscriber2A   subscriber2B     consumer3
  speed 75 ─────────────────●───────────────────────────────×
              speed 77 ─────×──────────────×────────────────●

  ✓ 1 car subscribing to the topic                   SUBACK 0x87
  ✓ 2 cars publishing to another topic               SUBACK 0x87
  ✓ 2 cars leaving a retained message                SUBACK 0x87
  ✓ 3 subscribers publishing to the topic            SUBACK 0x87
  ✓ 3 subscribers joining another group              SUBACK 0x87
  ✓ 3 subscribers subscribing to more than theirs    SUBACK 0x87
  ✓ 5 devices connecting under another's client id   SUBACK 0x87
  ✓ 1 client with another CA's certificate           connection closed

  Fail. 2 messages sent, 20 of 21 forbidden attempts refused, 0.9 s in all.
  ✗ group2 did not get {"ID": "car2", "speed": "77"}.
  ✗ consumer3 did not get {"ID": "car1", "speed": "75"}.
  ✗ subscriber2B was disconnected: connection closed.
  ✗ car1 subscribing to cars/data was not refused: it was allowed.
"
`);
});

test('The plain lines of a run that passes have a line for each event', () => {
  expect(shown(good).join('\n')).toMatchInlineSnapshot(`
"cars/data on IoT Core Local on this machine, MQTT 5, QoS 0
car1 connected as car1
car2 connected as car2
subscriber2A connected as subscriber2a-sub
subscriber2B connected as subscriber2b-sub
consumer3 connected as consumer3-sub
subscriber2A subscribed to $share/group2/cars/data
subscriber2B subscribed to $share/group2/cars/data
consumer3 subscribed to cars/data
car1 published {"ID": "car1", "speed": "75"}
car2 published {"ID": "car2", "speed": "77"}
car1 published {"odometer": 123456789}
consumer3 got {"ID": "car2", "speed": "77"}
subscriber2B got {"ID": "car2", "speed": "77"}
subscriber2A got {"ID": "car1", "speed": "75"}
consumer3 got {"ID": "car1", "speed": "75"}
consumer3 got {"odometer": 123456789}
subscriber2B got {"odometer": 123456789}
car1 subscribing to cars/data: refused (SUBACK 0x87)
car1 publishing to cars/x: refused (SUBACK 0x87)
car1 retaining a message on cars/data: refused (SUBACK 0x87)
car2 subscribing to cars/data: refused (SUBACK 0x87)
car2 publishing to cars/x: refused (SUBACK 0x87)
car2 retaining a message on cars/data: refused (SUBACK 0x87)
subscriber2A publishing to cars/data: refused (SUBACK 0x87)
subscriber2A subscribing to $share/not-group2/cars/data: refused (SUBACK 0x87)
subscriber2A subscribing to cars/data: refused (SUBACK 0x87)
subscriber2B publishing to cars/data: refused (SUBACK 0x87)
subscriber2B subscribing to $share/not-group2/cars/data: refused (SUBACK 0x87)
subscriber2B subscribing to cars/data: refused (SUBACK 0x87)
consumer3 publishing to cars/data: refused (SUBACK 0x87)
consumer3 subscribing to $share/group2/cars/data: refused (SUBACK 0x87)
consumer3 subscribing to #: refused (SUBACK 0x87)
consumer3 connecting as car1: refused (SUBACK 0x87)
car1 connecting as car2: refused (SUBACK 0x87)
car2 connecting as subscriber2a-sub: refused (SUBACK 0x87)
subscriber2A connecting as subscriber2b-sub: refused (SUBACK 0x87)
subscriber2B connecting as consumer3-sub: refused (SUBACK 0x87)
A client with another CA's certificate connecting as car1: refused (connection closed)
Pass. 3 messages sent, all 21 forbidden attempts refused, 0.9 s in all.
group2 got each message exactly once: subscriber2A 1, subscriber2B 2.
consumer3 got every message.
Next:
npm run local          IoT Core Local alone, for the blog's five terminals
npx cdk deploy --all   the same fleet on AWS IoT Core"
`);
});

test('The plain lines of a run that fails name each problem', () => {
  expect(shown(bad).join('\n')).toMatchInlineSnapshot(`
"cars/data on IoT Core Local on this machine, MQTT 5, QoS 0
car1 published {"ID": "car1", "speed": "75"}
car2 published {"ID": "car2", "speed": "77"}
subscriber2A got {"ID": "car1", "speed": "75"}
consumer3 got {"ID": "car2", "speed": "77"}
subscriber2B was disconnected: connection closed
car1 publishing to cars/x: refused (SUBACK 0x87)
car1 retaining a message on cars/data: refused (SUBACK 0x87)
car2 subscribing to cars/data: refused (SUBACK 0x87)
car2 publishing to cars/x: refused (SUBACK 0x87)
car2 retaining a message on cars/data: refused (SUBACK 0x87)
subscriber2A publishing to cars/data: refused (SUBACK 0x87)
subscriber2A subscribing to $share/not-group2/cars/data: refused (SUBACK 0x87)
subscriber2A subscribing to cars/data: refused (SUBACK 0x87)
subscriber2B publishing to cars/data: refused (SUBACK 0x87)
subscriber2B subscribing to $share/not-group2/cars/data: refused (SUBACK 0x87)
subscriber2B subscribing to cars/data: refused (SUBACK 0x87)
consumer3 publishing to cars/data: refused (SUBACK 0x87)
consumer3 subscribing to $share/group2/cars/data: refused (SUBACK 0x87)
consumer3 subscribing to #: refused (SUBACK 0x87)
consumer3 connecting as car1: refused (SUBACK 0x87)
car1 connecting as car2: refused (SUBACK 0x87)
car2 connecting as subscriber2a-sub: refused (SUBACK 0x87)
subscriber2A connecting as subscriber2b-sub: refused (SUBACK 0x87)
subscriber2B connecting as consumer3-sub: refused (SUBACK 0x87)
A client with another CA's certificate connecting as car1: refused (connection closed)
car1 subscribing to cars/data: NOT REFUSED: it was allowed
Fail. 2 messages sent, 20 of 21 forbidden attempts refused, 0.9 s in all.
✗ group2 did not get {"ID": "car2", "speed": "77"}.
✗ consumer3 did not get {"ID": "car1", "speed": "75"}.
✗ subscriber2B was disconnected: connection closed.
✗ car1 subscribing to cars/data was not refused: it was allowed."
`);
});

test('No line is wider than the terminal', () => {
  for (const line of [...shown(good, { columns: 80 }), ...shown(bad, { columns: 80 })])
    expect(line.length).toBeLessThanOrEqual(80);
});

test('A terminal that is too narrow for the lanes gets plain lines', () => {
  expect(shown(good, { columns: 60 })).toEqual(shown(good));
});

test('A message is drawn when it has arrived everywhere, not before', () => {
  const rows = (count: number) =>
    shown(good.slice(0, count), { columns: 80 }).filter((line) => line.includes('●')).length;
  const first = good.findIndex(({ type }) => type === 'delivered');
  expect([rows(first + 1), rows(first + 2), rows(first + 3), rows(first + 4)]).toEqual([0, 1, 1, 2]);
});

test('Color adds escape sequences and changes nothing else', () => {
  const escapes = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
  const plain = shown(good, { columns: 80 }).join('\n');
  const colored = shown(good, { columns: 80, color: true }).join('\n');
  expect(plain).not.toMatch(escapes);
  expect(colored).toMatch(escapes);
  expect(colored.replace(escapes, '')).toBe(plain);
});

test.each<[string, { isTTY?: boolean }, NodeJS.ProcessEnv, boolean]>([
  ['a terminal', { isTTY: true }, {}, true],
  ['a pipe', {}, {}, false],
  ['a terminal with NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, false],
  ['a terminal with an empty NO_COLOR', { isTTY: true }, { NO_COLOR: '' }, true],
  ['a dumb terminal', { isTTY: true }, { TERM: 'dumb' }, false],
])('Color is right for %s', (_, stream, env, color) => {
  expect(wantsColor(stream, env)).toBe(color);
});
