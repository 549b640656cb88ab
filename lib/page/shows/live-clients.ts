import type { Device, Subscriber } from '../../fleet/fleet';
import { fewAtATime } from '../../util/few-at-a-time';
import { atOnce, Crew } from '../../walk-through/crew';
import type { DeployedFleet } from '../../walk-through/deployed-fleet';
import { pacingOf } from '../../walk-through/pacing';
import type { Probes } from '../../walk-through/probes';
import type { ClientStatus, Tell } from '../model/events';
import type { FollowedMessages } from './followed-messages';
import type { LiveSubscriber } from './live-subscriber';
import { publicReason } from './public-reason';
import { ActionError, type Protocol } from './show';
import type { StoppableClock } from './stoppable-clock';

export interface LiveClientsProps extends DeployedFleet, Protocol {
  readonly tell: Tell;
  /** Gets what may name a path, which must not reach the browser. */
  readonly complain: (sentence: string) => void;
  /** Is kept up to date about who is connected. */
  readonly followed: FollowedMessages;
  /** How each subscriber works. */
  readonly subscribers: ReadonlyMap<Subscriber, LiveSubscriber>;
  readonly clock: StoppableClock;
}

/** Milliseconds to wait for an answer from the server. */
const answerTimeout = 10_000;

/** The connections of a live show's devices: who is there, and what a person does to them. */
export class LiveClients {
  readonly crew: Crew;
  private readonly statuses = new Map<Device, ClientStatus>();
  /** One change of a device's connection at a time. */
  private readonly changing = new Set<Device>();
  /** Each subscriber's present connection. */
  private readonly connections = new Map<Device, symbol>();
  private isStopped = false;

  constructor(private readonly props: LiveClientsProps) {
    this.crew = new Crew(
      { ...props, answerTimeout, pacing: pacingOf(props.target) },
      {
        connected: (device) => this.setStatus(device, 'connected'),
        subscribed: (device) => this.setStatus(device, 'subscribed'),
        // Subscribers work, and report their messages themselves.
        message: () => {},
        lost: (device, problem) => this.lost(device, problem),
      },
    );
  }

  /**
   * Connects the devices, and has the subscribers subscribe.
   *
   * @throws Error if one cannot
   */
  async begin(probes: Probes): Promise<void> {
    const { fleet } = this.props;
    await fewAtATime(fleet.subscribers, (device) => this.join(device), atOnce);
    await fewAtATime(fleet.cars, (device) => this.join(device), atOnce);
    await this.crew.probe(probes);
  }

  /** Closes all clients. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.props.clock.stop();
    this.connections.clear();
    for (const subscriber of this.props.subscribers.values()) subscriber.wake();
    await this.crew.close();
  }

  /** Whether a device can publish, or gets messages. */
  isConnected(device: Device): boolean {
    return this.statuses.get(device) === (device.role === 'car' ? 'connected' : 'subscribed');
  }

  /** Cuts a subscriber's connection. @throws ActionError if it has none */
  kill(device: Subscriber): void {
    if (!this.isConnected(device)) throw new ActionError(`${device.thingName} is not connected.`);
    this.crew.cut(device);
    this.disconnected(device, 'killed');
  }

  /** Has a subscriber unsubscribe, finish its work and disconnect. @throws ActionError if it has no connection */
  leave(device: Subscriber): Promise<void> {
    return this.change(device, () => this.unsubscribe(device));
  }

  /** Connects a device again. @throws ActionError if it is connected, or cannot connect */
  rejoin(device: Device): Promise<void> {
    return this.change(device, async () => {
      if (this.isConnected(device)) throw new ActionError(`${device.thingName} is connected already.`);
      await this.join(device);
    });
  }

  private async unsubscribe(device: Subscriber): Promise<void> {
    if (!this.isConnected(device)) throw new ActionError(`${device.thingName} is not connected.`);
    this.setStatus(device, 'leaving');
    await this.crew.unsubscribe(device);
    await this.workOf(device).finish();
    await this.crew.leave(device);
    this.disconnected(device, 'left');
  }

  private async join(device: Device): Promise<void> {
    if (device.role === 'car') return this.attempting(device, () => this.crew.connect(device));
    const connection = Symbol(device.thingName);
    this.connections.set(device, connection);
    const isMine = () => this.connections.get(device) === connection;
    await this.attempting(device, () => this.crew.employ(device, this.workOf(device).work(isMine)));
    this.props.followed.joined(device);
  }

  private async attempting(device: Device, connect: () => Promise<void>): Promise<void> {
    this.setStatus(device, 'connecting');
    try {
      await connect();
    } catch (error) {
      this.setStatus(device, 'lost', publicReason(error, this.props.complain));
      throw error;
    }
  }

  private async change(device: Device, act: () => Promise<void>): Promise<void> {
    if (this.changing.has(device)) throw new ActionError(`${device.thingName} is busy.`);
    this.changing.add(device);
    try {
      await act();
    } catch (error) {
      if (error instanceof ActionError) throw error;
      throw new ActionError(`${device.thingName}: ${publicReason(error, this.props.complain)}.`);
    } finally {
      this.changing.delete(device);
    }
  }

  /** Connects a device again whose connection was lost. */
  async reconnect(device: Device): Promise<void> {
    if (this.statuses.get(device) !== 'lost' || this.isStopped) return;
    // Its status says why, if it fails.
    await this.join(device).catch(() => {});
  }

  private lost(device: Device, problem: string): void {
    if (!this.isStopped) this.disconnected(device, 'lost', problem);
  }

  private disconnected(device: Device, status: 'killed' | 'left' | 'lost', problem?: string): void {
    this.connections.delete(device);
    if (device.role !== 'car') {
      this.workOf(device).wake();
      this.props.followed.gone(device, this.props.qos === 0 || this.props.target === 'aws');
    }
    this.setStatus(device, status, problem);
  }

  private setStatus(device: Device, status: ClientStatus, problem?: string): void {
    this.statuses.set(device, status);
    this.props.tell({ type: 'status', device: device.thingName, status, ...(problem && { problem }) });
  }

  private workOf(device: Subscriber): LiveSubscriber {
    return this.props.subscribers.get(device)!;
  }
}
