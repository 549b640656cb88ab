import type { Target } from '../devices/device-folder';
import type { Fleet } from '../fleet/fleet';
import { Deliveries, type Tally } from './deliveries';
import type { WalkThroughEvent } from './events';
import { type Attempt, describeAttempt } from './forbidden';
import { duplicatesAreFaults } from './manners';

/** A walk-through in numbers; what `npm start -- --json` prints. */
export interface Result {
  readonly target: Target;
  readonly mqtt: 3 | 5;
  readonly qos: 0 | 1;
  readonly published: number;
  /** Messages by subscriber, repeated ones included. */
  readonly received: Readonly<Record<string, number>>;
  readonly groups: Readonly<Record<string, { delivered: number; duplicated: number; lost: number }>>;
  readonly denied: { readonly tried: number; readonly refused: number };
  readonly verdict: 'pass' | 'fail';
  readonly seconds: number;
}

/** The run that is being scored. */
export interface Run {
  readonly fleet: Fleet;
  readonly target: Target;
  readonly mqtt: 3 | 5;
  readonly qos: 0 | 1;
}

/**
 * Counts a walk-through's events into a result and a verdict. It holds when
 * - every consumer got every message,
 * - every group got each message exactly once, no matter how its members shared them,
 * - everything forbidden that was tried was refused.
 */
export class Scoreboard {
  readonly #deliveries: Deliveries;
  readonly #received = new Map<string, number>();
  readonly #attempts: { attempt: Attempt; refused: boolean }[] = [];
  readonly #mishaps: string[] = [];
  #published = 0;
  #strays = 0;

  constructor(readonly run: Run) {
    this.#deliveries = new Deliveries(run.fleet);
    for (const { thingName } of run.fleet.subscribers) this.#received.set(thingName, 0);
  }

  /** Whether every message that was published has arrived wherever it should. */
  get complete(): boolean {
    return this.#deliveries.incomplete === 0;
  }

  record(event: WalkThroughEvent): void {
    switch (event.type) {
      case 'published':
        this.#published++;
        this.#deliveries.published(event.message, event.device);
        break;
      case 'delivered':
        this.#delivered(event);
        break;
      case 'trouble':
        this.#mishaps.push(`${event.device.thingName} ${event.problem}.`);
        break;
      case 'tried':
        this.#attempts.push({ attempt: event.attempt, refused: event.outcome.refused });
        if (!event.outcome.refused) {
          this.#mishaps.push(`${describeAttempt(event.attempt)} was not refused: ${event.outcome.reason}.`);
        }
        break;
      case 'connected':
      case 'subscribed':
      case 'settled':
        break;
    }
  }

  /** What keeps the verdict from holding, a sentence each. Empty when it holds. */
  problems(): string[] {
    const tallies = this.#deliveries.tallies();
    return [
      ...(this.#published === 0 ? ['No message was published.'] : []),
      ...tallies.flatMap(lossOf),
      ...(duplicatesAreFaults(this.run.target) ? this.#oddities(tallies) : []),
      ...this.#mishaps,
    ];
  }

  /** What is worth telling but no fault on this target, a sentence each. */
  remarks(): string[] {
    return duplicatesAreFaults(this.run.target) ? [] : this.#oddities(this.#deliveries.tallies());
  }

  /** @param seconds how long the run took */
  result(seconds: number): Result {
    const { target, mqtt, qos } = this.run;
    const groups = this.#deliveries.tallies().filter(({ audience }) => audience.kind === 'group');
    return {
      target,
      mqtt,
      qos,
      published: this.#published,
      received: Object.fromEntries(this.#received),
      groups: Object.fromEntries(
        groups.map(({ audience, delivered, duplicated, lost }) => {
          return [audience.name, { delivered, duplicated: duplicated.length, lost: lost.length }];
        }),
      ),
      denied: {
        tried: this.#attempts.length,
        refused: this.#attempts.filter(({ refused }) => refused).length,
      },
      verdict: this.problems().length === 0 ? 'pass' : 'fail',
      seconds: Math.round(seconds * 10) / 10,
    };
  }

  #delivered({ device, message, topic }: Extract<WalkThroughEvent, { type: 'delivered' }>): void {
    if (topic !== this.run.fleet.topic || this.#deliveries.delivered(message, device) === false) {
      this.#strays++;
      return;
    }
    this.#received.set(device.thingName, (this.#received.get(device.thingName) ?? 0) + 1);
  }

  #oddities(tallies: readonly Tally[]): string[] {
    const strays = this.#strays === 1 ? '1 message came' : `${this.#strays} messages came`;
    return [
      ...tallies.flatMap(({ audience, duplicated }) => {
        return duplicated.length ? [`${audience.name} got ${listed(duplicated)} more than once.`] : [];
      }),
      ...(this.#strays ? [`${strays} that this run did not send, or not there.`] : []),
    ];
  }
}

function lossOf({ audience, lost }: Tally): string[] {
  return lost.length ? [`${audience.name} did not get ${listed(lost)}.`] : [];
}

/** Enough of them to go by: `a, b, c and 4 more`. */
function listed(messages: readonly string[]): string {
  const shown = messages.slice(0, 3).join(', ');
  return messages.length > 3 ? `${shown} and ${messages.length - 3} more` : shown;
}
