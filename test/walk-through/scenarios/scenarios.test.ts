import { join } from 'node:path';
import type { Target } from '../../../lib/devices/device-folder';
import { MessageBroker } from '../../../lib/iot-core-local/broker/message-broker';
import { RoutingTable } from '../../../lib/iot-core-local/broker/routing-table';
import { SharedSubscription } from '../../../lib/iot-core-local/broker/shared-subscription';
import { Authorizer } from '../../../lib/iot-core-local/registry/authorizer';
import { type LocalFleet, startLocalFleet } from '../../../lib/targets/local-fleet';
import type { WalkThroughEvent } from '../../../lib/walk-through/events';
import { castOf, type Scenario } from '../../../lib/walk-through/scenario';
import { scenarios } from '../../../lib/walk-through/scenarios/scenarios';
import { WalkThrough, type WalkThroughProps } from '../../../lib/walk-through/walk-through';
import { fleetWith } from '../../support/demo-fleet';
import { FakeClock } from '../../support/fake-clock';
import { FastClock } from '../../support/fast-clock';
import { temporaryFolder } from '../../support/temporary-folder';

const root = temporaryFolder();
const log: string[] = [];
const deployed = new Map<string, LocalFleet>();

/** The fleet of a scenario on an IoT Core Local of its own, which scenarios with the same fleet share. */
async function fleetOf(scenario: Scenario): Promise<LocalFleet> {
  const cast = scenario.cast(castOf(fleetWith()), { isDeployed: false });
  const key = JSON.stringify(cast);
  const known = deployed.get(key);
  if (known) return known;
  const devicesRoot = join(root, String(deployed.size));
  const context = { fleet: cast };
  const started = await startLocalFleet({ port: 0, devicesRoot, context, log: ({ message }) => log.push(message) });
  deployed.set(key, started);
  return started;
}

afterEach(() => jest.restoreAllMocks());
afterAll(() => Promise.all([...deployed.values()].map(({ core }) => core.stop())));

/** The run of a scenario on this machine under MQTT 5, which several tests look at. */
function localRun(name: string) {
  const run = localRuns.get(name) ?? play(named(name), { ...fast, ...fewerMessages(name) });
  localRuns.set(name, run);
  return run;
}

const localRuns = new Map<string, ReturnType<typeof play>>();

/** With this number all messages that wait come at once, and not in two seconds. */
function fewerMessages(name: string): Partial<WalkThroughProps> {
  return name === 'offline' ? { messages: 4 } : {};
}

async function play(scenario: Scenario, options: Partial<WalkThroughProps> = {}) {
  const { core, fleet, folders } = await fleetOf(scenario);
  const events: WalkThroughEvent[] = [];
  const props = { scenario, fleet, folders, endpoint: core, target: 'local' as Target, mqtt: 5, ...options } as const;
  const walkThrough = new WalkThrough({ qos: scenario.qos ?? 1, ...props });
  const scoreboard = await walkThrough.play((event) => {
    events.push(event);
    options.onEvent?.(event);
  });
  return { ...scoreboard.result(0), events };
}

function named(name: string): Scenario {
  return scenarios.find((scenario) => scenario.name === name)!;
}

/** Six times as fast as real time. */
const fast = { clock: new FastClock(6), answerTimeout: 60_000 };

/** A clock whose time passes when a step has been taken whose sentence has these words, as no more messages come then. */
function timePassesAfter(words: string) {
  const clock = new FakeClock();
  let isOver = false;
  const pass = () => {
    clock.pass(100);
    if (!isOver) setImmediate(pass);
  };
  const onEvent = (event: WalkThroughEvent) => {
    if (event.type === 'step' && event.sentence.includes(words)) setImmediate(pass);
    if (event.type === 'settled') isOver = true;
  };
  return { clock, onEvent };
}

/** Changes a private method of a class of the broker. */
function change<T extends object>(
  type: { prototype: T },
  method: string,
  to: (this: never, ...args: never[]) => unknown,
) {
  jest.spyOn(type.prototype as Record<string, () => unknown>, method).mockImplementation(to as () => unknown);
}

/** The parts of a group that a changed method uses. */
interface Group {
  readonly members: { session: { deliver(message: unknown, member: unknown): boolean } }[];
  readonly connected: number;
}

const versions = scenarios.flatMap((scenario) =>
  ([5, 3] as const).map((mqtt) => ({ scenario, name: scenario.name, mqtt })),
);
const possible = versions.filter(({ scenario, mqtt }) => !scenario.mqtt || scenario.mqtt === mqtt);

test.each(possible)('The scenario $name passes on this machine under MQTT $mqtt', async ({ scenario, name, mqtt }) => {
  const { problems, verdict, published } =
    mqtt === 5 ? await localRun(name) : await play(scenario, { mqtt, ...fast, ...fewerMessages(name) });
  expect(problems).toEqual([]);
  expect(verdict).toBe('pass');
  expect(published > 0).toBe(scenario.name !== 'policies');
});

test.each(possible)(
  "The scenario $name passes with AWS's pacing under MQTT $mqtt",
  async ({ scenario, name, mqtt }) => {
    const aws = { target: 'aws', clock: new FakeClock() } as const;
    const { problems, verdict, target } = await play(scenario, { mqtt, ...aws, ...fewerMessages(name) });
    expect(problems).toEqual([]);
    expect({ verdict, target }).toEqual({ verdict: 'pass', target: 'aws' });
  },
);

test('Each scenario has a caption of one sentence', () => {
  for (const { caption } of scenarios) expect(caption).toMatch(/^[A-Z][^.]+\.$/);
});

describe('The scenario failover', () => {
  test('The scenario failover says how many messages came again, and to whom', async () => {
    const { remarks, events } = await localRun('failover');
    expect(remarks).toContainEqual(
      expect.stringMatching(/^subscriber2A had not acknowledged (\d+) messages?; \1 came again \(subscriber2B \1\)\.$/),
    );
    expect(events).toContainEqual(expect.objectContaining({ type: 'held' }));
  });

  const withoutHandOver = () => change(MessageBroker, 'handOver', () => {});

  test('The scenario failover fails without a hand-over', async () => {
    withoutHandOver();
    const { problems, verdict } = await play(named('failover'), timePassesAfter('is cut off'));
    expect(verdict).toBe('fail');
    expect(problems).toEqual([
      expect.stringMatching(/^group2 did not get /),
      expect.stringMatching(/^subscriber2A had not acknowledged \d+ messages?; 0 came again\.$/),
    ]);
  });

  test('The scenario failover reports a missing hand-over on AWS, which does not promise one, and passes', async () => {
    withoutHandOver();
    const { remarks, groups, verdict } = await play(named('failover'), {
      target: 'aws',
      ...timePassesAfter('is cut off'),
    });
    expect(groups.group2.lost).toBeGreaterThan(0);
    expect(remarks[0]).toMatch(/; 0 came again\.$/);
    expect(verdict).toBe('pass');
  });
});

describe('The scenario slow', () => {
  test('The scenario slow shows the shares of the members, and the time of the group beside that of the consumer', async () => {
    const { measured } = await localRun('slow');
    const [shares, times] = measured;
    expect(shares.values.subscriber2A + shares.values.subscriber2B).toBe(12);
    expect(times.values.group2).toBeGreaterThan(0);
    // Twelve messages, each 300 ms.
    expect(times.values.consumer3).toBeGreaterThan(3.5);
  });

  const waitedForSlow = expect.stringMatching(
    /^\d+ messages? waited for subscriber2A while another member was free\.$/,
  );

  /** The slow member works for 150 ms, so that a message comes meanwhile on a busy machine too. */
  const twice = { clock: new FastClock(2), answerTimeout: 60_000 };

  /** Changes how a group's receiver is picked, also once a second, when a group gives waiting messages to a member with room. */
  function pickBy(pick: (this: Group) => unknown): void {
    change(SharedSubscription, 'pick', pick);
    change(SharedSubscription, 'tick', () => {});
  }

  const onlyToSlow = () =>
    pickBy(function (this: Group) {
      return this.members[0];
    });

  test('The scenario slow fails if all messages go to the slow member', async () => {
    onlyToSlow();
    const { problems } = await play(named('slow'), { ...twice, messages: 2 });
    expect(problems).toEqual([waitedForSlow]);
  });

  test('The scenario slow passes if the slow member is done before the next message comes, however long the group takes', async () => {
    onlyToSlow();
    const { problems, measured } = await play(named('slow'), { ...fast, messages: 1, pace: 3_000 });
    expect(problems).toEqual([]);
    expect(measured[0].values).toEqual({ subscriber2A: 2, subscriber2B: 0 });
  });

  test('The scenario slow fails if the broker does not choose a member that has room', async () => {
    let turn = 0;
    pickBy(function (this: Group) {
      return this.members[turn++ % this.connected];
    });
    const { problems, verdict } = await play(named('slow'), { ...twice, messages: 3, pace: 0 });
    expect(verdict).toBe('fail');
    expect(problems).toEqual([waitedForSlow]);
  });
});

describe('The scenario scale', () => {
  test('The scenario scale shows the shares at each step, and the throughput of each number of members', async () => {
    const { measured } = await localRun('scale');
    const sums = measured.slice(0, 3).map(({ values }) => Object.values(values).reduce((sum, value) => sum + value, 0));
    expect(measured.slice(0, 3).map(({ values }) => Object.keys(values).length)).toEqual([1, 2, 4]);
    expect(sums).toEqual([24, 24, 24]);
    expect(Object.keys(measured[3].values)).toEqual(['1 member', '2 members', '4 members']);
  });

  test('The scenario scale fails if members that join get no messages, and so one member works alone', async () => {
    let turn = 0;
    change(SharedSubscription, 'pick', function (this: Group) {
      // Two members share the work. With four, one of them does all of it.
      return this.members[this.connected === 2 ? turn++ % 2 : 0];
    });
    // Otherwise a second that passes gives waiting messages to the others.
    change(SharedSubscription, 'tick', () => {});
    const { problems, verdict } = await play(named('scale'), fast);
    expect(verdict).toBe('fail');
    expect(problems).toContainEqual(expect.stringMatching(/^With 4 members, .* got no message\.$/));
    expect(problems).toContainEqual(
      expect.stringMatching(/with 4 members, of which up to 1 worked at the same time\.$/),
    );
  });
});

describe('The scenario offline', () => {
  test('The scenario offline fails if nothing waits for a group whose members are away', async () => {
    change(SharedSubscription, 'store', () => {});
    const { problems, verdict } = await play(named('offline'), timePassesAfter('returns'));
    expect(verdict).toBe('fail');
    expect(problems).toEqual([
      expect.stringMatching(/^group2 did not get /),
      expect.stringMatching(/^0 of 24 messages that waited came to subscriber2A /),
    ]);
  });

  test('The scenario offline leaves no session behind', async () => {
    const scenario = named('offline');
    const { core } = await fleetOf(scenario);
    const broker = (core as unknown as { services: { gateway: { context: { broker: MessageBroker } } } }).services
      .gateway.context.broker;
    await localRun('offline');
    expect(broker.findSession('subscriber2a-sub')).toBeUndefined();
  });
});

describe('The scenarios of the figures', () => {
  test('The scenario figure fails if a group gives a message to all of its members', async () => {
    change(SharedSubscription, 'dispatch', function (this: Group, ...[message]: never[]) {
      for (const member of this.members) member.session.deliver(message, member);
      return undefined;
    });
    const { problems, verdict } = await play(named('figure'), fast);
    expect(verdict).toBe('fail');
    expect(problems).toContainEqual(expect.stringMatching(/^group1 got .* more than once\.$/));
  });

  test('The scenario not-shared fails if a subscriber gets none of the messages', async () => {
    const route = RoutingTable.prototype.route;
    change(RoutingTable, 'route', function (this: RoutingTable, ...[topic]: never[]) {
      const { plain, ...rest } = route.call(this, topic);
      return { ...rest, plain: plain.slice(1) };
    });
    const clock = new FakeClock();
    let left = 12;
    const pass = () => {
      clock.pass(1000);
      if (left > -1) setImmediate(pass);
    };
    const onEvent = ({ type }: WalkThroughEvent) => {
      if (type === 'delivered' && --left === 0) setImmediate(pass);
      if (type === 'settled') left = -1;
    };
    const { problems, verdict } = await play(named('not-shared'), { clock, onEvent });
    expect(verdict).toBe('fail');
    expect(problems).toContain('6 messages made 12 deliveries: each of 3 subscribers should get all of them.');
  });

  test('The scenario figure has as many cars as the user wants', () => {
    const { cars } = named('figure').cast(castOf(fleetWith()), { isDeployed: false, cars: 10 });
    expect(cars).toHaveLength(10);
  });
});

describe('The scenario policies', () => {
  test('The scenario policies has a reason for each refused attempt where the target gives one', async () => {
    log.splice(0);
    const { events, denied } = await play(named('policies'), { takeReasons: () => log.splice(0), ...fast });
    const reasons = events.flatMap((event) => (event.type === 'tried' ? [event.reason] : []));
    expect(denied).toEqual({ tried: 58, refused: 58 });
    expect(reasons).toHaveLength(58);
    expect(reasons).not.toContain(undefined);
  });

  test('The scenario policies fails if the policies are not enforced', async () => {
    change(Authorizer, 'authorize', () => ({ allowed: true }));
    const { problems, denied, verdict } = await play(named('policies'), fast);
    expect(verdict).toBe('fail');
    expect(problems).toContain('car1 subscribing to cars/data was not refused: it was allowed.');
    expect(denied.refused).toBeLessThan(5);
  });
});

describe('A deployed fleet without the devices of a scenario', () => {
  const cast = (name: string, changes: object) => () => {
    return named(name).cast(castOf(fleetWith({ ...changes })), { isDeployed: true });
  };

  test.each([
    ['not-shared', {}, /needs a fleet without groups\. .* examples\/not-shared\.json/],
    ['figure', {}, /needs a fleet with two groups\. .* examples\/figure\.json/],
    ['failover', { groups: { group2: ['subscriber2A'] } }, /needs a group of at least two members/],
    ['slow', { consumers: [] }, /the fleet has no consumer/],
    ['scale', { groups: {} }, /needs a group of at least two members/],
    ['offline', { cars: [] }, /needs a car that publishes/],
    ['policies', { groups: {}, consumers: [] }, /needs a group or a consumer/],
  ])('A deployed fleet without the devices of a scenario is refused by %s', (name, changes, message) => {
    expect(cast(name, changes)).toThrow(message);
  });

  test('A deployed fleet without the devices of a scenario has a smaller group for scale, and no new devices', () => {
    expect(cast('scale', {})()).toEqual({
      topic: 'cars/data',
      cars: ['car1', 'car2'],
      groups: { group2: ['subscriber2A', 'subscriber2B'] },
      consumers: [],
    });
  });
});
