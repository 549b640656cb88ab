import type { Target } from '../devices/device-folder';
import type { Fleet } from '../fleet/fleet';
import { Arrivals, type DestinationCount } from './arrivals';
import { type Attempt, describeAttempt } from './attempts';
import type { WalkThroughEvent } from './events';
import { duplicatesAreFaults } from './pacing';

/** The result of a walk-through, as `npm start -- --json` prints it. */
export interface Result {
  readonly target: Target;
  readonly mqtt: 3 | 5;
  readonly qos: 0 | 1;
  readonly published: number;
  /** Messages by subscriber, with repeated ones. */
  readonly received: Readonly<Record<string, number>>;
  readonly groups: Readonly<Record<string, { delivered: number; duplicated: number; lost: number }>>;
  readonly denied: { readonly tried: number; readonly refused: number };
  readonly verdict: 'pass' | 'fail';
  readonly seconds: number;
}

/** The run whose events are counted. */
export interface Run {
  readonly fleet: Fleet;
  readonly target: Target;
  readonly mqtt: 3 | 5;
  readonly qos: 0 | 1;
}

/**
 * Counts a walk-through's events and gives a verdict. The verdict is a pass when
 * - every consumer got every message,
 * - every group got each message exactly once, whichever member got it,
 * - every forbidden attempt was refused.
 */
export class Scoreboard {
  private readonly arrivals: Arrivals;
  private readonly received = new Map<string, number>();
  private readonly attempts: { attempt: Attempt; refused: boolean }[] = [];
  private readonly failures: string[] = [];
  private published = 0;
  private strays = 0;

  constructor(readonly run: Run) {
    this.arrivals = new Arrivals(run.fleet);
    for (const { thingName } of run.fleet.subscribers) this.received.set(thingName, 0);
  }

  /** Whether every published message has reached every destination. */
  get complete(): boolean {
    return this.arrivals.incomplete === 0;
  }

  record(event: WalkThroughEvent): void {
    switch (event.type) {
      case 'published':
        this.published++;
        this.arrivals.published(event.message, event.device);
        break;
      case 'delivered':
        this.delivered(event);
        break;
      case 'trouble':
        this.failures.push(`${event.device.thingName} ${event.problem}.`);
        break;
      case 'tried':
        this.attempts.push({ attempt: event.attempt, refused: event.outcome.refused });
        if (!event.outcome.refused) {
          this.failures.push(`${describeAttempt(event.attempt)} was not refused: ${event.outcome.reason}.`);
        }
        break;
      case 'connected':
      case 'subscribed':
      case 'settled':
        break;
    }
  }

  /** Why the verdict is a fail, a sentence each. Empty for a pass. */
  problems(): string[] {
    const counts = this.arrivals.counts();
    return [
      ...(this.published === 0 ? ['No message was published.'] : []),
      ...counts.flatMap(lossOf),
      ...(duplicatesAreFaults(this.run.target) ? this.irregularities(counts) : []),
      ...this.failures,
    ];
  }

  /** Observations that are no fault on this target, a sentence each. */
  remarks(): string[] {
    return duplicatesAreFaults(this.run.target) ? [] : this.irregularities(this.arrivals.counts());
  }

  /** @param seconds - how long the run took */
  result(seconds: number): Result {
    const { target, mqtt, qos } = this.run;
    const groups = this.arrivals.counts().filter(({ destination }) => destination.kind === 'group');
    return {
      target,
      mqtt,
      qos,
      published: this.published,
      received: Object.fromEntries(this.received),
      groups: Object.fromEntries(
        groups.map(({ destination, delivered, duplicated, lost }) => {
          return [destination.name, { delivered, duplicated: duplicated.length, lost: lost.length }];
        }),
      ),
      denied: {
        tried: this.attempts.length,
        refused: this.attempts.filter(({ refused }) => refused).length,
      },
      verdict: this.problems().length === 0 ? 'pass' : 'fail',
      seconds: Math.round(seconds * 10) / 10,
    };
  }

  private delivered({ device, message, topic }: Extract<WalkThroughEvent, { type: 'delivered' }>): void {
    if (topic !== this.run.fleet.topic || this.arrivals.delivered(message, device) === false) {
      this.strays++;
      return;
    }
    this.received.set(device.thingName, (this.received.get(device.thingName) ?? 0) + 1);
  }

  private irregularities(counts: readonly DestinationCount[]): string[] {
    const strays = this.strays === 1 ? '1 message' : `${this.strays} messages`;
    return [
      ...counts.flatMap(({ destination, duplicated }) => {
        return duplicated.length ? [`${destination.name} got ${listed(duplicated)} more than once.`] : [];
      }),
      ...(this.strays ? [`${strays} arrived that this run did not publish, or not to that topic.`] : []),
    ];
  }
}

function lossOf({ destination, lost }: DestinationCount): string[] {
  return lost.length ? [`${destination.name} did not get ${listed(lost)}.`] : [];
}

/** The first few: `a, b, c and 4 more`. */
function listed(messages: readonly string[]): string {
  const shown = messages.slice(0, 3).join(', ');
  return messages.length > 3 ? `${shown} and ${messages.length - 3} more` : shown;
}
