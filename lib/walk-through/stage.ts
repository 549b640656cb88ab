import type { DeviceFolder, Target } from '../devices/device-folder';
import type { Endpoint } from '../devices/endpoint';
import { blogMessages, readMessages, takeMessages } from '../devices/messages';
import type { Car, Device, Fleet, Subscriber } from '../fleet/fleet';
import { fewAtATime } from '../util/few-at-a-time';
import { type Attempt, forbiddenAttempts, type Outcome } from './attempts';
import { describeFailure } from './client-failure';
import { Connector } from './connector';
import type { DeviceClient } from './device-client';
import type { Bar, Listener, WalkThroughEvent } from './events';
import { Pacer } from './pacer';
import type { Pacing } from './pacing';
import { Probes } from './probes';
import { ProgressTimeout } from './progress-timeout';
import { type Run, Scoreboard } from './scoreboard';
import { tryForbidden } from './try-attempts';

export interface StageProps extends Run {
  readonly endpoint: Endpoint;
  /** Each device's folder with key, certificate and root CA, by thing name. */
  readonly folders: ReadonlyMap<string, DeviceFolder>;
  /** Messages a car. @default - the scenario's, or all of its messages.json */
  readonly messages?: number;
  /** Milliseconds between two messages of the fleet; the target may demand more. @default - 0, or what the eye can follow if watched */
  readonly pace?: number;
  /** Whether a person watches. */
  readonly isWatched: boolean;
  /** Called for each event. */
  readonly onEvent?: Listener;
  /** Milliseconds without an answer or a message after which it counts as lost. */
  readonly answerTimeout: number;
  readonly pacing: Pacing;
  readonly clock: Clock;
}

type Clock = ConstructorParameters<typeof Pacer>[1];

/** How many devices connect or subscribe at the same time: a machine with few cores does no more TLS handshakes at a time. */
const atOnce = 8;

/** For the eye: milliseconds between two messages, and of all messages together. */
const watchable = { interval: 200, whole: 1000 };

/**
 * A fleet's clients and what a scenario does with them. Everything that happens here is counted by the scoreboard and reported as an
 * event.
 */
export class Stage {
  readonly scoreboard: Scoreboard;
  private readonly connector: Connector;
  private readonly progressTimeout: ProgressTimeout;
  private readonly probes: Probes;
  private readonly clients = new Map<Device, DeviceClient>();
  /** Devices whose connection may end, because the server may refuse their first requests. */
  private readonly starting = new Set<Device>();
  private counting = true;

  constructor(private readonly props: StageProps) {
    const { answerTimeout, pacing, clock } = props;
    this.scoreboard = new Scoreboard(props);
    this.connector = new Connector({ ...props, interval: pacing.connectInterval });
    this.progressTimeout = new ProgressTimeout(answerTimeout, clock);
    this.probes = new Probes(props.fleet);
  }

  get fleet(): Fleet {
    return this.props.fleet;
  }

  get target(): Target {
    return this.props.target;
  }

  /** Connects devices and has the subscribers among them subscribe. Then waits until messages get through. */
  async gather(devices: readonly Device[] = this.fleet.devices): Promise<void> {
    await fewAtATime(devices, (device) => this.connect(device), atOnce);
    const subscribers = devices.filter((device): device is Subscriber => device.role !== 'car');
    await fewAtATime(subscribers, (device) => this.subscribe(device), atOnce);
    await this.probe();
  }

  /** Describes the scenario's next step. */
  step(sentence: string): void {
    this.tell({ type: 'step', sentence });
  }

  /** Reports what the scenario looks for. If it does not hold, the verdict is a fail. */
  found(holds: boolean, sentence: string): void {
    this.tell({ type: 'found', holds, sentence });
  }

  /** Reports numbers to compare. */
  measured(title: string, unit: string, bars: readonly Bar[]): void {
    this.tell({ type: 'measured', title, unit, bars });
  }

  /**
   * The messages that each car is to publish: of its messages.json, which is written first if it is missing.
   *
   * @param count - messages a car, unless the user chose a number
   * @throws Error if messages.json is missing or bad
   */
  messages(count?: number): Map<Car, string[]> {
    return new Map(
      this.fleet.cars.map((car) => {
        const folder = this.props.folders.get(car.thingName);
        if (!folder) throw new Error(`"${car.thingName}" has no folder.`);
        folder.writeMessages(blogMessages(car.thingName));
        return [car, takeMessages(car.thingName, readMessages(folder.messagesFile), this.props.messages ?? count)];
      }),
    );
  }

  /**
   * Has the cars publish, all at the same time.
   *
   * @param pace - milliseconds between two messages of the fleet, unless the user chose a number
   */
  async publish(messages: ReadonlyMap<Car, readonly string[]>, pace?: number): Promise<void> {
    const count = [...messages.values()].reduce((sum, lines) => sum + lines.length, 0);
    this.tell({ type: 'publishing', count });
    const { isWatched, pacing, clock } = this.props;
    const chosen = this.props.pace ?? pace ?? (isWatched ? Math.min(watchable.interval, watchable.whole / count) : 0);
    const pacer = new Pacer(Math.max(chosen, pacing.publishInterval), clock);
    await all([...messages], async ([device, lines]) => {
      for (const message of lines) {
        await pacer.turn();
        this.tell({ type: 'published', device, message });
        try {
          await this.clientOf(device).publish(device.topic, message, this.props.qos);
        } catch (error) {
          // The next messages would fail in the same way.
          this.trouble(device, `could not publish ${message}: ${(error as Error).message}`);
          return;
        }
      }
    });
  }

  /**
   * Ends the counting. Waits until every message has arrived, then until no more can arrive: a connection keeps its order, so all
   * messages of a subscriber arrive before its UNSUBACK.
   */
  async settle(): Promise<void> {
    await this.progressTimeout.wait(() => this.scoreboard.complete);
    await all(this.fleet.subscribers, async (device) => {
      const client = this.clients.get(device);
      try {
        if (client?.open) await client.unsubscribe(device.topicFilter);
      } catch (error) {
        this.trouble(device, `could not unsubscribe: ${(error as Error).message}`);
      }
    });
    this.counting = false;
    for (const published of this.scoreboard.unfinished) this.tell({ type: 'missed', published });
    this.tell({ type: 'settled', received: this.scoreboard.shares });
  }

  /** Makes the forbidden attempts. All clients are closed in the end. */
  async tryForbidden(onTried: (attempt: Attempt, outcome: Outcome) => void = () => {}): Promise<void> {
    this.counting = false;
    const { fleet, mqtt } = this.props;
    await tryForbidden(forbiddenAttempts(fleet), this.clients, this.connector, mqtt, (attempt, outcome) => {
      this.tell({ type: 'tried', attempt, outcome });
      onTried(attempt, outcome);
    });
  }

  /** Closes all clients. */
  async close(): Promise<void> {
    this.counting = false;
    await Promise.all([...this.clients.values()].map((client) => client.end()));
  }

  private async connect(device: Device): Promise<void> {
    this.starting.add(device);
    await this.persist(device, 'could not connect', () => this.open(device));
    this.starting.delete(device);
    this.tell({ type: 'connected', device });
  }

  private async subscribe(device: Subscriber): Promise<void> {
    this.starting.add(device);
    await this.persist(device, `could not subscribe to ${device.topicFilter}`, async () => {
      const client = await this.open(device);
      await client.subscribe(device.topicFilter, this.props.qos);
    });
    this.starting.delete(device);
    this.tell({ type: 'subscribed', device });
  }

  /** Each car sends probes until one has reached every destination, where the target needs that. */
  private async probe(): Promise<void> {
    const { pacing, answerTimeout, clock, fleet } = this.props;
    const { probeInterval: interval, retryTime = 0 } = pacing;
    if (interval === undefined) return;
    const pacer = new Pacer(pacing.publishInterval, clock);
    const times = { interval, timeout: Math.max(answerTimeout, retryTime), clock };
    const probeFrom = async (car: Car) => {
      this.starting.add(car);
      const publish = async (probe: string) => {
        const client = await this.open(car);
        await pacer.turn();
        await explained(client.publish(car.topic, probe, 1), `${car.thingName} could not publish`);
      };
      await this.probes.send(car, publish, times);
      this.starting.delete(car);
    };
    await fewAtATime(fleet.cars, probeFrom, atOnce);
  }

  /** The device's client, which is connected first if it is not. */
  private async open(device: Device): Promise<DeviceClient> {
    const known = this.clients.get(device);
    if (known?.open) return known;
    const client = await this.connector.connect(device, device, {
      onMessage: (message, topic) => this.deliver(device, message, topic),
      onLost: (failure) => {
        if (!this.counting || this.starting.has(device)) return;
        this.trouble(device, `was disconnected: ${describeFailure(failure)}`);
      },
    });
    this.clients.set(device, client);
    return client;
  }

  /** Tries a device's first requests again for as long as a new policy may take to have an effect. */
  private async persist<T>(device: Device, what: string, act: () => Promise<T>): Promise<T> {
    const { pacing, clock } = this.props;
    const { retryTime = 0, connectInterval } = pacing;
    for (const end = clock.now() + retryTime; ; ) {
      try {
        return await act();
      } catch (error) {
        if (clock.now() + connectInterval >= end) throw explanation(error, `${device.thingName} ${what}`);
        await clock.after(connectInterval);
      }
    }
  }

  private deliver(device: Device, message: string, topic: string): void {
    if (!this.counting || this.probes.arrived(message, device)) return;
    this.tell({ type: 'delivered', device, message, topic });
    this.progressTimeout.progress();
  }

  private trouble(device: Device, problem: string): void {
    this.tell({ type: 'trouble', device, problem });
  }

  private tell(event: WalkThroughEvent): void {
    const published = this.scoreboard.record(event);
    this.props.onEvent?.(event);
    if (published) this.props.onEvent?.({ type: 'completed', published });
  }

  private clientOf(device: Device): DeviceClient {
    return this.clients.get(device)!;
  }
}

/** Calls `act` for all things at the same time. Ends when all calls have ended, so that nothing runs on after an error. */
async function all<T>(things: readonly T[], act: (thing: T) => Promise<void>): Promise<void> {
  for (const outcome of await Promise.allSettled(things.map(act))) {
    if (outcome.status === 'rejected') throw outcome.reason;
  }
}

async function explained<T>(promise: Promise<T>, what: string): Promise<T> {
  try {
    return await promise;
  } catch (cause) {
    throw explanation(cause, what);
  }
}

function explanation(cause: unknown, what: string): Error {
  return new Error(`${what}: ${(cause as Error).message}.`, { cause });
}
