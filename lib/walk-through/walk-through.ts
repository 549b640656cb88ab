import { type Device, Fleet } from '../fleet/fleet';
import { systemClock } from './clients/pacer';
import { pacingOf } from './pacing';
import { type Cast, castOf, type Scenario } from './scenario';
import type { Run, Scoreboard } from './scoreboard';
import { Stage, type StageProps } from './stage';

type Optional = 'answerTimeout' | 'pacing' | 'clock' | 'isWatched';

export interface WalkThroughProps
  extends Omit<StageProps, Optional | 'scenario' | 'caption'>,
    Partial<Pick<StageProps, Optional>> {
  readonly scenario: Scenario;
  /** The deployed fleet; the scenario may need only a part of it. */
  readonly fleet: Fleet;
}

/** A scenario and a fleet that is deployed. */
export class WalkThrough {
  /** What is played with which devices. */
  readonly run: Run;

  /** @throws Error if the fleet lacks devices that the scenario needs */
  constructor(private readonly props: WalkThroughProps) {
    const { scenario, fleet, target, mqtt, qos } = props;
    this.run = {
      scenario: scenario.name,
      caption: scenario.caption,
      fleet: castIn(fleet, scenario),
      target,
      mqtt,
      qos,
    };
  }

  /**
   * Plays the scenario.
   *
   * @returns the score; its verdict is a fail if a message is lost, an attempt is not refused, or the scenario did not find what it looks for
   * @throws Error if it cannot begin: a file is missing or bad, or the server does not let a device connect or subscribe
   */
  async play(onEvent = this.props.onEvent): Promise<Scoreboard> {
    const { scenario, ...props } = this.props;
    const { answerTimeout = 10_000, clock = systemClock, pacing = pacingOf(props.target), isWatched = false } = props;
    const stage = new Stage({ ...props, ...this.run, answerTimeout, clock, pacing, isWatched, onEvent });
    try {
      await scenario.play(stage);
    } finally {
      await stage.close();
    }
    return stage.scoreboard;
  }
}

/**
 * The part of a deployed fleet that a scenario needs.
 *
 * @throws Error if the fleet lacks some of its devices
 */
function castIn(fleet: Fleet, scenario: Scenario): Fleet {
  const given = castOf(fleet);
  const cast: Cast = scenario.cast(given, { isDeployed: true });
  if (cast === given) return fleet;
  const part = Fleet.fromContext(cast);
  const deployed = new Set(fleet.devices.map(identityOf));
  const missing = part.devices.filter((device) => !deployed.has(identityOf(device)));
  if (missing.length === 0) return part;
  const names = missing.map(({ thingName }) => thingName).join(', ');
  throw new Error(`The scenario "${scenario.name}" needs devices that the deployed fleet does not have: ${names}.`);
}

/** What makes a device of one fleet the same in another: its name and its rights. */
function identityOf(device: Device): string {
  return JSON.stringify([device.thingName, device.role === 'car' ? device.topic : device.topicFilter, device.role]);
}
