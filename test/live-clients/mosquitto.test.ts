import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { mosquittoCommands } from '../../lib/devices/mosquitto-commands';
import { useLocalFleet } from '../support/use-local-fleet';

const programs = ['mosquitto_pub', 'mosquitto_sub', 'stdbuf'];
const missing = programs.filter((name) => spawnSync(name, ['--help']).error);
// .ci/run installs them on Linux. Elsewhere the tests are skipped, and their title says so.
if (missing.length > 0 && process.env.CI && process.platform === 'linux') {
  throw new Error(`CI must not skip these tests, but ${missing.join(', ')} cannot be run here.`);
}
const title = 'with the blog post’s own commands';
const describeIfInstalled = missing.length === 0 ? describe : describe.skip;

describeIfInstalled(missing.length === 0 ? title : `${title} (skipped: no ${missing.join(', ')} here)`, () => {
  const running: Mosquitto[] = [];
  const local = useLocalFleet();

  beforeAll(() => {
    for (const { thingName } of local.fleet.cars) {
      const lines = messagesOf(thingName).map((line) => `${line}\n`);
      writeFileSync(local.folders.get(thingName)!.messagesFile, lines.join(''));
    }
  });

  afterEach(() => {
    for (const mosquitto of running.splice(0)) mosquitto.kill();
  });

  /** Runs a device's command as the project prints it, with changes to its text. */
  function run(thingName: string, change: (command: string) => string = (command) => command): Mosquitto {
    const { core, fleet, folders, devicesRoot } = local;
    const endpoint = { host: core.host, port: core.port, rootCa: core.rootCaPem };
    const printed = mosquittoCommands({ fleet, folders, endpoint, shell: 'bash', from: devicesRoot });
    const { command } = printed.find((terminal) => terminal.title.split(',')[0] === thingName)!;
    const mosquitto = new Mosquitto(change(command), devicesRoot);
    running.push(mosquitto);
    return mosquitto;
  }

  async function subscribe(thingName: string, change?: (command: string) => string): Promise<Mosquitto> {
    const subscriber = run(thingName, change);
    await subscriber.until(/received SUBACK/);
    return subscriber;
  }

  test.each([
    ['as they stand, by a topic alias at QoS 0', (command: string) => command],
    ['at QoS 1', (command: string) => command.replace('-q 0', '-q 1')],
    [
      'under MQTT 3.1.1',
      (command: string) => command.replace('-V mqttv5', '-V mqttv311').replace('-D publish topic-alias 2', ''),
    ],
    ['over TLS 1.3', (command: string) => command.replace('tlsv1.2', 'tlsv1.3')],
  ])('Each group gets each message once, and consumer3 gets all: %s', async (_, change) => {
    const [a, b, consumer] = [
      await subscribe('subscriber2A', change),
      await subscribe('subscriber2B', change),
      await subscribe('consumer3', change),
    ];
    const cars = [run('car1', change), run('car2', change)];
    expect(await Promise.all(cars.map((car) => car.exitCode))).toEqual([0, 0]);
    const published = [...messagesOf('car1'), ...messagesOf('car2')].sort();
    await consumer.untilPayloads(published.length);
    while (a.payloads.length + b.payloads.length < published.length) await Promise.race([a.line(), b.line()]);
    expect([...consumer.payloads].sort()).toEqual(published);
    expect([...a.payloads, ...b.payloads].sort()).toEqual(published);
  });

  test.each([
    ['car1 as car2', 'car1', (command: string) => command.replace('-i car1', '-i car2'), /Not authorized/],
    [
      'subscriber2A in another group',
      'subscriber2A',
      (command: string) => command.replace('group2', 'group1'),
      /Subscribed \(mid: 1\): 135/,
    ],
    [
      'subscriber2A in no group',
      'subscriber2A',
      (command: string) => command.replace(/-t \S+/, '-t cars/data'),
      /Subscribed \(mid: 1\): 135/,
    ],
  ])('%s is refused', async (_, thingName, change, answer) => {
    await run(thingName, change).until(answer);
    expect(local.log.some((message) => message.includes('was denied'))).toBe(true);
  });

  test('A car that publishes elsewhere at QoS 1 is told so', async () => {
    const car = run('car1', (command) =>
      command.replace('-t cars/data', '-t cars/other').replace('-q 0', '-q 1').replace('-D publish topic-alias 2', ''),
    );
    await car.until(/received PUBACK \(Mid: 1, RC:135\)/);
  });
});

/** The blog post's messages. */
function messagesOf(thingName: string): string[] {
  return ['75', '77', '79'].map((speed) => JSON.stringify({ ID: thingName, speed }));
}

/** A mosquitto client in a shell, with `-d`. Its output says, line by line, what it does. */
class Mosquitto {
  readonly process: ChildProcessWithoutNullStreams;
  readonly exitCode: Promise<number | null>;
  /** What it received, as mosquitto_sub prints it. */
  readonly payloads: string[] = [];
  private readonly lines: string[] = [];
  private wakers: (() => void)[] = [];

  constructor(command: string, cwd: string) {
    // What goes to a pipe would wait in a buffer otherwise.
    const unbuffered = command.replace('mosquitto_', 'stdbuf -oL mosquitto_');
    // A group of processes of its own, so that all of a pipeline can be ended.
    this.process = spawn('bash', ['-c', unbuffered], { cwd, detached: true });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.lines.push(line);
        if (line.startsWith('{')) this.payloads.push(line);
        for (const wake of this.wakers.splice(0)) wake();
      });
    }
    this.exitCode = new Promise((resolve) => this.process.on('close', resolve));
  }

  kill(): void {
    if (this.process.exitCode === null) process.kill(-this.process.pid!);
  }

  /** The next line of output. */
  line(): Promise<void> {
    return new Promise((resolve) => this.wakers.push(resolve));
  }

  async until(pattern: RegExp): Promise<void> {
    while (!this.lines.some((line) => pattern.test(line))) await this.line();
  }

  async untilPayloads(count: number): Promise<void> {
    while (this.payloads.length < count) await this.line();
  }
}
