import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeviceFolder } from '../../lib/devices/device-folder';
import { foldersOf } from '../../lib/devices/folders';
import { enrollDevice } from '../../lib/enrollment/enrollment';
import type { Fleet } from '../../lib/fleet/fleet';
import { LocalIotCore } from '../../lib/iot-core-local/local-iot-core';
import { CertificateAuthority } from '../../lib/iot-core-local/registry/certificate-authority';
import { synthesizeFleet } from '../../lib/stacks/app';
import { RequestError } from '../../lib/walk-through/clients/client-failure';
import { DeviceClient } from '../../lib/walk-through/clients/device-client';
import type { WalkThroughEvent } from '../../lib/walk-through/events';
import { shared } from '../../lib/walk-through/scenarios/shared';
import { WalkThrough, type WalkThroughProps } from '../../lib/walk-through/walk-through';
import { demoContext } from '../support/demo-fleet';
import { FakeClock } from '../support/fake-clock';
import { temporaryFolder } from '../support/temporary-folder';

interface Statement {
  Effect: string;
  Action: string;
  Resource: unknown;
}

interface Template {
  Resources: Record<
    string,
    { Type: string; Properties: { PolicyName: string; PolicyDocument: { Statement: Statement[] } } }
  >;
}

interface Deployed {
  readonly fleet: Fleet;
  readonly folders: ReadonlyMap<string, DeviceFolder>;
  readonly core: LocalIotCore;
}

const devicesRoot = temporaryFolder();
const running: LocalIotCore[] = [];
let certificateAuthority: CertificateAuthority;

beforeAll(async () => {
  certificateAuthority = await CertificateAuthority.open(join(devicesRoot, 'authority'));
});

afterEach(() => Promise.all(running.splice(0).map((core) => core.stop())));

const syntheses = new Map<object, ReturnType<typeof synthesizeFleet>>();

/** A fleet and its template, synthesized once. */
function synthesized(fleetContext: object) {
  const context = { fleet: fleetContext };
  const synthesis =
    syntheses.get(fleetContext) ?? synthesizeFleet({ target: 'local', devicesRoot, context, withTeardown: false });
  syntheses.set(fleetContext, synthesis);
  return synthesis;
}

/** Deploys the fleet from the synthesized template, changed by `tamper`, to an IoT Core Local of its own. */
async function deploy(
  tamper: (template: Template) => void = () => {},
  fleetContext: object = demoContext,
): Promise<Deployed> {
  const { fleet, templates } = await synthesized(fleetContext);
  const template = structuredClone([...templates.values()][0]);
  tamper(template as Template);
  const core = await LocalIotCore.start({ port: 0, certificateAuthority });
  running.push(core);
  await core.deploy(template);
  const folders = foldersOf(fleet, devicesRoot, 'local');
  for (const folder of folders.values()) await enrollDevice(core, folder);
  return { fleet, folders, core };
}

/** Runs the walk-through. @returns its result and its events */
async function run({ fleet, folders, core }: Deployed, options: Partial<WalkThroughProps> = {}) {
  const events: WalkThroughEvent[] = [];
  const walkThrough = new WalkThrough({
    scenario: shared,
    fleet,
    folders,
    endpoint: core,
    target: 'local',
    mqtt: 5,
    qos: 0,
    ...options,
  });
  const scoreboard = await walkThrough.play((event) => {
    events.push(event);
    options.onEvent?.(event);
  });
  return { events, result: scoreboard.result(0), problems: scoreboard.problems() };
}

/** The statements of a device's policy for an action. */
function statements(template: Template, thingName: string): Statement[] {
  const policy = Object.values(template.Resources).find(({ Type, Properties }) => {
    return Type === 'AWS::IoT::Policy' && Properties.PolicyName === thingName;
  });
  return policy!.Properties.PolicyDocument.Statement;
}

const allow = (thingName: string, action: string) => (template: Template) => {
  statements(template, thingName).push({ Effect: 'Allow', Action: action, Resource: '*' });
};

const deny = (thingName: string, action: string) => (template: Template) => {
  statements(template, thingName).push({ Effect: 'Deny', Action: action, Resource: '*' });
};

/** A clock whose time passes once this many messages have been delivered, as no more will be. */
function timePassesAfter(deliveries: number) {
  const clock = new FakeClock();
  let left = deliveries;
  let isOver = false;
  const pass = () => {
    clock.pass(1000);
    if (!isOver) setImmediate(pass);
  };
  const onEvent = ({ type }: WalkThroughEvent) => {
    if (type === 'delivered' && --left === 0) setImmediate(pass);
    if (type === 'settled') isOver = true;
  };
  return { clock, onEvent };
}

/** How many attempts are made with the demo's fleet. */
const tried = 58;

const versions = [
  { mqtt: 5, qos: 0 },
  { mqtt: 5, qos: 1 },
  { mqtt: 3, qos: 0 },
  { mqtt: 3, qos: 1 },
] as const;

describe.each(versions)('Under MQTT $mqtt at QoS $qos', (version) => {
  test("The blog post's walk-through passes on the synthesized template", async () => {
    const { result, problems, events } = await run(await deploy(), version);
    expect(problems).toEqual([]);
    expect(result).toEqual({
      ...version,
      scenario: 'shared',
      target: 'local',
      published: 6,
      received: { subscriber2A: expect.any(Number), subscriber2B: expect.any(Number), consumer3: 6 },
      groups: { group2: { delivered: 6, duplicated: 0, lost: 0 } },
      denied: { tried, refused: tried },
      measured: [],
      problems: [],
      remarks: [],
      verdict: 'pass',
      seconds: 0,
    });
    expect(result.received.subscriber2A + result.received.subscriber2B).toBe(6);
    const types = events.map(({ type }) => type);
    expect(types.lastIndexOf('subscribed')).toBeLessThan(types.indexOf('published'));
    expect(types.lastIndexOf('delivered')).toBeLessThan(types.indexOf('settled'));
    expect(types.indexOf('settled')).toBeLessThan(types.indexOf('tried'));
  });
});

test('Each of two groups gets each of many messages once', async () => {
  const groups = { group1: ['subscriber1A', 'subscriber1B'], ...demoContext.groups };
  const { result } = await run(await deploy(undefined, { ...demoContext, groups }), { messages: 50 });
  const all = { delivered: 100, duplicated: 0, lost: 0 };
  expect(result).toMatchObject({ published: 100, groups: { group1: all, group2: all }, verdict: 'pass' });
});

describe('The verdict names what a policy wrongly allows', () => {
  const withWildcards = ['+/data', 'cars/+', '#', 'cars/#'];

  test.each([
    [
      'car1',
      'iot:Subscribe',
      [
        'car1 subscribing to cars/data',
        'car1 subscribing to $share/group2/cars/data',
        ...withWildcards.map((filter) => `car1 subscribing to ${filter}`),
      ],
    ],
    ['car1', 'iot:Publish', ['car1 publishing to cars/data/cars/data']],
    ['car1', 'iot:RetainPublish', ['car1 retaining a message on cars/data']],
    ['subscriber2A', 'iot:Publish', ['subscriber2A publishing to cars/data']],
    [
      'subscriber2A',
      'iot:Subscribe',
      [
        'subscriber2A subscribing to $share/not-group2/cars/data',
        'subscriber2A subscribing to cars/data',
        'subscriber2A subscribing to $share/group2/cars/data/group2/cars/data',
        ...withWildcards.map((filter) => `subscriber2A subscribing to ${filter}`),
        ...withWildcards.map((filter) => `subscriber2A subscribing to $share/group2/${filter}`),
      ],
    ],
    [
      'consumer3',
      'iot:Subscribe',
      [
        'consumer3 subscribing to $share/group2/cars/data',
        'consumer3 subscribing to cars/data/cars/data',
        ...withWildcards.map((filter) => `consumer3 subscribing to ${filter}`),
      ],
    ],
    [
      'consumer3',
      'iot:Connect',
      ['consumer3 connecting as car1', 'consumer3 connecting as consumer3-sub-consumer3-sub'],
    ],
  ])('%s, allowed %s anywhere', async (thingName, action, attempts) => {
    const deployed = await deploy(allow(thingName, action));
    for (const mqtt of [3, 5] as const) {
      const { result, problems } = await run(deployed, { mqtt });
      expect(problems).toEqual(attempts.map((attempt) => `${attempt} was not refused: it was allowed.`));
      expect(result).toMatchObject({ denied: { tried, refused: tried - attempts.length }, verdict: 'fail' });
    }
  });
});

test('Lost messages end the run after the answer timeout and fail the verdict', async () => {
  const { result, problems } = await run(await deploy(deny('consumer3', 'iot:Receive')), {
    ...timePassesAfter(2),
    messages: 1,
  });
  expect(problems).toEqual(['consumer3 did not get {"ID": "car1", "speed": "75"}, {"ID": "car2", "speed": "75"}.']);
  expect(result).toMatchObject({
    received: { consumer3: 0 },
    groups: { group2: { delivered: 2, lost: 0 } },
    denied: { tried, refused: tried },
    verdict: 'fail',
  });
});

test('A group that gets no message has lost all of them', async () => {
  const deployed = await deploy((template) => {
    for (const member of demoContext.groups.group2) deny(member, 'iot:Receive')(template);
  });
  const { result } = await run(deployed, timePassesAfter(6));
  expect(result).toMatchObject({
    groups: { group2: { delivered: 0, lost: 6 } },
    received: { consumer3: 6 },
    verdict: 'fail',
  });
});

test('A car that may not publish is named and publishes no more', async () => {
  const { result, problems } = await run(await deploy(deny('car2', 'iot:Publish')), { qos: 1, ...timePassesAfter(6) });
  expect(problems).toContain('car2 could not publish {"ID": "car2", "speed": "75"}: PUBACK 0x87.');
  expect(result).toMatchObject({ published: 4, groups: { group2: { delivered: 3, lost: 1 } }, verdict: 'fail' });
});

test.each([
  ['iot:Connect', 3, 'subscriber2B could not connect: connection closed.'],
  ['iot:Connect', 5, 'subscriber2B could not connect: CONNACK 0x87.'],
  ['iot:Subscribe', 3, 'subscriber2B could not subscribe to $share/group2/cars/data: connection closed.'],
  ['iot:Subscribe', 5, 'subscriber2B could not subscribe to $share/group2/cars/data: SUBACK 0x87.'],
] as const)('The walk-through cannot begin without %s under MQTT %s', async (action, mqtt, error) => {
  await expect(run(await deploy(deny('subscriber2B', action)), { mqtt })).rejects.toThrow(error);
});

test('The walk-through cannot begin without a server', async () => {
  const deployed = await deploy();
  const endpoint = { host: deployed.core.host, port: deployed.core.port };
  await deployed.core.stop();
  await expect(run(deployed, { endpoint })).rejects.toThrow(
    /could not connect: connect ECONNREFUSED 127\.0\.0\.1:\d+\./,
  );
});

describe("A car's messages.json", () => {
  const file = join(devicesRoot, 'local', 'car1', 'messages.json');
  const edited = async (text: string) => {
    const deployed = await deploy();
    writeFileSync(file, text);
    return deployed;
  };
  afterEach(() => rmSync(file));

  test('A car’s messages.json is published line by line, with repeated lines', async () => {
    const { result, events } = await run(await edited('"stop"\n"stop"\n"go"\n"{\\"ID\\": 1}"\n'));
    const said = events.flatMap((event) =>
      event.type === 'published' && event.device.thingName === 'car1' ? [event.message] : [],
    );
    expect(said).toEqual(['"stop"', '"stop"', '"go"', '"{\\"ID\\": 1}"']);
    expect(result).toMatchObject({
      published: 7,
      groups: { group2: { delivered: 7, duplicated: 0, lost: 0 } },
      verdict: 'pass',
    });
  });

  test('A car’s messages.json keeps its lines when more messages are published', async () => {
    const text = '{"ID": "car1", "speed": "90"}\n';
    const deployed = await edited(text);
    const { events } = await run(deployed, { messages: 2 });
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'published', message: '{"ID": "car1", "speed": "92"}' }),
    );
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  test('A car’s messages.json that holds too many messages for a run is refused', async () => {
    const lines = Array.from({ length: 250_001 }, (_, index) => `${index}\n`).join('');
    await expect(run(await edited(lines))).rejects.toThrow(
      'A run keeps at most 250,000 messages in memory; this one has 250,004.',
    );
  });

  test('A car’s messages.json that holds no JSON is named before any device connects', async () => {
    await expect(run(await edited('speed 75\n'))).rejects.toThrow(/car1\/messages\.json, line 1: speed 75 is not JSON/);
  });
});

test.each([
  ['a car', { ...demoContext, cars: [] }, 'A walk-through needs a car'],
  ['a subscriber', { ...demoContext, groups: {}, consumers: [] }, 'A walk-through needs a group or a consumer'],
])('A fleet without %s has no walk-through', async (_, context, error) => {
  await expect(run(await deploy(undefined, context))).rejects.toThrow(error);
});

describe("With AWS's pacing", () => {
  test.each([3, 5] as const)('Probes come first and are not counted, under MQTT %s', async (mqtt) => {
    const { result, events } = await run(await deploy(), { target: 'aws', mqtt, clock: new FakeClock() });
    expect(result).toMatchObject({
      target: 'aws',
      published: 6,
      groups: { group2: { delivered: 6 } },
      verdict: 'pass',
    });
    expect(JSON.stringify(events)).not.toContain('probe');
  });

  test('A consumer that no probe reaches is named', async () => {
    const deployed = await deploy(deny('consumer3', 'iot:Receive'));
    await expect(run(deployed, { target: 'aws', clock: new FakeClock() })).rejects.toThrow(
      /^No message of car[12] reaches consumer3: /,
    );
  });

  /** Has the first requests of a device refused, as a policy that is just deployed may not be in force. */
  function refuseAtFirst(method: 'subscribe' | 'publish' | 'connect', times: number) {
    let left = times;
    const refusal = () => new RequestError({ kind: 'answer', packet: 'CONNACK', code: 0x87 });
    if (method === 'connect') {
      const connect = DeviceClient.connect;
      return jest.spyOn(DeviceClient, 'connect').mockImplementation((options) => {
        return options.clientId === 'car2' && left-- > 0 ? Promise.reject(refusal()) : connect(options);
      });
    }
    const act = DeviceClient.prototype[method] as (...args: unknown[]) => Promise<void>;
    return jest.spyOn(DeviceClient.prototype, method).mockImplementation(function (
      this: DeviceClient,
      ...args: unknown[]
    ) {
      return left-- > 0 ? Promise.reject(refusal()) : act.apply(this, args);
    } as never);
  }

  test.each(['connect', 'subscribe', 'publish'] as const)(
    'A first %s that is refused is tried again',
    async (method) => {
      const deployed = await deploy();
      const spy = refuseAtFirst(method, 3);
      const { problems, result } = await run(deployed, { target: 'aws', clock: new FakeClock() });
      spy.mockRestore();
      expect(problems).toEqual([]);
      expect(result.published).toBe(6);
    },
  );

  test.each([3, 5] as const)(
    'A first connect is tried for half a minute and no longer, under MQTT %s',
    async (mqtt) => {
      const deployed = await deploy(deny('car2', 'iot:Connect'));
      const clock = new FakeClock();
      const answer = mqtt === 5 ? 'CONNACK 0x87' : 'connection closed';
      await expect(run(deployed, { target: 'aws', mqtt, clock })).rejects.toThrow(`car2 could not connect: ${answer}.`);
      expect(clock.now()).toBeGreaterThan(25_000);
      expect(clock.now()).toBeLessThanOrEqual(30_000);
    },
  );

  test('A connect that fails for another reason is not tried again', async () => {
    const deployed = await deploy();
    const endpoint = { host: deployed.core.host, port: deployed.core.port };
    await deployed.core.stop();
    const clock = new FakeClock();
    await expect(run(deployed, { target: 'aws', endpoint, clock })).rejects.toThrow(
      /could not connect: .*ECONNREFUSED/,
    );
    expect(clock.now()).toBe(0);
  });

  test.each([3, 5] as const)('Each car probes, so one that may not publish is named, under MQTT %s', async (mqtt) => {
    const deployed = await deploy(deny('car2', 'iot:Publish'));
    const answer = mqtt === 5 ? 'PUBACK 0x87' : 'connection closed';
    await expect(run(deployed, { target: 'aws', mqtt, clock: new FakeClock() })).rejects.toThrow(
      `car2 could not publish: ${answer}.`,
    );
  });

  test.each([3, 5] as const)('The CONNECTs of a client id are at least 1.5 s apart, under MQTT %s', async (mqtt) => {
    const deployed = await deploy();
    const clock = new FakeClock();
    const connects = new Map<string, number[]>();
    const connect = DeviceClient.connect;
    const spy = jest.spyOn(DeviceClient, 'connect').mockImplementation((options) => {
      connects.set(options.clientId, [...(connects.get(options.clientId) ?? []), clock.now()]);
      return connect(options);
    });
    await run(deployed, { target: 'aws', mqtt, clock });
    spy.mockRestore();
    for (const { clientId } of deployed.fleet.devices) {
      const times = connects.get(clientId)!;
      expect(times.length).toBeGreaterThan(1);
      times.slice(1).forEach((time, index) => {
        expect(time - times[index]).toBeGreaterThanOrEqual(1500);
      });
    }
  });
});
