import { randomUUID } from 'node:crypto';
import type { Car, Device, Fleet } from '../fleet/fleet';
import { type Destination, destinations } from './destination';
import type { Clock } from './pacer';

/**
 * Messages that do not count. They show when subscriptions have taken effect, which on AWS may be a moment after the SUBACK.
 *
 * One that reaches a group is enough for it: whoever of its members is ready gets what the group is due.
 */
export class Probes {
  private readonly run = randomUUID();
  private readonly unreached: Set<Destination>;
  private onReached: () => void = () => {};
  private count = 0;

  constructor(fleet: Fleet) {
    this.unreached = new Set(destinations(fleet));
  }

  /** Whether a message that arrived is one of these. */
  arrived(message: string, device: Device): boolean {
    if (!message.includes(this.run)) return false;
    for (const destination of this.unreached)
      if (destination.members.includes(device)) this.unreached.delete(destination);
    if (this.unreached.size === 0) this.onReached();
    return true;
  }

  /**
   * Has probes published until each group and consumer has got one.
   *
   * @param interval milliseconds to wait before the next one
   * @param answerTimeout milliseconds after which to give up
   * @throws Error naming those that nothing reaches
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
