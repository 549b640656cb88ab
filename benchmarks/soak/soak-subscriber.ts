import { setTimeout as sleep } from 'node:timers/promises';
import type { MqttClient } from 'mqtt';
import type { ArrivalCount } from './arrival-count';
import { kill, openClient, type SoakDevice } from './soak-client';

/** The ways in which a subscriber leaves, or replaces its own connection. */
const departures = ['disconnect', 'kill', 'unsubscribe', 'takeover'] as const;
export type Departure = (typeof departures)[number];

export interface SoakSubscriberProps {
  readonly device: SoakDevice;
  readonly topicFilter: string;
  readonly destination: ArrivalCount;
  /** Milliseconds, on average, from one departure to the next. */
  readonly stay: number;
  /** A number from 0 to below 1. */
  readonly random: () => number;
  /** Called for each departure. */
  readonly onDeparture: (departure: Departure) => void;
}

/** Milliseconds that it is away, on average. */
const absence = 1000;

/** A subscriber that leaves and returns at random. */
export class SoakSubscriber {
  private client?: MqttClient;

  constructor(private readonly props: SoakSubscriberProps) {}

  async join(): Promise<void> {
    this.client = await this.connect();
    await this.subscribe();
  }

  /** Leaves and returns until the signal, and then stays. @throws Error when IoT Core Local refuses what it must grant */
  async comeAndGo(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.pass(this.props.stay, signal);
      if (signal.aborted) return;
      const departure = this.pick();
      this.props.onDeparture(departure);
      await this.depart(departure, signal);
    }
  }

  leave(): void {
    if (this.client) kill(this.client);
  }

  /** A persistent session never unsubscribes: so its group always has a member. */
  private pick(): Departure {
    const ways = this.props.device.isPersistent ? departures.filter((way) => way !== 'unsubscribe') : departures;
    return ways[Math.floor(this.props.random() * ways.length)];
  }

  private async depart(departure: Departure, signal: AbortSignal): Promise<void> {
    const client = this.client!;
    switch (departure) {
      case 'disconnect':
        await client.endAsync();
        await this.pass(absence, signal);
        await this.join();
        break;
      case 'kill':
        kill(client);
        await this.pass(absence, signal);
        await this.join();
        break;
      case 'unsubscribe':
        await client.unsubscribeAsync(this.props.topicFilter);
        await this.pass(absence, signal);
        await this.subscribe();
        break;
      case 'takeover':
        await this.join();
    }
  }

  private connect(): Promise<MqttClient> {
    return openClient(this.props.device, (message) => this.props.destination.count(message));
  }

  private async subscribe(): Promise<void> {
    const { topicFilter, device } = this.props;
    const [granted] = await this.client!.subscribeAsync(topicFilter, { qos: 1 });
    if (granted?.qos !== 1) throw new Error(`${device.clientId} was not granted ${topicFilter}.`);
  }

  /** Waits for a random time up to twice the average, or until the signal. */
  private async pass(average: number, signal: AbortSignal): Promise<void> {
    await sleep(this.props.random() * 2 * average, undefined, { signal }).catch(() => {});
  }
}
