import type { Clock } from '../../walk-through/clients/pacer';
import type { DeployedFleet } from '../../walk-through/deployed-fleet';
import type { Scenario } from '../../walk-through/scenario';
import { paint } from '../../walk-through/view/paint';
import { verdictLines } from '../../walk-through/view/report';
import { WalkThrough } from '../../walk-through/walk-through';
import type { Tell } from '../model/events';
import { publicReason } from './public-reason';
import { scenarioListener } from './scenario-events';
import { type Protocol, showOf } from './show';

export interface ScenarioShowProps extends DeployedFleet, Protocol {
  readonly scenario: Scenario;
  readonly clock: Clock;
  readonly tell: Tell;
  /** Gets what may name a path, which must not reach the browser. */
  readonly complain: (sentence: string) => void;
}

/** Plays a scenario to its verdict. */
export async function playScenario({ scenario, tell, complain, ...props }: ScenarioShowProps): Promise<void> {
  const begin = performance.now();
  const walkThrough = new WalkThrough({ ...props, scenario, isWatched: true });
  const { fleet, caption } = walkThrough.run;
  const { name } = scenario;
  const about = { kind: 'scenario', name, caption, attempts: [], mostPerSecond: 0 } as const;
  tell({ type: 'show', show: showOf({ ...props, fleet }, props, about) });
  tell({ type: 'verdict', verdict: { verdict: 'running', sentence: 'The scenario runs.', details: [] } });
  try {
    const scoreboard = await walkThrough.play(scenarioListener(fleet, tell));
    const result = scoreboard.result((performance.now() - begin) / 1000);
    const [sentence, ...details] = verdictLines(scoreboard, result, paint(false));
    tell({ type: 'verdict', verdict: { verdict: result.verdict, sentence, details } });
  } catch (error) {
    const sentence = `Fail. The scenario could not be played: ${publicReason(error, complain)}.`;
    tell({ type: 'verdict', verdict: { verdict: 'fail', sentence, details: [] } });
  }
}
