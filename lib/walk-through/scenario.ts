import type { Fleet } from '../fleet/fleet';
import type { Stage } from './stage';

/** Who is in a fleet, as cdk.json holds it. */
export interface Cast {
  readonly topic: string;
  readonly cars: readonly string[];
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly consumers: readonly string[];
}

/** What may be chosen for a scenario's fleet. */
interface CastChoice {
  /** Whether the fleet is deployed already, so that nobody can be added. */
  readonly isDeployed: boolean;
  /** How many cars the user wants. @default - the scenario's */
  readonly cars?: number;
}

/** One way to use the fleet, with a verdict of its own. */
export interface Scenario {
  readonly name: string;
  /** What it shows, in a few words. */
  readonly shows: string;
  /** A sentence that says what to look at. */
  readonly caption: string;
  /** The version of MQTT that it needs. @default - any */
  readonly mqtt?: 5;
  /** The quality of service that it needs. @default - any */
  readonly qos?: 1;
  /**
   * Who takes part.
   *
   * @throws Error with a sentence that says which devices are missing
   */
  cast(given: Cast, choice: CastChoice): Cast;
  /**
   * Plays it. What it finds goes to {@link Stage.found}.
   *
   * @throws Error if it cannot begin
   */
  play(stage: Stage): Promise<void>;
}

/** Who is in a fleet. */
export function castOf({ topic, cars, groups, consumers }: Fleet): Cast {
  const names = (devices: readonly { readonly thingName: string }[]) => devices.map(({ thingName }) => thingName);
  return {
    topic,
    cars: names(cars),
    groups: Object.fromEntries([...groups].map(([name, members]) => [name, names(members)])),
    consumers: names(consumers),
  };
}

/** @throws Error if nobody publishes or nobody subscribes */
export function requireBothSides({ cars, groups, consumers }: Cast): void {
  if (cars.length === 0) throw new Error('A walk-through needs a car that publishes; the fleet has none.');
  if (Object.keys(groups).length === 0 && consumers.length === 0) {
    throw new Error('A walk-through needs a group or a consumer that subscribes; the fleet has none.');
  }
}
