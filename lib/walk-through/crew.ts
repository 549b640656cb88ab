import type { DeviceFolder } from '../devices/device-folder';
import type { Endpoint } from '../devices/endpoint';
import type { Car, Device, Fleet, Subscriber } from '../fleet/fleet';
import { fewAtATime } from '../util/few-at-a-time';
import { describeFailure, type Failure, RequestError } from './clients/client-failure';
import { Connector } from './clients/connector';
import type { DeviceClient } from './clients/device-client';
import { type Clock, Pacer } from './clients/pacer';
import type { WorkingClient, WorkOptions } from './clients/working-client';
import type { Pacing } from './pacing';
import type { Probes } from './probes';
import type { Requester } from './try-attempts';

export interface CrewProps {
  readonly fleet: Fleet;
  readonly endpoint: Endpoint;
  /** Each device's folder with key, certificate and root CA, by thing name. */
  readonly folders: ReadonlyMap<string, DeviceFolder>;
  readonly mqtt: 3 | 5;
  readonly qos: 0 | 1;
  /** Milliseconds without an answer after which it counts as lost. */
  readonly answerTimeout: number;
  readonly pacing: Pacing;
  readonly clock: Clock;
}

/** What the crew reports. */
export interface CrewListener {
  connected(device: Device): void;
  subscribed(device: Subscriber): void;
  message(device: Device, message: string, topic: string): void;
  /** A connection ended that should not. */
  lost(device: Device, problem: string): void;
}

/** How many devices connect or subscribe at the same time: a machine with few cores does no more TLS handshakes at a time. */
export const atOnce = 8;

/** The clients of a fleet: who is connected, and how. */
export class Crew {
  readonly connector: Connector;
  /** The devices' connections. */
  readonly clients = new Map<Device, DeviceClient>();
  private readonly workers = new Map<Device, WorkingClient>();
  /** Devices whose connection may end, because the server may refuse their first requests. */
  private readonly starting = new Set<Device>();

  constructor(
    private readonly props: CrewProps,
    private readonly listener: CrewListener,
  ) {
    this.connector = new Connector({ ...props, interval: props.pacing.connectInterval });
  }

  /** Connects a device, in a clean session unless told otherwise. */
  async connect(device: Device, session?: 'clean' | 'persistent'): Promise<void> {
    await this.persist(device, 'could not connect', () => this.open(device, session));
    this.listener.connected(device);
  }

  async subscribe(device: Subscriber): Promise<void> {
    await this.persist(device, `could not subscribe to ${device.topicFilter}`, async () => {
      const client = await this.open(device);
      await client.subscribe(device.topicFilter, this.props.qos);
    });
    this.listener.subscribed(device);
  }

  /** Connects a subscriber that takes time for its messages, and has it subscribe. */
  async employ(device: Subscriber, work: WorkOptions): Promise<void> {
    await this.persist(device, 'could not connect', () => this.openWorker(device, work));
    this.listener.connected(device);
    await this.persist(device, `could not subscribe to ${device.topicFilter}`, async () => {
      const worker = await this.openWorker(device, work);
      await worker.subscribe(device.topicFilter, this.props.qos);
    });
    this.listener.subscribed(device);
  }

  /** Each car sends probes until one has reached every destination, where the target needs that. */
  async probe(probes: Probes): Promise<void> {
    const { pacing, answerTimeout, clock, fleet } = this.props;
    const { probeInterval: interval, retryTime = 0 } = pacing;
    if (interval === undefined) return;
    const pacer = new Pacer(pacing.publishInterval, clock);
    const times = { interval, timeout: Math.max(answerTimeout, retryTime), clock };
    const probeFrom = async (car: Car) => {
      this.starting.add(car);
      const publish = async (probe: string) => {
        try {
          const client = await this.open(car);
          await pacer.turn();
          await client.publish(car.topic, probe, 1);
        } catch (error) {
          throw explained(error, `${car.thingName} could not publish`);
        }
      };
      await probes.send(car, publish, times);
      this.starting.delete(car);
    };
    await fewAtATime(fleet.cars, probeFrom, atOnce);
  }

  /** Ends a device's connection with DISCONNECT. */
  async leave(device: Device): Promise<void> {
    await Promise.all([this.clients.get(device)?.end(), this.workers.get(device)?.end()]);
  }

  /** Ends a working subscriber's connection without DISCONNECT. */
  cut(device: Device): void {
    this.workers.get(device)?.cut();
  }

  /** Has a subscriber unsubscribe, if it is connected. @throws RequestError if the server does not answer */
  async unsubscribe(device: Subscriber): Promise<void> {
    for (const client of [this.clients.get(device), this.workers.get(device)]) {
      if (client?.open) await client.unsubscribe(device.topicFilter);
    }
  }

  /** A device's connection, for a request that it makes besides its work. @throws Error if it has none */
  requester(device: Device): Requester {
    const client = [this.clients.get(device), this.workers.get(device)].find((each) => each?.open);
    if (client) return client;
    throw new Error(`${device.thingName} is not connected`);
  }

  async close(): Promise<void> {
    await Promise.all([...this.clients.keys(), ...this.workers.keys()].map((device) => this.leave(device)));
  }

  /** The device's client, which is connected first if it is not. */
  private async open(device: Device, session?: 'clean' | 'persistent'): Promise<DeviceClient> {
    const known = this.clients.get(device);
    if (known?.open) return known;
    const client = await this.connector.connect(device, device.clientId, {
      session,
      onMessage: (message, topic) => this.listener.message(device, message, topic),
      onLost: this.reporterOf(device),
    });
    this.clients.set(device, client);
    return client;
  }

  private async openWorker(device: Subscriber, work: WorkOptions): Promise<WorkingClient> {
    const known = this.workers.get(device);
    if (known?.open) return known;
    const worker = await this.connector.connectWorker(device, { onLost: this.reporterOf(device), ...work });
    this.workers.set(device, worker);
    return worker;
  }

  private reporterOf(device: Device): (failure: Failure) => void {
    return (failure) => {
      if (!this.starting.has(device)) this.listener.lost(device, `was disconnected: ${describeFailure(failure)}`);
    };
  }

  /** Tries a device's first requests again for as long as a new policy may take to have an effect. */
  private async persist<T>(device: Device, what: string, act: () => Promise<T>): Promise<T> {
    const { pacing, clock } = this.props;
    const { retryTime = 0, connectInterval } = pacing;
    this.starting.add(device);
    try {
      for (const end = clock.now() + retryTime; ; await clock.after(connectInterval)) {
        try {
          return await act();
        } catch (error) {
          if (!isRefused(error) || clock.now() + connectInterval >= end) {
            throw explained(error, `${device.thingName} ${what}`);
          }
        }
      }
    } finally {
      this.starting.delete(device);
    }
  }
}

/** Whether the server refused a request. Anything else, such as a host that is unknown, does not change with time. */
function isRefused(error: unknown): boolean {
  return error instanceof RequestError && ['answer', 'alert', 'closed'].includes(error.failure.kind);
}

function explained(cause: unknown, what: string): Error {
  return new Error(`${what}: ${(cause as Error).message}.`, { cause });
}
