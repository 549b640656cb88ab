import type { Car, Device, Subscriber } from '../../fleet/fleet';
import { fewAtATime } from '../../util/few-at-a-time';
import { type Attempt, forbiddenAttempts } from '../../walk-through/attempts';
import { atOnce, Crew } from '../../walk-through/crew';
import { duplicatesAreFaults, pacingOf } from '../../walk-through/pacing';
import { Probes } from '../../walk-through/probes';
import { reasonIn, tryAttempt } from '../../walk-through/try-attempts';
import type { LiveAction } from '../model/actions';
import type { DeviceStatus, Tell } from '../model/events';
import { attemptInfo, triedOf } from './attempt-info';
import { awsMinutes, awsMostPerSecond } from './aws-limits';
import { FollowedMessages } from './followed-messages';
import { LiveMessages } from './live-messages';
import { LiveSubscriber } from './live-subscriber';
import { liveVerdict } from './live-verdict';
import { Pace } from './pace';
import { publicReason } from './public-reason';
import { ActionError, type DeployedFleet, type Protocol, showOf } from './show';
import { StoppableClock } from './stoppable-clock';

export interface LiveShowProps extends DeployedFleet, Protocol {
  readonly tell: Tell;
  /** Gets what may name a path, which must not reach the browser. */
  readonly complain: (sentence: string) => void;
}

/** The most milliseconds a message. */
const longestWork = 5_000;

/** Milliseconds to wait for an answer from the server. */
const answerTimeout = 10_000;
/** Milliseconds from one look at the verdict to the next. */
const verdictInterval = 250;
/** How many messages may wait for their PUBACK before the cars pause. */
const mostUnaccepted = 200;
const firstRate = 2;
const most = { local: 500, account: 500, aws: awsMostPerSecond };
const caption = 'Each message goes to one member of each group, and to every consumer.';

/** A fleet whose cars publish until it is stopped, and to which a person can do things. */
export class LiveShow {
  private readonly clock = new StoppableClock();
  private readonly crew: Crew;
  private readonly probes: Probes;
  private readonly followed: FollowedMessages;
  private readonly messages = new LiveMessages();
  private readonly subscribers: ReadonlyMap<Subscriber, LiveSubscriber>;
  private readonly devices: ReadonlyMap<string, Device>;
  private readonly statuses = new Map<Device, DeviceStatus>();
  private readonly attempts: readonly Attempt[];
  private readonly pace = new Pace(() => this.publishNext());
  /** The end of the last attempt: one is made at a time, so that each has the reason that belongs to it. */
  private tried: Promise<void> = Promise.resolve();
  /** One change of a device's connection at a time. */
  private readonly changing = new Set<Device>();
  /** Each subscriber's present connection. */
  private readonly connections = new Map<Device, symbol>();
  private readonly problems: string[] = [];
  private readonly verdictTimer: NodeJS.Timeout;
  private lastVerdict = '';
  private published = 0;
  private unaccepted = 0;
  private nextCar = 0;
  private perSecond = firstRate;
  private isPaused = false;
  private isStopped = false;

  constructor(private readonly props: LiveShowProps) {
    const { fleet, target, tell } = props;
    const { clock } = this;
    this.devices = new Map(fleet.devices.map((device) => [device.thingName, device]));
    this.attempts = forbiddenAttempts(fleet);
    this.probes = new Probes(fleet);
    this.followed = new FollowedMessages(fleet, () => performance.now());
    this.crew = new Crew(
      { ...props, answerTimeout, clock, pacing: pacingOf(target) },
      {
        connected: (device) => this.setStatus(device, 'connected'),
        subscribed: (device) => this.setStatus(device, 'subscribed'),
        // Subscribers work, and report their messages themselves.
        message: () => {},
        lost: (device, problem) => this.lost(device, problem),
      },
    );
    this.subscribers = new Map(
      fleet.subscribers.map((device) => {
        const reports = {
          got: (message: string) => this.arrived(device, message),
          done: (message: string) => this.done(device, message),
        };
        return [device, new LiveSubscriber(clock, reports)];
      }),
    );
    const attempts = this.attempts.map(attemptInfo);
    const about = {
      kind: 'live',
      name: 'live',
      caption: target === 'aws' ? `${caption} The show ends after ${awsMinutes} minutes.` : caption,
      attempts,
    } as const;
    tell({ type: 'show', show: showOf(props, props, { ...about, mostPerSecond: most[target] }) });
    tell({ type: 'rate', perSecond: this.perSecond, isPaused: this.isPaused });
    this.verdictTimer = setInterval(() => this.judge(), verdictInterval);
    this.judge();
  }

  /**
   * Connects the devices, has the subscribers subscribe, and begins to publish.
   *
   * @throws Error if a device cannot connect or subscribe
   */
  async begin(): Promise<void> {
    const { fleet } = this.props;
    await fewAtATime(fleet.subscribers, (device) => this.join(device), atOnce);
    await fewAtATime(fleet.cars, (device) => this.connect(device), atOnce);
    await this.crew.probe(this.probes);
    if (!this.isStopped) this.pace.set(this.perSecond);
  }

  /** @throws ActionError if the action does not fit the device, or the device's state */
  async act(action: LiveAction): Promise<void> {
    switch (action.do) {
      case 'rate': {
        const fastest = most[this.props.target];
        if (!(action.perSecond > 0 && action.perSecond <= fastest))
          throw new ActionError(`The rate is more than 0 and at most ${fastest} messages a second.`);
        return this.setRate(action.perSecond, this.isPaused);
      }
      case 'pause':
      case 'resume':
        return this.setRate(this.perSecond, action.do === 'pause');
      case 'send':
        return this.publish(this.carNamed(action.device));
      case 'slow':
        return this.slow(this.subscriberNamed(action.device), action.milliseconds);
      case 'kill':
        return this.kill(this.subscriberNamed(action.device));
      case 'leave':
        return this.change(this.subscriberNamed(action.device), (device) => this.leave(device));
      case 'revive':
      case 'join':
        return this.change(this.subscriberNamed(action.device), (device) => this.rejoin(device));
      case 'try': {
        const attempt = this.attempts.at(action.attempt);
        if (action.attempt < 0 || !attempt) throw new ActionError(`There is no attempt ${action.attempt}.`);
        this.requireConnection(attempt);
        this.tried = this.tried.then(() => this.try(attempt));
        return this.tried;
      }
    }
  }

  /** Closes all clients. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.clock.stop();
    this.pace.stop();
    clearInterval(this.verdictTimer);
    this.connections.clear();
    for (const subscriber of this.subscribers.values()) subscriber.wake();
    await this.tried;
    await this.crew.close();
  }

  private setRate(perSecond: number, isPaused: boolean): void {
    this.perSecond = perSecond;
    this.isPaused = isPaused;
    this.pace.set(isPaused ? 0 : perSecond);
    this.props.tell({ type: 'rate', perSecond, isPaused });
  }

  private publishNext(): void {
    const { cars } = this.props.fleet;
    if (this.unaccepted >= mostUnaccepted) return;
    for (let turn = 0; turn < cars.length; turn += 1) {
      const car = cars[(this.nextCar + turn) % cars.length];
      if (this.statuses.get(car) !== 'connected') continue;
      this.nextCar = (this.nextCar + turn + 1) % cars.length;
      this.publish(car);
      return;
    }
  }

  private publish(device: Car): void {
    const client = this.crew.clients.get(device);
    if (!client?.open) throw new ActionError(`${device.thingName} is not connected.`);
    const { tell, qos } = this.props;
    const { number, message, label } = this.messages.next(device);
    this.published += 1;
    this.unaccepted += 1;
    this.followed.published(number, device.thingName);
    tell({ type: 'published', number, device: device.thingName, label });
    client.publish(device.topic, message, qos).then(
      () => {
        this.unaccepted -= 1;
        tell({ type: 'accepted', number, device: device.thingName });
      },
      (error: unknown) => {
        this.unaccepted -= 1;
        if (!this.isStopped)
          this.problem(`${device.thingName} could not publish message ${number}: ${this.reasonOf(error)}.`);
      },
    );
  }

  private arrived(device: Subscriber, message: string): void {
    if (this.isStopped || this.probes.arrived(message, device)) return;
    const number = this.messages.numberOf(message);
    const arrival = number === undefined ? undefined : this.followed.arrived(number, device);
    if (number !== undefined && arrival)
      this.props.tell({ type: 'arrived', number, device: device.thingName, ...arrival });
  }

  private done(device: Subscriber, message: string): void {
    const number = this.messages.numberOf(message);
    if (number === undefined) return;
    this.followed.done(number, device);
    this.props.tell({ type: 'done', number, device: device.thingName });
  }

  private slow(device: Subscriber, milliseconds: number): void {
    if (!(milliseconds >= 0 && milliseconds <= longestWork))
      throw new ActionError(`A subscriber takes from 0 to ${longestWork} ms a message.`);
    if (this.props.qos === 0 && milliseconds > 0)
      throw new ActionError('At QoS 0 no message is acknowledged, so nobody can see that a subscriber is slow.');
    this.subscribers.get(device)!.setWorkTime(milliseconds);
    this.props.tell({ type: 'work', device: device.thingName, milliseconds });
  }

  private kill(device: Subscriber): void {
    if (this.statuses.get(device) !== 'subscribed') throw new ActionError(`${device.thingName} is not connected.`);
    this.crew.cut(device);
    this.disconnected(device, 'killed');
  }

  private async leave(device: Subscriber): Promise<void> {
    if (this.statuses.get(device) !== 'subscribed') throw new ActionError(`${device.thingName} is not connected.`);
    this.setStatus(device, 'leaving');
    await this.crew.unsubscribe(device);
    await this.subscribers.get(device)!.finish();
    await this.crew.leave(device);
    this.disconnected(device, 'left');
  }

  private async rejoin(device: Subscriber): Promise<void> {
    if (this.statuses.get(device) === 'subscribed') throw new ActionError(`${device.thingName} is connected already.`);
    await this.join(device);
  }

  private async join(device: Subscriber): Promise<void> {
    const connection = Symbol(device.thingName);
    this.connections.set(device, connection);
    await this.attempting(device, async () => {
      const isMine = () => this.connections.get(device) === connection;
      await this.crew.employ(device, this.subscribers.get(device)!.work(isMine));
    });
    this.followed.joined(device);
  }

  private async connect(device: Device): Promise<void> {
    await this.attempting(device, () => this.crew.connect(device));
  }

  private async attempting(device: Device, connect: () => Promise<void>): Promise<void> {
    this.setStatus(device, 'connecting');
    try {
      await connect();
    } catch (error) {
      this.setStatus(device, 'lost', this.reasonOf(error));
      throw error;
    }
  }

  private async change<D extends Device>(device: D, act: (device: D) => Promise<void>): Promise<void> {
    if (this.changing.has(device)) throw new ActionError(`${device.thingName} is busy.`);
    this.changing.add(device);
    try {
      await act(device);
    } catch (error) {
      if (error instanceof ActionError) throw error;
      throw new ActionError(`${device.thingName}: ${this.reasonOf(error)}.`);
    } finally {
      this.changing.delete(device);
    }
  }

  private async try(attempt: Attempt): Promise<void> {
    if (this.isStopped) return;
    const { mqtt, tell, takeReasons } = this.props;
    takeReasons?.();
    const clientOf = (device: Device) => this.crew.requester(device);
    const outcome = await tryAttempt(attempt, { connector: this.crew.connector, mqtt, clientOf });
    tell({ type: 'tried', tried: triedOf(attempt, outcome, reasonIn(takeReasons?.())) });
    if (!outcome.refused) this.problem(`${attemptInfo(attempt).sentence} was not refused: ${outcome.reason}.`);
    // Under MQTT 3.1.1 a refusal ends the connection.
    if ('device' in attempt && attempt.kind !== 'impersonate') await this.reconnect(attempt.device);
  }

  /** A device acts as itself on its own connection. @throws ActionError if it has none */
  private requireConnection(attempt: Attempt): void {
    if (attempt.kind === 'impersonate' || attempt.kind === 'forge') return;
    const { device } = attempt;
    if (['connected', 'subscribed'].includes(this.statuses.get(device) ?? '')) return;
    throw new ActionError(`${device.thingName} is not connected, so it can try nothing.`);
  }

  private async reconnect(device: Device): Promise<void> {
    if (this.statuses.get(device) !== 'lost' || this.isStopped) return;
    try {
      await (device.role === 'car' ? this.connect(device) : this.join(device));
    } catch (error) {
      this.problem(`${device.thingName} could not connect again: ${this.reasonOf(error)}.`);
    }
  }

  private lost(device: Device, problem: string): void {
    if (!this.isStopped) this.disconnected(device, 'lost', problem);
  }

  private disconnected(device: Device, status: 'killed' | 'left' | 'lost', problem?: string): void {
    this.connections.delete(device);
    if (device.role !== 'car') {
      this.subscribers.get(device)!.wake();
      this.followed.gone(device, this.props.qos === 0 || this.props.target === 'aws');
    }
    this.setStatus(device, status, problem);
  }

  private setStatus(device: Device, status: DeviceStatus, problem?: string): void {
    this.statuses.set(device, status);
    this.props.tell({ type: 'status', device: device.thingName, status, ...(problem && { problem }) });
  }

  private judge(): void {
    this.followed.giveUp();
    const { published, problems } = this;
    const areDuplicatesFaults = duplicatesAreFaults(this.props.target);
    const verdict = liveVerdict({ published, destinations: this.followed.counts(), areDuplicatesFaults, problems });
    const text = JSON.stringify(verdict);
    if (text === this.lastVerdict) return;
    this.lastVerdict = text;
    this.props.tell({ type: 'verdict', verdict });
  }

  private problem(sentence: string): void {
    if (this.problems.length < 20) this.problems.push(sentence);
  }

  private reasonOf(error: unknown): string {
    return publicReason(error, this.props.complain);
  }

  private carNamed(name: string): Car {
    const device = this.devices.get(name);
    if (device?.role === 'car') return device;
    throw new ActionError(`The fleet has no car "${name}".`);
  }

  private subscriberNamed(name: string): Subscriber {
    const device = this.devices.get(name);
    if (device && device.role !== 'car') return device;
    throw new ActionError(`The fleet has no subscriber "${name}".`);
  }
}
