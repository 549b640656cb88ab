import type { Target } from '../devices/device-folder';
import type { Device, Fleet } from '../fleet/fleet';
import { Arrivals, type DestinationCount, type PublishedMessage } from './arrivals';
import { type Attempt, describeAttempt } from './attempts';
import type { Bar, WalkThroughEvent } from './events';
import { duplicatesAreFaults } from './pacing';

/** The result of a walk-through, as `npm start -- --json` prints it. */
export interface Result {
  readonly scenario: string;
  readonly target: Target;
  readonly mqtt: 3 | 5;
  readonly qos: 0 | 1;
  readonly published: number;
  /** Messages by subscriber, with repeated ones. */
  readonly received: Readonly<Record<string, number>>;
  readonly groups: Readonly<Record<string, { delivered: number; duplicated: number; lost: number }>>;
  readonly denied: { readonly tried: number; readonly refused: number };
  /** What the scenario measured: a number for each name. */
  readonly measured: readonly { title: string; unit: string; values: Readonly<Record<string, number>> }[];
  /** Why the verdict is a fail; empty for a pass. */
  readonly problems: readonly string[];
  /** What the scenario found, and observations that are not faults on this target. */
  readonly remarks: readonly string[];
  readonly verdict: 'pass' | 'fail';
  readonly seconds: number;
}

/** The run whose events are counted. */
export interface Run {
  /** The scenario's name. */
  readonly scenario: string;
  /** A sentence that says what to look at. */
  readonly caption: string;
  readonly fleet: Fleet;
  readonly target: Target;
  readonly mqtt: 3 | 5;
  readonly qos: 0 | 1;
}

/**
 * Counts a walk-through's events and gives a verdict. The verdict is a pass when
 * - every consumer got every message,
 * - every group got each message exactly once, whichever member got it,
 * - every forbidden attempt was refused,
 * - the scenario found what it looks for.
 */
export class Scoreboard {
  private readonly arrivals: Arrivals;
  private readonly received = new Map<string, number>();
  private readonly attempts: { attempt: Attempt; refused: boolean }[] = [];
  private readonly measured: Extract<WalkThroughEvent, { type: 'measured' }>[] = [];
  private readonly findings: string[] = [];
  private readonly failures: string[] = [];
  private readonly excused = new Set<string>();
  private strays = 0;

  constructor(readonly run: Run) {
    this.arrivals = new Arrivals(run.fleet);
    for (const { thingName } of run.fleet.subscribers) this.received.set(thingName, 0);
  }

  /** How many messages were published. */
  get published(): number {
    return this.arrivals.published;
  }

  /** How many messages have yet to reach a destination. */
  get incomplete(): number {
    return this.arrivals.incomplete;
  }

  /** The messages that have not reached every destination, in the order of publication. */
  get unfinished(): PublishedMessage[] {
    return this.arrivals.unfinished();
  }

  /** How many messages each subscriber got. */
  get shares(): Bar[] {
    return [...this.received].map(([name, value]) => ({ name, value }));
  }

  /** A message's place in the order of publication, from 0; of several with the same text, the first one's. */
  placeOf(message: string): number {
    return this.arrivals.placeOf(message);
  }

  /** How many of these messages each of these devices got. Devices that got none are left out. */
  receiversOf(messages: readonly string[], devices: readonly Device[]): Bar[] {
    return devices.flatMap((device) => {
      const value = messages.filter((message) => this.arrivals.has(message, device)).length;
      return value > 0 ? [{ name: device.thingName, value }] : [];
    });
  }

  /** @returns the message that the event completes, if it completes one */
  record(event: WalkThroughEvent): PublishedMessage | undefined {
    switch (event.type) {
      case 'published':
        this.arrivals.publish(event.message, event.device);
        return undefined;
      case 'held':
        this.arrivals.hold(event.message, event.device);
        return undefined;
      case 'delivered':
        return this.deliver(event);
      case 'trouble':
        this.failures.push(`${event.device.thingName} ${event.problem}.`);
        return undefined;
      case 'found':
        (event.holds ? this.findings : this.failures).push(event.sentence);
        return undefined;
      case 'measured':
        this.measured.push(event);
        return undefined;
      case 'excused':
        for (const message of event.messages) this.excused.add(message);
        this.findings.push(event.reason);
        return undefined;
      case 'tried':
        this.attempts.push({ attempt: event.attempt, refused: event.outcome.refused });
        if (!event.outcome.refused) {
          this.failures.push(`${describeAttempt(event.attempt)} was not refused: ${event.outcome.reason}.`);
        }
        return undefined;
      case 'connected':
      case 'subscribed':
      case 'disconnected':
      case 'accepted':
      case 'step':
      case 'publishing':
      case 'completed':
      case 'missed':
      case 'settled':
        return undefined;
    }
  }

  /** Why the verdict is a fail, a sentence each. Empty for a pass. */
  problems(): string[] {
    const counts = this.arrivals.counts();
    return [
      ...(this.published === 0 && this.attempts.length === 0 ? ['No message was published.'] : []),
      ...counts.flatMap((count) => this.lossOf(count)),
      ...(duplicatesAreFaults(this.run.target) ? this.irregularities(counts) : []),
      ...this.failures,
    ];
  }

  /** What the scenario found, and observations that are not faults on this target, a sentence each. */
  remarks(): string[] {
    const odd = duplicatesAreFaults(this.run.target) ? [] : this.irregularities(this.arrivals.counts());
    return [...this.findings, ...odd];
  }

  /** @param seconds - how long the run took */
  result(seconds: number): Result {
    const { scenario, target, mqtt, qos } = this.run;
    const groups = this.arrivals.counts().filter(({ destination }) => destination.kind === 'group');
    const problems = this.problems();
    return {
      scenario,
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
      measured: this.measured.map(({ title, unit, bars }) => {
        return { title, unit, values: Object.fromEntries(bars.map(({ name, value }) => [name, value])) };
      }),
      problems,
      remarks: this.remarks(),
      verdict: problems.length === 0 ? 'pass' : 'fail',
      seconds: Math.round(seconds * 10) / 10,
    };
  }

  private deliver({ device, message, topic }: Extract<WalkThroughEvent, { type: 'delivered' }>) {
    const completed = topic === this.run.fleet.topic ? this.arrivals.deliver(message, device) : false;
    if (completed === false) {
      this.strays++;
      return undefined;
    }
    this.received.set(device.thingName, (this.received.get(device.thingName) ?? 0) + 1);
    return completed;
  }

  private lossOf({ destination, lost }: DestinationCount): string[] {
    const faults = lost.filter((message) => !this.excused.has(message));
    return faults.length ? [`${destination.name} did not get ${listed(faults)}.`] : [];
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

/** The first few: `a, b, c and 4 more`. */
function listed(messages: readonly string[]): string {
  const shown = messages.slice(0, 3).join(', ');
  return messages.length > 3 ? `${shown} and ${messages.length - 3} more` : shown;
}
