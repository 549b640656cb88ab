import { randomUUID } from 'node:crypto';
import type { Car, Device, Fleet } from '../fleet/fleet';
import type { Clock } from './clients/pacer';
import { type Destination, destinations } from './destination';

/** When to send probes, and for how long. */
export interface ProbeTimes {
  /** Milliseconds from one probe of a car to its next. */
  readonly interval: number;
  /** Milliseconds after which a car gives up. */
  readonly timeout: number;
  readonly clock: Clock;
}

/**
 * Probe messages, which are not counted. They show when policies and subscriptions have taken effect; on AWS that may be some time after
 * the deployment and the SUBACK.
 *
 * One probe that reaches a group is enough for the group: the members that are ready get the group's messages. Each car sends probes of
 * its own, because its right to publish may take effect later than another car's.
 */
export class Probes {
  private readonly run = randomUUID();
  private readonly destinations: readonly Destination[];
  private readonly unreached = new Map<string, Set<Destination>>();
  private readonly onReached = new Map<string, () => void>();
  private count = 0;

  constructor(fleet: Fleet) {
    this.destinations = destinations(fleet);
  }

  /** Whether a message that arrived is a probe. */
  arrived(message: string, device: Device): boolean {
    const [, thingName] = message.split(`"probe": "${this.run}/`);
    if (thingName === undefined) return false;
    const car = thingName.slice(0, thingName.indexOf('/'));
    const unreached = this.unreached.get(car);
    for (const destination of unreached ?? []) if (destination.members.includes(device)) unreached!.delete(destination);
    if (unreached?.size === 0) this.onReached.get(car)?.();
    return true;
  }

  /**
   * Publishes a car's probes until each group and consumer has got one.
   *
   * @param publish - may throw while the car's right to publish has not taken effect
   * @throws Error with the names of those that no probe reaches, or what `publish` throws in the end
   */
  async send({ thingName }: Car, publish: (message: string) => Promise<void>, times: ProbeTimes): Promise<void> {
    const { interval, timeout, clock } = times;
    const unreached = new Set(this.destinations);
    this.unreached.set(thingName, unreached);
    const reached = new Promise<void>((resolve) => this.onReached.set(thingName, resolve));
    for (const end = clock.now() + timeout; unreached.size > 0; ) {
      let failure: unknown;
      try {
        await publish(`{"ID": "${thingName}", "probe": "${this.run}/${thingName}/${++this.count}"}`);
      } catch (error) {
        failure = error;
      }
      await Promise.race([reached, clock.after(interval)]);
      if (unreached.size > 0 && clock.now() >= end) {
        if (failure) throw failure;
        const names = [...unreached].map(({ name }) => name).join(', ');
        throw new Error(
          `No message of ${thingName} reaches ${names}: the subscription was accepted, but it has no effect.`,
        );
      }
    }
  }
}
