import type { Car, Device, Subscriber } from '../../fleet/fleet';
import { type Attempt, forbiddenAttempts, isConnectAttempt } from '../../walk-through/attempts';
import type { DeployedFleet } from '../../walk-through/deployed-fleet';
import { duplicatesAreFaults } from '../../walk-through/pacing';
import { Probes } from '../../walk-through/probes';
import { reasonIn, tryAttempt } from '../../walk-through/try-attempts';
import type { LiveAction } from '../model/actions';
import type { Tell } from '../model/events';
import { attemptInfo, triedOf } from './attempt-info';
import { awsMinutes, awsMostPerSecond } from './aws-limits';
import { FollowedMessages } from './followed-messages';
import { LiveClients } from './live-clients';
import { LiveMessages } from './live-messages';
import { LiveSubscriber } from './live-subscriber';
import { liveVerdict } from './live-verdict';
import { Pace } from './pace';
import { publicReason } from './public-reason';
import { ActionError, type Protocol, showOf } from './show';
import { StoppableClock } from './stoppable-clock';

export interface LiveShowProps extends DeployedFleet, Protocol {
  readonly tell: Tell;
  /** Gets what may name a path, which must not reach the browser. */
  readonly complain: (sentence: string) => void;
}

/** The most milliseconds per message. */
const longestWork = 5_000;

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
  private readonly clients: LiveClients;
  private readonly probes: Probes;
  private readonly followed: FollowedMessages;
  private readonly messages = new LiveMessages();
  private readonly subscribers: ReadonlyMap<Subscriber, LiveSubscriber>;
  private readonly devices: ReadonlyMap<string, Device>;
  private readonly attempts: readonly Attempt[];
  private readonly pace = new Pace(() => this.publishNext());
  /** The end of the last attempt: one is made at a time, so that each has the reason that belongs to it. */
  private tried: Promise<void> = Promise.resolve();
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
    this.subscribers = new Map(
      fleet.subscribers.map((device) => {
        const reports = {
          got: (message: string) => this.arrived(device, message),
          done: (message: string) => this.done(device, message),
        };
        return [device, new LiveSubscriber(clock, reports)];
      }),
    );
    const { followed, subscribers } = this;
    const attempts = this.attempts.map(attemptInfo);
    const about = {
      kind: 'live',
      name: 'live',
      caption: target === 'aws' ? `${caption} The show ends after ${awsMinutes} minutes.` : caption,
      attempts,
    } as const;
    tell({ type: 'show', show: showOf(props, props, { ...about, mostPerSecond: most[target] }) });
    tell({ type: 'rate', perSecond: this.perSecond, isPaused: this.isPaused });
    this.clients = new LiveClients({ ...props, followed, subscribers, clock });
    this.verdictTimer = setInterval(() => this.judge(), verdictInterval);
    this.judge();
  }

  /**
   * Connects the devices, has the subscribers subscribe, and begins to publish.
   *
   * @throws Error if a device cannot connect or subscribe
   */
  async begin(): Promise<void> {
    await this.clients.begin(this.probes);
    if (!this.isStopped) this.pace.set(this.perSecond);
  }

  /** @throws ActionError if the action does not fit the device, or the device's state */
  async act(action: LiveAction): Promise<void> {
    switch (action.do) {
      case 'rate': {
        const fastest = most[this.props.target];
        if (!(action.perSecond > 0 && action.perSecond <= fastest)) {
          throw new ActionError(`The rate is more than 0 and at most ${fastest} messages a second.`);
        }
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
        return this.clients.kill(this.subscriberNamed(action.device));
      case 'leave':
        return this.clients.leave(this.subscriberNamed(action.device));
      case 'revive':
      case 'join':
        return this.clients.rejoin(this.deviceNamed(action.device));
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
    this.pace.stop();
    clearInterval(this.verdictTimer);
    await Promise.all([this.clients.stop(), this.tried]);
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
      if (!this.clients.isConnected(car)) continue;
      this.nextCar = (this.nextCar + turn + 1) % cars.length;
      this.publish(car);
      return;
    }
  }

  private publish(device: Car): void {
    const client = this.clients.crew.clients.get(device);
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
        if (!this.isStopped) {
          this.problem(`${device.thingName} could not publish message ${number}: ${this.reasonOf(error)}.`);
        }
      },
    );
  }

  private arrived(device: Subscriber, message: string): void {
    if (this.isStopped || this.probes.arrived(message, device)) return;
    const number = this.messages.numberOf(message);
    const arrival = number === undefined ? undefined : this.followed.arrived(number, device);
    if (number !== undefined && arrival) {
      this.props.tell({ type: 'arrived', number, device: device.thingName, ...arrival });
    }
  }

  private done(device: Subscriber, message: string): void {
    const number = this.messages.numberOf(message);
    if (number === undefined) return;
    this.followed.done(number, device);
    this.props.tell({ type: 'done', number, device: device.thingName });
  }

  private slow(device: Subscriber, milliseconds: number): void {
    if (!(milliseconds >= 0 && milliseconds <= longestWork)) {
      throw new ActionError(`A subscriber takes from 0 to ${longestWork} ms per message.`);
    }
    if (this.props.qos === 0 && milliseconds > 0) {
      throw new ActionError('At QoS 0 no message is acknowledged, so nobody can see that a subscriber is slow.');
    }
    this.subscribers.get(device)!.setWorkTime(milliseconds);
    this.props.tell({ type: 'work', device: device.thingName, milliseconds });
  }

  private async try(attempt: Attempt): Promise<void> {
    if (this.isStopped) return;
    const { mqtt, tell, takeReasons } = this.props;
    takeReasons?.();
    const clientOf = (device: Device) => this.clients.crew.requester(device);
    const outcome = await tryAttempt(attempt, { connector: this.clients.crew.connector, mqtt, clientOf });
    tell({ type: 'tried', tried: triedOf(attempt, outcome, reasonIn(takeReasons?.())) });
    if (!outcome.refused) this.problem(`${attemptInfo(attempt).sentence} was not refused: ${outcome.reason}.`);
    // Under MQTT 3.1.1 a refusal ends the connection.
    if (!isConnectAttempt(attempt)) await this.clients.reconnect(attempt.device);
  }

  /** A device acts as itself on its own connection. @throws ActionError if it has none */
  private requireConnection(attempt: Attempt): void {
    if (isConnectAttempt(attempt)) return;
    const { device } = attempt;
    if (this.clients.isConnected(device)) return;
    throw new ActionError(`${device.thingName} is not connected, so it can try nothing.`);
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

  private deviceNamed(name: string): Device {
    const device = this.devices.get(name);
    if (device) return device;
    throw new ActionError(`The fleet has no device "${name}".`);
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
