import { emptyEventually } from '../account/eventually';
import { countAll, existing, existingCertificates, heldMessagesAndSessions } from '../account/remains';
import { changesOfStranger } from '../account/stranger';
import { namesOf } from '../own-names';
import type { Rehearsal } from '../rehearsal';
import type { Step } from '../step';

/** What there is after the destruction. */
export interface RemainsEvidence {
  /** What is left of the fleet, a few words each. */
  readonly left: readonly string[];
  /** What has changed of the stranger's things, a sentence each. */
  readonly changed: readonly string[];
  /** What the account has, where all of it is the rehearsal's. */
  readonly all?: { readonly things: number; readonly certificates: number; readonly policies: number };
}

/** A look at what is left: nothing but the stranger's things, untouched. */
export const nothingLeft: Step<RemainsEvidence> = {
  name: "nothing is left but the stranger's",
  lookAt: 'What is named above, with the AWS CLI or in the console. docs/aws.md, "How it leaves nothing".',
  isCleanup: true,
  async run(rehearsal) {
    const { account, stranger } = rehearsal;
    const left = await emptyEventually(() => remainsOf(rehearsal), account.access.settleTime);
    const changed = stranger ? await changesOfStranger(account, stranger) : [];
    return { left, changed, all: account.access.isOwn && stranger ? await countAll(account) : undefined };
  },
  verdict({ left, changed, all }) {
    const surplus = Object.entries(all ?? {}).filter(([, count]) => count !== 1);
    return {
      summary: 'no stack, thing, policy, certificate, session or retained message',
      problems: [
        ...left.map((each) => `There still is ${each}.`),
        ...changed,
        ...surplus.map(([kind, count]) => `The account has ${count} ${kind}, and the stranger 1.`),
      ],
    };
  },
};

async function remainsOf(rehearsal: Rehearsal): Promise<string[]> {
  const { account, deployed, first, certificateIds } = rehearsal;
  const { stackNames, names } = namesOf(rehearsal);
  const ofFleet = { stackNames, names: names.filter((name) => name !== rehearsal.stranger?.name) };
  return [
    ...(await existing(account, ofFleet)),
    ...(await existingCertificates(account, certificateIds)),
    ...(await heldMessagesAndSessions(account, (deployed ?? first).fleet.devices)),
  ];
}
