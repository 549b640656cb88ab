import { paginateListCertificates, paginateListPolicies, paginateListThings } from '@aws-sdk/client-iot';
import { unlessMissing } from '../../enrollment/aws-iot';
import type { Device } from '../../fleet/fleet';
import { fewAtATime } from '../../util/few-at-a-time';
import type { RehearsalAccount } from './rehearsal-account';
import { stackStatus } from './stacks';

/** The names of what a rehearsal makes. */
export interface OwnNames {
  readonly stackNames: readonly string[];
  /** Of things and policies. */
  readonly names: readonly string[];
}

/** What exists under these names, a few words each: `the thing "car1"`. @throws Error of the AWS SDK */
export async function existing(account: RehearsalAccount, { stackNames, names }: OwnNames): Promise<string[]> {
  const { iot } = account;
  const found: string[] = [];
  await fewAtATime(stackNames, async (name) => {
    const status = await stackStatus(account, name);
    if (status) found.push(`the stack "${name}" (${status})`);
  });
  await fewAtATime(names, async (name) => {
    if (await unlessMissing(iot.describeThing({ thingName: name }))) found.push(`the thing "${name}"`);
    if (await unlessMissing(iot.getPolicy({ policyName: name }))) found.push(`the policy "${name}"`);
  });
  return found.sort();
}

/** Which of these certificates exist, a few words each. @throws Error of the AWS SDK */
export async function existingCertificates({ iot }: RehearsalAccount, ids: Iterable<string>): Promise<string[]> {
  const found: string[] = [];
  await fewAtATime(ids, async (certificateId) => {
    if (await unlessMissing(iot.describeCertificate({ certificateId }))) found.push(`the certificate ${certificateId}`);
  });
  return found;
}

/** What the message broker holds of a fleet beyond its connections, a few words each. @throws Error of the AWS SDK */
export async function heldMessagesAndSessions(
  { iotData }: RehearsalAccount,
  devices: readonly Device[],
): Promise<string[]> {
  const found: string[] = [];
  await fewAtATime(devices, async ({ clientId }) => {
    const session = await unlessMissing(iotData.listSubscriptions({ clientId }));
    if (session?.subscriptions?.length) found.push(`the session of "${clientId}"`);
  });
  for (const topic of new Set(devices.map((device) => device.topic))) {
    const retained = await unlessMissing(iotData.getRetainedMessage({ topic }));
    if (retained?.payload?.length) found.push(`the retained message of "${topic}"`);
  }
  return found;
}

/** How many things, certificates and policies an account has, whoever made them. @throws Error of the AWS SDK */
export async function countAll({
  iot: client,
}: RehearsalAccount): Promise<{ things: number; certificates: number; policies: number }> {
  const count = { things: 0, certificates: 0, policies: 0 };
  for await (const { things = [] } of paginateListThings({ client }, {})) count.things += things.length;
  for await (const { certificates = [] } of paginateListCertificates({ client }, {})) {
    count.certificates += certificates.length;
  }
  for await (const { policies = [] } of paginateListPolicies({ client }, {})) count.policies += policies.length;
  return count;
}
