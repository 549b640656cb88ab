import type { Pacing } from '../../walk-through/pacing';
import type { Scenario } from '../../walk-through/scenario';
import { shared } from '../../walk-through/scenarios/shared';
import type { Result } from '../../walk-through/scoreboard';
import { WalkThrough } from '../../walk-through/walk-through';
import { deviceFolders, endpointOf } from '../connection';
import { deployedIn, type Rehearsal } from '../rehearsal';
import type { Step, StepVerdict } from '../step';

/**
 * Plays a scenario with the deployed fleet.
 *
 * @param pacing - @default - that of the target
 * @throws Error if it cannot begin
 */
export async function play(rehearsal: Rehearsal, scenario: Scenario, pacing?: Pacing): Promise<Result> {
  const begin = performance.now();
  const walkThrough = new WalkThrough({
    scenario,
    fleet: deployedIn(rehearsal).fleet,
    target: rehearsal.checkout.target,
    endpoint: endpointOf(rehearsal),
    folders: deviceFolders(rehearsal),
    mqtt: 5,
    qos: 0,
    onEvent: () => {},
    pacing,
  });
  const scoreboard = await walkThrough.play();
  return scoreboard.result((performance.now() - begin) / 1000);
}

/** @param isTried - whether the scenario makes the forbidden attempts */
export function resultVerdict({ published, denied, problems }: Result, isTried: boolean): StepVerdict {
  const refused = isTried ? `, ${denied.refused} of ${denied.tried} forbidden attempts refused` : '';
  const untried = isTried && denied.tried === 0 ? ['No forbidden attempt was made.'] : [];
  return { summary: `${published} messages${refused}`, problems: [...problems, ...untried] };
}

/** The walk-through with all refusals. */
export const walkThrough: Step<Result> = {
  name: 'npm start -- --aws',
  lookAt:
    'docs/aws.md, "If something goes wrong". A policy that was just deployed may not be in force for some minutes.',
  run: (rehearsal) => play(rehearsal, shared),
  verdict: (result) => resultVerdict(result, true),
};
