import { latestEvent, resourcesOf, touchedSince } from '../account/stacks';
import { type Changes, expectedChanges, unplannedChanges } from '../expected-changes';
import { deployedIn, type Rehearsal } from '../rehearsal';
import type { Step } from '../step';
import { type DeploymentEvidence, deploymentProblems, deploySynthesis } from './deploy';

/** What an update did to a stack. */
interface StackUpdateEvidence {
  readonly stackName: string;
  readonly expected: Changes;
  /** What the templates would have changed, though the change of the fleet does not ask for it. */
  readonly unplanned: readonly string[];
  /** What the physical ids and the events show. */
  readonly seen: Changes;
}

/** What an update did. */
export interface UpdateEvidence {
  readonly deployment: DeploymentEvidence;
  readonly stacks: readonly StackUpdateEvidence[];
}

type Ids = ReadonlyMap<string, string>;

/** The update: one more car, another policy for one subscriber, another request for one car. */
export const update: Step<UpdateEvidence> = {
  name: 'cdk deploy --all of a changed fleet',
  lookAt:
    "The CLI's output names each resource that it changes. docs/maintenance.md says what a change of the fleet does.",
  async run(rehearsal) {
    const { checkout, change, account } = rehearsal;
    const before = deployedIn(rehearsal).templates;
    const known = await knownOf(rehearsal, before.keys());
    checkout.forget(change.renewed);
    const synthesis = await checkout.synthesize(change.context);
    const deployment = await deploySynthesis(rehearsal, synthesis);
    const stacks: StackUpdateEvidence[] = [];
    for (const [stackName, template] of synthesis.templates) {
      const { ids, eventId } = known.get(stackName)!;
      const touched = await touchedSince(account, stackName, eventId);
      const now = await idsOf(rehearsal, stackName);
      const templates = [before.get(stackName)!, template] as const;
      const expected = expectedChanges(...templates);
      const unplanned = unplannedChanges(expected, templates, {
        created: change.added,
        replaced: change.renewed.thingName,
        updated: change.moved.thingName,
      });
      stacks.push({ stackName, expected, unplanned, seen: changesBetween(ids, now, touched) });
    }
    return { deployment, stacks };
  },
  verdict({ deployment, stacks }) {
    const all = stacks.map(({ seen }) => seen);
    const count = (kind: keyof Changes) => all.reduce((sum, changes) => sum + changes[kind].length, 0);
    return {
      summary: `${count('created')} resources created, ${count('replaced')} replaced, ${count('updated')} updated, no other touched`,
      problems: [...deploymentProblems(deployment, /^(CREATE|UPDATE)_COMPLETE$/), ...stacks.flatMap(differences)],
    };
  },
};

/** A stack's resources by what happened to them. @param touched - the logical ids in its events */
export function changesBetween(before: Ids, after: Ids, touched: ReadonlySet<string>): Changes {
  const kept = [...after.keys()].filter((id) => before.has(id));
  const replaced = kept.filter((id) => before.get(id) !== after.get(id));
  return {
    created: [...after.keys()].filter((id) => !before.has(id)).sort(),
    replaced: replaced.sort(),
    updated: kept.filter((id) => touched.has(id) && !replaced.includes(id)).sort(),
    deleted: [...before.keys()].filter((id) => !after.has(id)).sort(),
  };
}

function differences({ stackName, expected, unplanned, seen }: StackUpdateEvidence): string[] {
  const inTemplates = unplanned.map((each) => `${stackName}: the templates have ${each}, and no change asks for it.`);
  const inStack = (['created', 'replaced', 'updated', 'deleted'] as const).flatMap((kind) => {
    const [wanted, found] = [expected[kind], seen[kind]];
    const missing = wanted.filter((id) => !found.includes(id));
    const surplus = found.filter((id) => !wanted.includes(id));
    return [
      ...(missing.length > 0 ? [`${stackName}: not ${kind}, but should have been: ${missing.join(', ')}.`] : []),
      ...(surplus.length > 0 ? [`${stackName}: ${kind}, but should not have been: ${surplus.join(', ')}.`] : []),
    ];
  });
  return [...inTemplates, ...inStack];
}

async function knownOf(rehearsal: Rehearsal, stackNames: Iterable<string>) {
  const known = new Map<string, { ids: Ids; eventId: string | undefined }>();
  for (const stackName of stackNames) {
    const ids = await idsOf(rehearsal, stackName);
    known.set(stackName, { ids, eventId: await latestEvent(rehearsal.account, stackName) });
  }
  return known;
}

async function idsOf({ account }: Rehearsal, stackName: string): Promise<Ids> {
  const resources = await resourcesOf(account, stackName);
  return new Map([...resources].map(([logicalId, { physicalId }]) => [logicalId, physicalId]));
}
