import type { Target } from '../devices/device-folder';
import { blogMessages, readMessages, takeMessages } from '../devices/messages';
import type { Car, Device, Fleet, Subscriber } from '../fleet/fleet';
import { fewAtATime } from '../util/few-at-a-time';
import { grouped } from '../util/format';
import { forbiddenAttempts } from './attempts';
import { Pacer } from './clients/pacer';
import { atOnce, Crew, type CrewProps } from './crew';
import type { Bar, Listener, WalkThroughEvent } from './events';
import { Probes } from './probes';
import { ProgressTimeout } from './progress-timeout';
import { type Run, Scoreboard } from './scoreboard';
import { reasonIn, tryForbidden } from './try-attempts';
import { Worker, type WorkerOptions } from './worker';

export interface StageProps extends Run, Omit<CrewProps, keyof Run> {
  /** Messages per car. @default - the scenario's number */
  readonly messages?: number;
  /** Milliseconds between two messages of the fleet; the target may demand more. @default - 0, or what the eye can follow if watched */
  readonly pace?: number;
  /** Whether a person watches. */
  readonly isWatched: boolean;
  /** Called for each event. */
  readonly onEvent?: Listener;
  /** What the target has said since the last call about what it refused. @default - it does not say why it refuses */
  readonly takeReasons?: () => string[];
}

/** The most messages of a run. Each of them is kept in memory until the end, about 2 KB each. */
export const mostMessages = 250_000;

/** For the eye: milliseconds between two messages, and of all messages together. */
const watchable = { interval: 200, whole: 1000 };

/**
 * What a scenario does with a fleet's clients. Everything that happens here is counted by the scoreboard and reported as an event.
 */
export class Stage {
  readonly scoreboard: Scoreboard;
  private readonly crew: Crew;
  private readonly progressTimeout: ProgressTimeout;
  private readonly probes: Probes;
  private readonly messagesFrom = new Map<Car, number>();
  /** Messages that were announced and are not published yet. */
  private expected = 0;
  private counting = true;

  constructor(private readonly props: StageProps) {
    this.scoreboard = new Scoreboard(props);
    this.progressTimeout = new ProgressTimeout(props.answerTimeout, props.clock);
    this.probes = new Probes(props.fleet);
    this.crew = new Crew(props, {
      connected: (device) => this.tell({ type: 'connected', device }),
      subscribed: (device) => this.tell({ type: 'subscribed', device }),
      message: (device, message, topic) => this.deliver(device, message, topic),
      lost: (device, problem) => {
        if (this.counting) this.tell({ type: 'trouble', device, problem });
      },
    });
  }

  get fleet(): Fleet {
    return this.props.fleet;
  }

  get target(): Target {
    return this.props.target;
  }

  /** Milliseconds, for durations. */
  get now(): number {
    return this.props.clock.now();
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

  /** Messages that may be lost without a fault, with the reason. */
  excuse(messages: readonly string[], reason: string): void {
    this.tell({ type: 'excused', messages, reason });
  }

  /** Connects devices and has the subscribers among them subscribe. Then waits until messages get through. */
  async gather(devices: readonly Device[] = this.fleet.devices): Promise<void> {
    await fewAtATime(devices, (device) => this.crew.connect(device), atOnce);
    const subscribers = devices.filter((device): device is Subscriber => device.role !== 'car');
    await fewAtATime(subscribers, (device) => this.crew.subscribe(device), atOnce);
    await this.crew.probe(this.probes);
  }

  /** Connects a subscriber that takes time for its messages, and has it subscribe. */
  async employ(device: Subscriber, options: WorkerOptions = {}): Promise<Worker> {
    const { clock } = this.props;
    const worker = new Worker(clock, options, {
      held: (message) => {
        this.tell({ type: 'held', device, message });
        this.progressTimeout.progress();
      },
      done: (message, topic) => this.deliver(device, message, topic),
      isProbe: (message) => this.probes.arrived(message, device),
      cut: () => {
        this.crew.cut(device);
        this.tell({ type: 'disconnected', device, isCut: true });
      },
    });
    await this.crew.employ(device, worker.options);
    return worker;
  }

  /** Connects a subscriber whose session outlives its connection. */
  async connectPersistently(device: Subscriber): Promise<void> {
    await this.crew.connect(device, 'persistent');
  }

  async subscribe(device: Subscriber): Promise<void> {
    await this.crew.subscribe(device);
  }

  /** Ends a device's connection. */
  async leave(device: Device): Promise<void> {
    await this.crew.leave(device);
    this.tell({ type: 'disconnected', device, isCut: false });
  }

  /** Ends a device's persistent session by a connection with a clean one. */
  async endSession(device: Device): Promise<void> {
    this.counting = false;
    await this.crew.leave(device);
    await this.crew.connect(device);
    await this.crew.leave(device);
  }

  /**
   * The next messages of each car: of its messages.json, which is written first if it is missing.
   *
   * @param count - messages per car, unless the user chose a number. @default - those of messages.json
   * @throws Error if messages.json is missing or bad, or if a run would have more than {@link mostMessages}
   */
  messages(count?: number): Map<Car, string[]> {
    return this.take(this.props.messages ?? count);
  }

  /** One more message of each car. */
  oneMore(): Map<Car, string[]> {
    return this.take(1);
  }

  /** Announces messages that will be published in several steps, so that a view knows their number. */
  expect(count: number): void {
    if (count <= 0) return;
    this.expected += count;
    this.tell({ type: 'publishing', count });
  }

  /**
   * Has the cars publish, all at the same time.
   *
   * @param pace - milliseconds between two messages of the fleet, unless the user chose a number
   * @param onAccepted - called for each message that the server has acknowledged (QoS 1)
   */
  async publish(
    messages: ReadonlyMap<Car, readonly string[]>,
    pace?: number,
    onAccepted?: (message: string) => void,
  ): Promise<void> {
    const count = [...messages.values()].reduce((sum, lines) => sum + lines.length, 0);
    this.expect(count - this.expected);
    this.expected -= count;
    const { isWatched, pacing, clock } = this.props;
    const chosen = this.props.pace ?? pace ?? (isWatched ? Math.min(watchable.interval, watchable.whole / count) : 0);
    const pacer = new Pacer(Math.max(chosen, pacing.publishInterval), clock);
    await all([...messages], async ([device, lines]) => {
      for (const message of lines) {
        await pacer.turn();
        this.tell({ type: 'published', device, message });
        try {
          await this.crew.clients.get(device)!.publish(device.topic, message, this.props.qos);
          this.tell({ type: 'accepted', device, message });
          onAccepted?.(message);
        } catch (error) {
          // The next messages would fail in the same way.
          const problem = `could not publish ${message}: ${(error as Error).message}`;
          this.tell({ type: 'trouble', device, problem });
          return;
        }
      }
    });
  }

  /** Waits until every message has arrived, or none has arrived for too long. */
  async arrive(): Promise<void> {
    await this.arriveBut(() => 0);
  }

  /** Waits until all messages have arrived but for as many as are held, or none has arrived for too long. */
  async arriveBut(held: () => number): Promise<void> {
    await this.progressTimeout.wait(() => this.scoreboard.incomplete <= held());
  }

  /**
   * Ends the counting. Waits until every message has arrived, then until no more can arrive: a connection keeps its order, so all
   * messages of a subscriber arrive before its UNSUBACK.
   */
  async settle(): Promise<void> {
    await this.arrive();
    await all(this.fleet.subscribers, async (device) => {
      try {
        await this.crew.unsubscribe(device);
      } catch (error) {
        this.tell({ type: 'trouble', device, problem: `could not unsubscribe: ${(error as Error).message}` });
      }
    });
    this.counting = false;
    for (const published of this.scoreboard.unfinished) this.tell({ type: 'missed', published });
    this.tell({ type: 'settled', received: this.scoreboard.shares });
  }

  /**
   * Makes the forbidden attempts. All clients are closed in the end.
   *
   * @param most - how many devices try at the same time; with one, each attempt has the reason that belongs to it
   */
  async tryForbidden(most = atOnce): Promise<void> {
    this.counting = false;
    const { fleet, mqtt, takeReasons } = this.props;
    const { clients, connector } = this.crew;
    takeReasons?.();
    await tryForbidden({ attempts: forbiddenAttempts(fleet), clients, connector, mqtt, most }, (attempt, outcome) => {
      const reasons = most === 1 ? takeReasons?.() : undefined;
      this.tell({ type: 'tried', attempt, outcome, reason: reasonIn(reasons) });
    });
  }

  /** Closes all clients. */
  async close(): Promise<void> {
    this.counting = false;
    await this.crew.close();
  }

  private take(count?: number): Map<Car, string[]> {
    const messages = new Map(
      this.fleet.cars.map((car) => {
        const folder = this.props.folders.get(car.thingName);
        if (!folder) throw new Error(`"${car.thingName}" has no folder.`);
        folder.writeMessages(blogMessages(car.thingName));
        const lines = readMessages(folder.messagesFile);
        const from = this.messagesFrom.get(car) ?? 0;
        const to = from + (count ?? lines.length);
        this.messagesFrom.set(car, to);
        return [car, takeMessages(car.thingName, lines, to).slice(from)] as const;
      }),
    );
    const all = [...this.messagesFrom.values()].reduce((sum, count) => sum + count, 0);
    if (all > mostMessages) {
      throw new Error(`A run keeps at most ${grouped(mostMessages)} messages in memory; this one has ${grouped(all)}.`);
    }
    return messages;
  }

  private deliver(device: Device, message: string, topic: string): void {
    if (!this.counting || this.probes.arrived(message, device)) return;
    this.tell({ type: 'delivered', device, message, topic });
    this.progressTimeout.progress();
  }

  private tell(event: WalkThroughEvent): void {
    const published = this.scoreboard.record(event);
    this.props.onEvent?.(event);
    if (published) this.props.onEvent?.({ type: 'completed', published });
  }
}

/** Calls `act` for all things at the same time. Ends when all calls have ended, so that nothing runs on after an error. */
async function all<T>(things: readonly T[], act: (thing: T) => Promise<void>): Promise<void> {
  for (const outcome of await Promise.allSettled(things.map(act))) {
    if (outcome.status === 'rejected') throw outcome.reason;
  }
}
