import { pacingAfterChange } from '../../walk-through/pacing';
import type { Scenario } from '../../walk-through/scenario';
import { shared } from '../../walk-through/scenarios/shared';
import type { Result } from '../../walk-through/scoreboard';
import type { Step } from '../step';
import { play, resultVerdict } from './walk-through';

/** Without the forbidden attempts: on AWS the right that the update took away may linger for minutes. */
const messagesAlone: Scenario = {
  ...shared,
  async play(stage) {
    const messages = stage.messages();
    await stage.gather();
    await stage.publish(messages);
    await stage.settle();
  },
};

/** The walk-through after the update. On AWS it makes no forbidden attempt, and waits for up to ten minutes until a new right is in force. */
export const walkThroughChanged: Step<{ result: Result; isTried: boolean }> = {
  name: 'npm start -- --aws again',
  lookAt: 'The policy of the subscriber that moved to another group: on AWS a new right takes 6 to 8 minutes.',
  async run(rehearsal) {
    const { target } = rehearsal.checkout;
    const isTried = target !== 'aws';
    const scenario = isTried ? shared : messagesAlone;
    return { result: await play(rehearsal, scenario, pacingAfterChange(target)), isTried };
  },
  verdict: ({ result, isTried }) => resultVerdict(result, isTried),
};
