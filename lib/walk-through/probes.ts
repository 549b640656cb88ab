import { randomUUID } from 'node:crypto';
import type { Car, Device, Fleet } from '../fleet/fleet';
import { type Destination, destinations } from './destination';
import type { Clock } from './pacer';

/**
 * Probe messages, which are not counted. They show when subscriptions have taken effect; on AWS that may be some time after the SUBACK.
 *
 * One probe that reaches a group is enough for the group: the members that are ready get the group's messages.
 */
export class Probes {
  private readonly run = randomUUID();
  private readonly unreached: Set<Destination>;
  private onReached: () => void = () => {};
  private count = 0;

  constructor(fleet: Fleet) {
    this.unreached = new Set(destinations(fleet));
  }

  /** Whether a message that arrived is a probe. */
  arrived(message: string, device: Device): boolean {
    if (!message.includes(this.run)) return false;
    for (const destination of this.unreached)
      if (destination.members.includes(device)) this.unreached.delete(destination);
    if (this.unreached.size === 0) this.onReached();
    return true;
  }

  /**
   * Publishes probes until each group and consumer has got one.
   *
   * @param interval - milliseconds from one probe to the next
   * @param answerTimeout - milliseconds after which it gives up
   * @throws Error with the names of those that no probe reaches
   */
  async send(
    car: Car,
    publish: (message: string) => Promise<void>,
    clock: Clock,
    interval: number,
    answerTimeout: number,
  ) {
    const reached = new Promise<void>((resolve) => {
      this.onReached = resolve;
    });
    for (const end = clock.now() + answerTimeout; this.unreached.size > 0; ) {
      if (clock.now() >= end) {
        const names = [...this.unreached].map(({ name }) => name).join(', ');
        throw new Error(`No message reaches ${names}: the subscription was accepted, but has no effect.`);
      }
      await publish(`{"ID": "${car.thingName}", "probe": "${this.run}/${++this.count}"}`);
      await Promise.race([reached, clock.after(interval)]);
    }
  }
}
