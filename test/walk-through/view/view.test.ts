import type { Device } from '../../../lib/fleet/fleet';
import { forbiddenAttempts } from '../../../lib/walk-through/attempts';
import type { WalkThroughEvent } from '../../../lib/walk-through/events';
import { Scoreboard } from '../../../lib/walk-through/scoreboard';
import type { Terminal } from '../../../lib/walk-through/view/terminal';
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

/** Stands for the events with which counting ends; they depend on what was counted. */
const settled: WalkThroughEvent = { type: 'settled', received: [] };

const publishing: WalkThroughEvent = { type: 'publishing', count: 3 };

const good: WalkThroughEvent[] = [
  ...fleet.devices.map((device): WalkThroughEvent => ({ type: 'connected', device })),
  ...fleet.subscribers.map((device): WalkThroughEvent => ({ type: 'subscribed', device })),
  publishing,
  published(car1, messages.a),
  published(car2, messages.b),
  published(car1, messages.c),
  delivered(consumer3, messages.b),
  delivered(subscriber2B, messages.b),
  delivered(subscriber2A, messages.a),
  delivered(consumer3, messages.a),
  delivered(consumer3, messages.c),
  delivered(subscriber2B, messages.c),
  settled,
  ...refusals,
];

const bad: WalkThroughEvent[] = [
  publishing,
  published(car1, messages.a),
  published(car2, messages.b),
  delivered(subscriber2A, messages.a),
  delivered(consumer3, messages.b),
  { type: 'trouble', device: subscriber2B, problem: 'was disconnected: connection closed' },
  settled,
  ...refusals.slice(1),
  { type: 'tried', attempt: forbiddenAttempts(fleet)[0], outcome: { refused: false, reason: 'it was allowed' } },
];

interface Shown extends Partial<Terminal> {
  readonly isVerbose?: boolean;
  readonly fleetFile?: string;
  readonly of?: typeof fleet;
}

/** The lines that a person sees of these events, and of those that follow from them. */
function shown(events: readonly WalkThroughEvent[], { isVerbose, fleetFile, of = fleet, ...terminal }: Shown = {}) {
  const lines: string[] = [];
  const caption = 'Look at the messages.';
  const run = { scenario: 'shared', caption, fleet: of, target: 'local', mqtt: 5, qos: 0 } as const;
  const write = (line: string) => lines.push(line);
  const shownOn = { color: false, unicode: true, ...terminal };
  const view = viewOf({ run, write, terminal: shownOn, isVerbose, fleetFile, now: () => 0 });
  const scoreboard = new Scoreboard(run);
  view.begin();
  for (const event of events) {
    if (event === settled) {
      for (const published of scoreboard.unfinished) view.listen({ type: 'missed', published });
      view.listen({ type: 'settled', received: scoreboard.shares });
      continue;
    }
    const published = scoreboard.record(event);
    view.listen(event);
    if (published) view.listen({ type: 'completed', published });
  }
  view.end(scoreboard, scoreboard.result(0.91));
  return lines;
}

test('The lanes of a run that passes show its messages, refusals and verdict', () => {
  expect(shown(good, { columns: 80 }).join('\n')).toMatchInlineSnapshot(`
"
  cars/data on IoT Core Local on this machine, MQTT 5, QoS 0
  Look at the messages.

  cars                      group2                          consumers
  ─────────────────────     ───────────────────────────     ─────────
  car1        car2          subscriber2A   subscriber2B     consumer3
  speed 75 ─────────────────●───────────────────────────────●
              speed 77 ────────────────────●────────────────●
  odometer… ───────────────────────────────●────────────────●

  ✓ 2 cars subscribing to the topic                  SUBACK 0x87
  ✓ 2 cars publishing to another topic               SUBACK 0x87
  ✓ 2 cars leaving a retained message                SUBACK 0x87
  ✓ 3 subscribers publishing to the topic            SUBACK 0x87
  ✓ 5 devices joining another group                  SUBACK 0x87
  ✓ 2 members subscribing without their group        SUBACK 0x87
  ✓ 3 subscribers subscribing to more than theirs    SUBACK 0x87
  ✓ 28 subscriptions with + or #                     SUBACK 0x87
  ✓ 5 devices connecting under another's client id   SUBACK 0x87
  ✓ 5 devices connecting under nobody's client id    SUBACK 0x87
  ✓ 1 client with another CA's certificate           connection closed

  Pass. 3 messages sent, all 58 forbidden attempts refused, 0.9 s in all.
  group2 got each message exactly once: subscriber2A 1, subscriber2B 2.
  consumer3 got every message.

  Next:
  npm start -- --scenario list  what else there is to see
  npm run local                 for clients of your own
  npx cdk deploy --all          the fleet of cdk.json on AWS
"
`);
});

test('The lanes of a run that fails show what is missing', () => {
  expect(shown(bad, { columns: 80 }).join('\n')).toMatchInlineSnapshot(`
"
  cars/data on IoT Core Local on this machine, MQTT 5, QoS 0
  Look at the messages.

  cars                      group2                          consumers
  ─────────────────────     ───────────────────────────     ─────────
  car1        car2          subscriber2A   subscriber2B     consumer3
  speed 75 ─────────────────●───────────────────────────────×
              speed 77 ─────×──────────────×────────────────●

  ✓ 1 car subscribing to the topic                   SUBACK 0x87
  ✓ 2 cars publishing to another topic               SUBACK 0x87
  ✓ 2 cars leaving a retained message                SUBACK 0x87
  ✓ 3 subscribers publishing to the topic            SUBACK 0x87
  ✓ 5 devices joining another group                  SUBACK 0x87
  ✓ 2 members subscribing without their group        SUBACK 0x87
  ✓ 3 subscribers subscribing to more than theirs    SUBACK 0x87
  ✓ 28 subscriptions with + or #                     SUBACK 0x87
  ✓ 5 devices connecting under another's client id   SUBACK 0x87
  ✓ 5 devices connecting under nobody's client id    SUBACK 0x87
  ✓ 1 client with another CA's certificate           connection closed

  Fail. 2 messages sent, 57 of 58 forbidden attempts refused, 0.9 s in all.
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
Look at the messages.
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
✓ 2 cars subscribing to the topic                  SUBACK 0x87
✓ 2 cars publishing to another topic               SUBACK 0x87
✓ 2 cars leaving a retained message                SUBACK 0x87
✓ 3 subscribers publishing to the topic            SUBACK 0x87
✓ 5 devices joining another group                  SUBACK 0x87
✓ 2 members subscribing without their group        SUBACK 0x87
✓ 3 subscribers subscribing to more than theirs    SUBACK 0x87
✓ 28 subscriptions with + or #                     SUBACK 0x87
✓ 5 devices connecting under another's client id   SUBACK 0x87
✓ 5 devices connecting under nobody's client id    SUBACK 0x87
✓ 1 client with another CA's certificate           connection closed
Pass. 3 messages sent, all 58 forbidden attempts refused, 0.9 s in all.
group2 got each message exactly once: subscriber2A 1, subscriber2B 2.
consumer3 got every message.
Next:
npm start -- --scenario list  what else there is to see
npm run local                 for clients of your own
npx cdk deploy --all          the fleet of cdk.json on AWS"
`);
});

test('The plain lines of a run that fails name each problem', () => {
  expect(shown(bad).join('\n')).toMatchInlineSnapshot(`
"cars/data on IoT Core Local on this machine, MQTT 5, QoS 0
Look at the messages.
car1 published {"ID": "car1", "speed": "75"}
car2 published {"ID": "car2", "speed": "77"}
subscriber2A got {"ID": "car1", "speed": "75"}
consumer3 got {"ID": "car2", "speed": "77"}
subscriber2B was disconnected: connection closed
car1 subscribing to cars/data: NOT REFUSED: it was allowed
✓ 1 car subscribing to the topic                   SUBACK 0x87
✓ 2 cars publishing to another topic               SUBACK 0x87
✓ 2 cars leaving a retained message                SUBACK 0x87
✓ 3 subscribers publishing to the topic            SUBACK 0x87
✓ 5 devices joining another group                  SUBACK 0x87
✓ 2 members subscribing without their group        SUBACK 0x87
✓ 3 subscribers subscribing to more than theirs    SUBACK 0x87
✓ 28 subscriptions with + or #                     SUBACK 0x87
✓ 5 devices connecting under another's client id   SUBACK 0x87
✓ 5 devices connecting under nobody's client id    SUBACK 0x87
✓ 1 client with another CA's certificate           connection closed
Fail. 2 messages sent, 57 of 58 forbidden attempts refused, 0.9 s in all.
✗ group2 did not get {"ID": "car2", "speed": "77"}.
✗ consumer3 did not get {"ID": "car1", "speed": "75"}.
✗ subscriber2B was disconnected: connection closed.
✗ car1 subscribing to cars/data was not refused: it was allowed."
`);
});

test('No line is wider than the terminal', () => {
  for (const line of [...shown(good, { columns: 80 }), ...shown(bad, { columns: 80 })]) {
    expect(line.length).toBeLessThanOrEqual(80);
  }
});

test('Every line fits a terminal of 50 and of 20 columns', () => {
  for (const columns of [50, 20]) {
    for (const line of [...shown(good, { columns }), ...shown(bad, { columns })]) {
      expect([...line].length).toBeLessThanOrEqual(columns);
    }
  }
});

test('A terminal that is too narrow for the lanes gets plain lines, wrapped', () => {
  const characters = (lines: string[]) => lines.join('').replace(/[\s()]/g, '');
  expect(characters(shown(good, { columns: 30 }))).toBe(characters(shown(good)));
});

test('A message is drawn when it has arrived everywhere, and not before the messages that were published earlier', () => {
  const rows = (count: number) =>
    shown(good.slice(0, count), { columns: 80 }).filter((line) => line.includes('●')).length;
  const first = good.findIndex(({ type }) => type === 'delivered');
  // The second message is complete first. It waits for the first one.
  expect([rows(first + 1), rows(first + 2), rows(first + 3), rows(first + 4)]).toEqual([0, 0, 0, 2]);
});

test('The rows are in the order of publication when deliveries come in bursts', () => {
  const texts = Array.from({ length: 9 }, (_, index) => `{"ID": "car1", "speed": "${10 + index}"}`);
  const odd = texts.filter((_, index) => index % 2 === 1);
  const even = texts.filter((_, index) => index % 2 === 0);
  const events = [
    ...texts.map((text) => published(car1, text)),
    ...odd.map((text) => delivered(subscriber2A, text)),
    ...texts.map((text) => delivered(consumer3, text)),
    ...even.map((text) => delivered(subscriber2B, text)),
    settled,
  ];
  const speeds = shown(events, { columns: 80 }).flatMap((line) => line.match(/speed (\d+)/)?.[1] ?? []);
  expect(speeds.map(Number)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18]);
});

test('A message that a member holds and another gets has a mark for each', () => {
  const events: WalkThroughEvent[] = [
    publishing,
    published(car1, messages.a),
    { type: 'held', device: subscriber2A, message: messages.a },
    delivered(subscriber2B, messages.a),
    delivered(consumer3, messages.a),
    settled,
  ];
  const row = shown(events, { columns: 80 }).find((line) => line.includes('speed 75'));
  expect(row).toBe('  speed 75 ─────────────────○──────────────●────────────────●');
});

/** 80 messages, which are too many for a row each. */
function manyMessages(): WalkThroughEvent[] {
  const texts = Array.from({ length: 80 }, (_, index) => `{"ID": "car1", "speed": "${index}"}`);
  return [
    { type: 'publishing', count: texts.length },
    ...texts.flatMap((text, index) => [
      published(car1, text),
      delivered(index % 4 === 0 ? subscriber2A : subscriber2B, text),
      delivered(consumer3, text),
    ]),
    settled,
  ];
}

test('With more than 60 messages the first 20 are drawn, and then a bar for each subscriber', () => {
  const lines = shown(manyMessages(), { columns: 80 });
  expect(lines.filter((line) => line.includes('●'))).toHaveLength(20);
  expect(lines.filter((line) => line.includes('█') || line.includes('of 80'))).toEqual([
    '  The first 20 of 80 messages. All of them, by subscriber:',
    `  subscriber2A ${'█'.repeat(10)} 20`,
    `  subscriber2B ${'█'.repeat(30)} 60`,
    `  consumer3    ${'█'.repeat(40)} 80`,
  ]);
});

test('The bars of many messages and their title fit a terminal of 40 columns', () => {
  const lines = shown(manyMessages(), { columns: 40 });
  expect(lines.some((line) => line.startsWith('  The first 20 of 80 messages.'))).toBe(true);
  expect(lines.filter((line) => line.length > 40)).toEqual([]);
});

test("The blog post's figure has lanes in 80 columns, with short names", () => {
  const figure = fleetWith({
    groups: { group1: ['subscriber1A', 'subscriber1B'], group2: ['subscriber2A', 'subscriber2B'] },
  });
  const [car] = figure.cars;
  const to = (thingName: string) => figure.devices.find((device) => device.thingName === thingName)!;
  const events = [
    publishing,
    published(car, messages.a),
    ...['subscriber1B', 'subscriber2A', 'consumer3'].map((name) => delivered(to(name), messages.a)),
    settled,
  ];
  expect(shown(events, { of: figure, columns: 80 }).slice(4, 8).join('\n')).toMatchInlineSnapshot(`
"  cars             group1   group2   consumers
  ──────────────   ──────   ──────   ─────────
                   1A  1B   2A  2B   consumer3
  car1 speed 75 ───────●────●────────●"
`);
});

test('Short names keep their digits, and a single consumer its whole name', () => {
  const head = shown([publishing], { columns: 50 }).find((line) => line.includes('consumer3'));
  expect(head?.trim().split(/ +/)).toEqual(['2A', '2B', 'consumer3']);
});

test('Ten cars, three groups of four and three consumers have lanes in 100 columns', () => {
  const of = fleetWith({
    cars: Array.from({ length: 10 }, (_, index) => `car${index + 1}`),
    groups: Object.fromEntries(
      [1, 2, 3].map((group) => [`group${group}`, ['A', 'B', 'C', 'D'].map((member) => `subscriber${group}${member}`)]),
    ),
    consumers: ['consumer1', 'consumer2', 'consumer3'],
  });
  expect(shown([publishing], { of, columns: 100 }).slice(4, 7).join('\n')).toMatchInlineSnapshot(`
"  cars              group1           group2           group3           consumers
  ───────────────   ──────────────   ──────────────   ──────────────   ─────────
                    1A  1B  1C  1D   2A  2B  2C  2D   3A  3B  3C  3D   1  2  3"
`);
});

test('A large fleet shows at each tenth how many devices are connected, on a terminal and off it', () => {
  const of = fleetWith({ cars: Array.from({ length: 97 }, (_, index) => `car${index}`) });
  const events = of.devices.map((device): WalkThroughEvent => ({ type: 'connected', device }));
  for (const columns of [80, undefined]) {
    const lines = shown(events, { of, columns }).filter((line) => line.includes('connected'));
    expect(lines.map((line) => line.trim())).toEqual(
      [10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map((count) => `${count} of 100 devices are connected`),
    );
  }
});

test('Without Unicode every line is ASCII, with the same columns', () => {
  for (const columns of [80, 50, undefined]) {
    const lines = shown(bad, { columns });
    const ascii = shown(bad, { columns, unicode: false });
    expect(ascii.join('')).toMatch(/^\p{ASCII}*$/u);
    expect(ascii.map(({ length }) => length)).toEqual(lines.map(({ length }) => length));
  }
});

test('Control characters in a message do not reach the terminal', () => {
  const text = '"\u009b2Jgone"';
  for (const columns of [80, undefined]) {
    const lines = shown([published(car1, text)], { columns });
    expect(lines.join('\n')).not.toContain('\u009b');
  }
});

test('Verbose output has a line for each refused attempt instead of one for each kind', () => {
  const text = shown(good, { columns: 80, isVerbose: true }).join('\n');
  expect(text.match(/:\s+refused\s+\(/g)).toHaveLength(refusals.length);
  expect(text).not.toContain('✓');
});

test('Color adds escape sequences and changes nothing else', () => {
  const escapes = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
  const plain = shown(good, { columns: 80 }).join('\n');
  const colored = shown(good, { columns: 80, color: true }).join('\n');
  expect(plain).not.toMatch(escapes);
  expect(colored).toMatch(escapes);
  expect(colored.replace(escapes, '')).toBe(plain);
});

test.each([undefined, 80])(
  'After a run of another fleet, the next commands serve that fleet and deploy the one of cdk.json (columns: %s)',
  (columns) => {
    const text = shown(good, { columns, fleetFile: 'my fleet/buses.json' }).join('\n');
    expect(text).toContain("npm run local -- --fleet 'my fleet/buses.json'  for clients of your own");
    expect(text).toMatch(/npx cdk deploy --all +the fleet of cdk\.json on AWS$/m);
  },
);
