import type { CommandOutcome } from '../../targets/cdk-cli';
import { resourcesOf, stackStatus } from '../account/stacks';
import type { Synthesis } from '../checkout';
import type { Rehearsal } from '../rehearsal';
import type { Step } from '../step';

/** What a deployment left. */
export interface DeploymentEvidence {
  readonly outcome: CommandOutcome;
  /** Each stack's status. */
  readonly statuses: ReadonlyMap<string, string | undefined>;
}

/** Deploys all stacks with the CDK's CLI, and remembers the certificates that they own then. @throws Error of the AWS SDK */
export async function deploySynthesis(rehearsal: Rehearsal, synthesis: Synthesis): Promise<DeploymentEvidence> {
  rehearsal.deployed = synthesis;
  const options = ['--all', '--require-approval', 'never', '--app', synthesis.assembly];
  const outcome = await rehearsal.cdk('deploy', ...options);
  const statuses = new Map<string, string | undefined>();
  for (const stackName of synthesis.templates.keys()) {
    const status = await stackStatus(rehearsal.account, stackName);
    statuses.set(stackName, status);
    if (status === undefined) continue;
    for (const { type, physicalId } of (await resourcesOf(rehearsal.account, stackName)).values()) {
      if (type === 'AWS::IoT::Certificate' && physicalId) rehearsal.certificateIds.add(physicalId);
    }
  }
  return { outcome, statuses };
}

/** What is wrong with a deployment, a sentence each. @param status - what each stack's must be */
export function deploymentProblems({ outcome, statuses }: DeploymentEvidence, status: RegExp): string[] {
  return [
    ...(outcome.exitCode === 0 ? [] : [`cdk deploy ended with exit code ${outcome.exitCode}: ${lastLine(outcome)}`]),
    ...[...statuses].flatMap(([name, each]) =>
      each !== undefined && status.test(each) ? [] : [`The stack ${name} ${each ? `is ${each}` : 'does not exist'}.`],
    ),
  ];
}

/** The line of a failed command's output that says most: the first that speaks of an error or failure, or the last. */
export function lastLine({ output }: CommandOutcome): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => /❌|_FAILED|[Ee]rror/.test(line)) ?? lines.at(-1) ?? 'it printed nothing').trim();
}

/** The first deployment. */
export const deploy: Step<DeploymentEvidence> = {
  name: 'cdk deploy --all',
  lookAt: "The CLI's output; then the stack's events: aws cloudformation describe-stack-events --stack-name …",
  run: (rehearsal) => deploySynthesis(rehearsal, rehearsal.first),
  verdict: (evidence) => ({
    summary: `${evidence.statuses.size} stacks`,
    problems: deploymentProblems(evidence, /^CREATE_COMPLETE$/),
  }),
};
