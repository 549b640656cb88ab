import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandOutcome } from '../../targets/cdk-cli';
import type { Rehearsal } from '../rehearsal';
import type { Step } from '../step';
import { lastLine } from './deploy';

/** What a destruction left. */
export interface DestructionEvidence {
  /** The outcome of each try, or none if nothing was deployed. */
  readonly outcomes: readonly CommandOutcome[];
  /** How many of the fleet's clients are connected still. */
  readonly connected: number;
}

/** The destruction of all stacks. AWS may need time for what was detached; then it is tried once more. */
export const destroy: Step<DestructionEvidence> = {
  name: 'cdk destroy --all',
  lookAt:
    'The CLI\'s output names what could not be deleted, and why. docs/aws.md, "If something goes wrong". Then, from this checkout: npx cdk destroy --all',
  isCleanup: true,
  async run(rehearsal) {
    const { deployed, account, clients } = rehearsal;
    if (!deployed) return { outcomes: [], connected: 0 };
    const outcomes = [await destroyAll(rehearsal, deployed.assembly)];
    if (outcomes[0].exitCode !== 0 && account.access.settleTime > 0) {
      await sleep(account.access.settleTime);
      outcomes.push(await destroyAll(rehearsal, deployed.assembly));
    }
    const connected = clients.filter(({ open }) => open).length;
    await Promise.all(clients.map((client) => client.end()));
    return { outcomes, connected };
  },
  verdict({ outcomes, connected }) {
    const last = outcomes.at(-1);
    if (!last) return { summary: 'nothing was deployed', problems: [] };
    return {
      summary: outcomes.length > 1 ? `in ${outcomes.length} tries` : 'at the first try',
      problems: [
        ...(last.exitCode === 0 ? [] : [`cdk destroy ended with exit code ${last.exitCode}: ${lastLine(last)}`]),
        ...(connected === 0 ? [] : [`${connected} clients of the fleet are connected still.`]),
      ],
    };
  },
};

function destroyAll(rehearsal: Rehearsal, assembly: string): Promise<CommandOutcome> {
  return rehearsal.cdk('destroy', '--all', '--force', '--app', assembly);
}
