import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandOutcome } from '../../targets/cdk-cli';
import { releaseStranger } from '../account/stranger';
import type { Rehearsal } from '../rehearsal';
import type { Step } from '../step';
import { lastLine } from './deploy';

/** What a destruction left. */
export interface DestructionEvidence {
  /** The outcome of each try, or none if nothing was deployed. */
  readonly outcomes: readonly CommandOutcome[];
  /** Whether the last try had to be helped: what the sweep should have detached was detached before it. */
  readonly isHelped: boolean;
  /** How many of the fleet's clients are connected still. */
  readonly connected: number;
}

/**
 * The destruction of all stacks. AWS may need time for what was detached; then it is tried once more. If that fails too, it is a fault, but
 * the account must not keep the stacks: the stranger's things are detached, and it is tried a last time.
 */
export const destroy: Step<DestructionEvidence> = {
  name: 'cdk destroy --all',
  lookAt:
    'The CLI\'s output names what could not be deleted, and why. docs/aws.md, "If something goes wrong". Then, from this checkout: npx cdk destroy --all',
  isCleanup: true,
  async run(rehearsal) {
    const { deployed, account, clients } = rehearsal;
    if (!deployed) return { outcomes: [], isHelped: false, connected: 0 };
    const outcomes = [await destroyAll(rehearsal, deployed.assembly)];
    const hasFailed = () => outcomes.at(-1)?.exitCode !== 0;
    if (hasFailed() && account.access.settleTime > 0) {
      await sleep(account.access.settleTime);
      outcomes.push(await destroyAll(rehearsal, deployed.assembly));
    }
    const isHelped = hasFailed();
    const connected = clients.filter(({ open }) => open).length;
    await Promise.all(clients.map((client) => client.end()));
    if (isHelped) {
      if (rehearsal.stranger) await releaseStranger(account, rehearsal.stranger);
      outcomes.push(await destroyAll(rehearsal, deployed.assembly));
    }
    return { outcomes, isHelped, connected };
  },
  verdict({ outcomes, isHelped, connected }) {
    if (outcomes.length === 0) return { summary: 'nothing was deployed', problems: [] };
    const own = isHelped ? outcomes.slice(0, -1) : outcomes;
    const last = own.at(-1)!;
    const isGone = outcomes.at(-1)!.exitCode === 0;
    const help = isGone
      ? 'With the stranger detached by hand, the stacks were destroyed.'
      : 'Even with the stranger detached by hand, the stacks were not destroyed. They are there still.';
    return {
      summary: own.length > 1 ? `in ${own.length} tries` : 'at the first try',
      problems: [
        ...(last.exitCode === 0 ? [] : [`cdk destroy ended with exit code ${last.exitCode}: ${lastLine(last)}`]),
        ...(isHelped ? [help] : []),
        ...(connected === 0 ? [] : [`${connected} clients of the fleet are connected still.`]),
      ],
    };
  },
};

function destroyAll(rehearsal: Rehearsal, assembly: string): Promise<CommandOutcome> {
  return rehearsal.cdk('destroy', '--all', '--force', '--app', assembly);
}
