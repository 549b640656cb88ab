import { appendFileSync } from 'node:fs';
import type { Fleet } from '../fleet/fleet';
import { runCdk } from '../targets/cdk-cli';
import { castOf } from '../walk-through/scenario';
import type { RehearsalAccount } from './account/rehearsal-account';
import { existing, heldMessagesAndSessions } from './account/remains';
import { Checkout } from './checkout';
import { changeOf } from './fleet-change';
import { namesOf } from './own-names';
import { perform, type RehearsalListener } from './perform';
import type { Rehearsal } from './rehearsal';
import type { Step, StepResult } from './step';

export interface PreparationOptions {
  readonly account: RehearsalAccount;
  readonly fleet: Fleet;
  /** An empty folder for keys and assemblies. The caller removes it. */
  readonly folder: string;
  /** The file that the output of the CDK's CLI is appended to. */
  readonly cdkLog: string;
}

/**
 * Synthesizes the fleet, and makes sure that nothing of its names is in the account. Nothing is changed there.
 *
 * @throws Error that names what is there, or what keeps the fleet from being rehearsed
 */
export async function prepare({ account, fleet, folder, cdkLog }: PreparationOptions): Promise<Rehearsal> {
  const change = changeOf(fleet);
  const checkout = new Checkout(folder, account.target);
  const first = await checkout.synthesize({ ...castOf(fleet), stacks: fleet.stacks });
  const environment = { ...account.access.environment, CDK_HOME: checkout.cdkHome };
  const onOutput = (text: string) => appendFileSync(cdkLog, text);
  const cdk = async (...args: string[]) => {
    appendFileSync(cdkLog, `\n$ cdk ${args.join(' ')}\n`);
    return runCdk(args, { folder, environment, onOutput, isShielded: true });
  };
  const there = [
    ...(await existing(account, namesOf({ first, change }))),
    ...(await heldMessagesAndSessions(account, first.fleet.devices)),
  ];
  if (there.length > 0) {
    throw new Error(
      `The account has what a rehearsal would make, and remove in the end: ${there.join(', ')}. Nothing was changed. Remove it first, or set AWS_REGION to a Region without one.`,
    );
  }
  return { account, checkout, first, change, cdk, certificateIds: new Set(), clients: [] };
}

export interface RehearseOptions {
  /** All steps, those that clean up last. */
  readonly steps: readonly Step[];
  readonly listener: RehearsalListener;
  /** Ends the rehearsal after the step that runs, and then cleans up. */
  readonly interruption: AbortSignal;
  /** Waits before the destruction, for a person who looks around. @default - it does not wait */
  readonly pause?: () => Promise<void>;
}

/** Performs all steps. What was made is destroyed in the end, whatever happens. */
export function rehearse(
  rehearsal: Rehearsal,
  { steps, listener, interruption, pause }: RehearseOptions,
): Promise<StepResult[]> {
  return perform(pause ? withPause(steps, pause) : steps, rehearsal, listener, interruption);
}

/** The steps with a wait before the first that cleans up. */
function withPause(steps: readonly Step[], pause: () => Promise<void>): Step[] {
  const look: Step<void> = {
    name: 'a look around',
    lookAt: '',
    run: pause,
    verdict: () => ({ summary: 'ended', problems: [] }),
  };
  const end = steps.findIndex(({ isCleanup }) => isCleanup);
  return [...steps.slice(0, end), look, ...steps.slice(end)];
}
