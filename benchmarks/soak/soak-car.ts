import { setTimeout as sleep } from 'node:timers/promises';
import type { MqttClient } from 'mqtt';
import { kill, openClient, type SoakDevice } from './soak-client';

/** A device that publishes at QoS 1, at a constant rate. */
export class SoakCar {
  /** The numbers of the messages that IoT Core Local has acknowledged. */
  readonly acknowledged: number[] = [];
  private sent = 0;

  /** @param name - the first word of its messages */
  static async connect(name: string, device: SoakDevice, topic: string): Promise<SoakCar> {
    return new SoakCar(name, await openClient(device), topic);
  }

  private constructor(
    readonly name: string,
    private readonly client: MqttClient,
    private readonly topic: string,
  ) {}

  /** @param rate - messages a second */
  async publish(rate: number, signal: AbortSignal): Promise<void> {
    const begin = performance.now();
    const answers = new Set<Promise<void>>();
    while (!signal.aborted) {
      const due = ((performance.now() - begin) / 1000) * rate;
      for (; this.sent < due; this.sent += 1) {
        const answer = this.publishOne(this.sent).finally(() => answers.delete(answer));
        answers.add(answer);
      }
      await sleep(20);
    }
    await Promise.all(answers);
  }

  leave(): void {
    kill(this.client);
  }

  private async publishOne(number: number): Promise<void> {
    await this.client.publishAsync(this.topic, `${this.name} ${number}`, { qos: 1 });
    this.acknowledged.push(number);
  }
}
