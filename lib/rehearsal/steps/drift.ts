import { drifts } from '../drifts';
import type { Step } from '../step';

/** Everything that somebody may do to a fleet past CloudFormation, at the same time. */
export const drift: Step<number> = {
  name: 'drift of every kind',
  lookAt: 'The drift that could not be brought about: its name is in the message.',
  async run(rehearsal) {
    for (const { drift: kind, bringAbout } of drifts) {
      try {
        await bringAbout(rehearsal);
      } catch (error) {
        throw new Error(`${kind}: ${(error as Error).message}`, { cause: error });
      }
    }
    return drifts.length;
  },
  verdict: (count) => ({ summary: `${count} kinds`, problems: [] }),
};
