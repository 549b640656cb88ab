import type { DeviceFolder, Target } from '../devices/device-folder';
import type { Endpoint } from '../devices/endpoint';
import { blogMessages, readMessages, takeMessages } from '../devices/messages';
import type { Car, Device, Fleet } from '../fleet/fleet';
import { forbiddenAttempts } from './attempts';
import { describeFailure } from './client-failure';
import { Connector } from './connector';
import type { DeviceClient } from './device-client';
import type { Listener, WalkThroughEvent } from './events';
import { type Clock, Pacer, systemClock } from './pacer';
import { type Pacing, pacingOf } from './pacing';
import { Probes } from './probes';
import { ProgressTimeout } from './progress-timeout';
import { Scoreboard } from './scoreboard';
import { tryForbidden } from './try-attempts';

export interface WalkThroughProps {
  readonly fleet: Fleet;
  readonly target: Target;
  readonly endpoint: Endpoint;
  /** Each device's folder with key, certificate and root CA, by thing name. */
  readonly folders: ReadonlyMap<string, DeviceFolder>;
  readonly mqtt: 3 | 5;
  readonly qos: 0 | 1;
  /** Messages a car. @default - all of its messages.json */
  readonly messages?: number;
  /** Called for each event. */
  readonly onEvent?: Listener;
  /**
   * Milliseconds without an answer or a message after which it counts as lost.
   * @default 10000
   */
  readonly answerTimeout?: number;
  /** @default - the target's */
  readonly pacing?: Pacing;
  /** @default - the system's */
  readonly clock?: Clock;
}

/**
 * The walk-through of the blog post: groups and consumers subscribe, cars publish, and each message's receivers are counted. Then the
 * forbidden attempts are made.
 *
 * @returns the score; its verdict is a fail if a message is lost or an attempt is not refused
 * @throws Error if it cannot begin: a file is missing or bad, or the server does not let a device connect or subscribe
 */
export async function walkThrough(props: WalkThroughProps): Promise<Scoreboard> {
  requireBothSides(props.fleet);
  return new WalkThrough(props).run();
}

class WalkThrough {
  private readonly scoreboard: Scoreboard;
  private readonly connector: Connector;
  private readonly pace: Pacing & { readonly answerTimeout: number; readonly clock: Clock };
  private readonly progressTimeout: ProgressTimeout;
  private readonly probes: Probes;
  private readonly clients = new Map<Device, DeviceClient>();
  /** True from the first connect until no more messages can arrive. */
  private counting = true;

  constructor(private readonly props: WalkThroughProps) {
    const { fleet, target, answerTimeout = 10_000, clock = systemClock, pacing = pacingOf(target) } = props;
    this.pace = { ...pacing, answerTimeout, clock };
    this.scoreboard = new Scoreboard(props);
    this.connector = new Connector({ ...props, answerTimeout, clock, interval: pacing.connectInterval });
    this.progressTimeout = new ProgressTimeout(answerTimeout);
    this.probes = new Probes(fleet);
  }

  async run(): Promise<Scoreboard> {
    const { fleet, mqtt } = this.props;
    const messages = fleet.cars.map((car) => [car, this.messagesOf(car)] as const);
    try {
      await this.connectAll();
      await this.subscribeAll();
      await this.probeAll();
      await this.publishAll(messages);
      await this.settle();
      await tryForbidden(forbiddenAttempts(fleet), this.clients, this.connector, mqtt, (attempt, outcome) => {
        this.tell({ type: 'tried', attempt, outcome });
      });
    } finally {
      this.counting = false;
      await Promise.all([...this.clients.values()].map((client) => client.end()));
    }
    return this.scoreboard;
  }

  private messagesOf(car: Car): string[] {
    const folder = this.props.folders.get(car.thingName);
    if (!folder) throw new Error(`"${car.thingName}" has no folder.`);
    folder.writeMessages(blogMessages(car.thingName));
    return takeMessages(car.thingName, readMessages(folder.messagesFile), this.props.messages);
  }

  private async connectAll(): Promise<void> {
    await all(this.props.fleet.devices, async (device) => {
      const connecting = this.connector.connect(device, device, {
        onMessage: (message, topic) => this.deliver(device, message, topic),
        onLost: (failure) => {
          if (this.counting) this.trouble(device, `was disconnected: ${describeFailure(failure)}`);
        },
      });
      this.clients.set(device, await explained(connecting, `${device.thingName} could not connect`));
      this.tell({ type: 'connected', device });
    });
  }

  private async subscribeAll(): Promise<void> {
    const { fleet, qos } = this.props;
    await all(fleet.subscribers, async (device) => {
      const subscribing = this.clientOf(device).subscribe(device.topicFilter, qos);
      await explained(subscribing, `${device.thingName} could not subscribe to ${device.topicFilter}`);
      this.tell({ type: 'subscribed', device });
    });
  }

  private async probeAll(): Promise<void> {
    const { probeInterval, answerTimeout, clock } = this.pace;
    if (probeInterval === undefined) return;
    const [car] = this.props.fleet.cars;
    const publish = (probe: string) => {
      return explained(this.clientOf(car).publish(car.topic, probe, 1), `${car.thingName} could not publish`);
    };
    await this.probes.send(car, publish, clock, probeInterval, answerTimeout);
  }

  private async publishAll(messages: readonly (readonly [Car, readonly string[]])[]): Promise<void> {
    const pacer = new Pacer(this.pace.publishInterval, this.pace.clock);
    await all(messages, async ([device, lines]) => {
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
   * Waits until every message has arrived, then until no more can arrive: a connection keeps its order, so all messages of a
   * subscriber arrive before its UNSUBACK.
   */
  private async settle(): Promise<void> {
    await this.progressTimeout.wait(() => this.scoreboard.complete);
    await all(this.props.fleet.subscribers, async (device) => {
      const client = this.clientOf(device);
      try {
        if (client.open) await client.unsubscribe(device.topicFilter);
      } catch (error) {
        this.trouble(device, `could not unsubscribe: ${(error as Error).message}`);
      }
    });
    this.counting = false;
    this.tell({ type: 'settled' });
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
    this.scoreboard.record(event);
    this.props.onEvent?.(event);
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
    throw new Error(`${what}: ${(cause as Error).message}.`, { cause });
  }
}

function requireBothSides({ cars, subscribers }: Fleet): void {
  if (cars.length === 0) throw new Error('A walk-through needs a car that publishes; the fleet of cdk.json has none.');
  if (subscribers.length === 0) {
    throw new Error('A walk-through needs a group or a consumer that subscribes; the fleet of cdk.json has none.');
  }
}
