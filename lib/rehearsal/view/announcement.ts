import type { NamedRegion } from '../../enrollment/region';
import { strangerName } from '../account/stranger';
import { namesOf } from '../own-names';
import type { Rehearsal } from '../rehearsal';

/** What a rehearsal on AWS is going to do, for the person who must agree to it. */
export function announcement(
  rehearsal: Pick<Rehearsal, 'first' | 'change'>,
  accountId: string,
  { name, source }: NamedRegion,
): string[] {
  const { stackNames } = namesOf(rehearsal);
  const { devices, topic } = rehearsal.first.fleet;
  return [
    `This rehearsal uses the AWS account ${accountId} in Region ${name} (${source}).`,
    `It deploys ${stackNames.join(' and ')}: ${devices.length} things, certificates and policies, then one more of each, and`,
    'per teardown stack a Lambda function, a log group and an IAM role.',
    `It makes a thing, a certificate and a policy "${strangerName}" that belong to no stack.`,
    `It connects as ${devices.map(({ clientId }) => clientId).join(', ')} and publishes some messages to ${topic}, which others may get.`,
    'In the end it destroys all of that, also after a failure and after Ctrl-C. It may take up to half an hour, and costs some cents at most.',
    'It has not been run against AWS yet: stay with it until it has ended.',
  ];
}
