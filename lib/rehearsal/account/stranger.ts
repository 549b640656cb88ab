import { createPrivateKey } from 'node:crypto';
import { newCertificateRequest } from '../../devices/certificate-request';
import { unlessMissing } from '../../enrollment/aws-iot';
import { newPrivateKey } from '../../util/private-key';
import { eventually } from './eventually';
import type { RehearsalAccount } from './rehearsal-account';

/** The name of the stranger's thing and policy. */
export const strangerName = 'rehearsal-stranger';

const document = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: 'iot:*', Resource: '*' }],
});

/**
 * A thing, a policy and a certificate that are attached to each other and belong to no stack. They stand for what others have in the account.
 *
 * The policy allows nothing, and nobody keeps the certificate's key.
 */
export interface Stranger {
  readonly name: string;
  readonly certificateArn: string;
  readonly certificateId: string;
}

/**
 * Makes the stranger's things.
 *
 * @param onBegun - gets the stranger as soon as something of it exists, so that it can be removed even if the rest fails
 * @throws Error of the AWS SDK
 */
export async function makeStranger({ iot }: RehearsalAccount, onBegun: (stranger: Stranger) => void): Promise<void> {
  const name = strangerName;
  const certificateSigningRequest = await newCertificateRequest(createPrivateKey(newPrivateKey()), name);
  const { certificateArn = '', certificateId = '' } = await iot.createCertificateFromCsr({
    certificateSigningRequest,
    setAsActive: true,
  });
  onBegun({ name, certificateArn, certificateId });
  await iot.createThing({ thingName: name });
  await iot.createPolicy({ policyName: name, policyDocument: document });
  await iot.attachPolicy({ policyName: name, target: certificateArn });
  await iot.attachThingPrincipal({ thingName: name, principal: certificateArn });
}

/** What has changed of the stranger's things, a sentence each. @throws Error of the AWS SDK */
export async function changesOfStranger({ iot }: RehearsalAccount, stranger: Stranger): Promise<string[]> {
  const { name, certificateArn, certificateId } = stranger;
  const [certificate, policy, principals, things, policies, targets, versions] = await Promise.all([
    unlessMissing(iot.describeCertificate({ certificateId })),
    unlessMissing(iot.getPolicy({ policyName: name })),
    unlessMissing(iot.listThingPrincipals({ thingName: name })),
    unlessMissing(iot.listPrincipalThings({ principal: certificateArn })),
    unlessMissing(iot.listAttachedPolicies({ target: certificateArn })),
    unlessMissing(iot.listTargetsForPolicy({ policyName: name })),
    unlessMissing(iot.listPolicyVersions({ policyName: name })),
  ]);
  const seen = {
    'certificate is': certificate?.certificateDescription?.status,
    'policy is': policy?.policyDocument,
    'policy has the versions': versions?.policyVersions?.map(({ versionId }) => versionId),
    'thing has the principals': principals?.principals,
    'certificate is attached to the things': things?.things,
    'certificate has the policies': policies?.policies?.map(({ policyName }) => policyName),
    'policy is attached to': targets?.targets,
  };
  const wanted: typeof seen = {
    'certificate is': 'ACTIVE',
    'policy is': document,
    'policy has the versions': ['1'],
    'thing has the principals': [certificateArn],
    'certificate is attached to the things': [name],
    'certificate has the policies': [name],
    'policy is attached to': [certificateArn],
  };
  return Object.entries(wanted).flatMap(([what, value]) => {
    const found = JSON.stringify(seen[what as keyof typeof seen]);
    return found === JSON.stringify(value)
      ? []
      : [`The stranger's ${what} ${found ?? 'gone'}, instead of ${JSON.stringify(value)}.`];
  });
}

/** Detaches the stranger's things from all that is not the stranger's. @throws Error of the AWS SDK */
export async function releaseStranger({ iot }: RehearsalAccount, stranger: Stranger): Promise<void> {
  const { name, certificateArn } = stranger;
  const [things, principals, policies, targets] = await Promise.all([
    unlessMissing(iot.listPrincipalThings({ principal: certificateArn })),
    unlessMissing(iot.listThingPrincipals({ thingName: name })),
    unlessMissing(iot.listAttachedPolicies({ target: certificateArn })),
    unlessMissing(iot.listTargetsForPolicy({ policyName: name })),
  ]);
  for (const thingName of things?.things ?? []) {
    if (thingName !== name) await unlessMissing(iot.detachThingPrincipal({ thingName, principal: certificateArn }));
  }
  for (const principal of principals?.principals ?? []) {
    if (principal !== certificateArn) await unlessMissing(iot.detachThingPrincipal({ thingName: name, principal }));
  }
  for (const { policyName = '' } of policies?.policies ?? []) {
    if (policyName !== name) await unlessMissing(iot.detachPolicy({ policyName, target: certificateArn }));
  }
  for (const target of targets?.targets ?? []) {
    if (target !== certificateArn) await unlessMissing(iot.detachPolicy({ policyName: name, target }));
  }
}

/** Removes the stranger's things, as far as they are there. @throws Error of the AWS SDK */
export async function removeStranger(account: RehearsalAccount, stranger: Stranger): Promise<void> {
  const { iot, access } = account;
  const { name, certificateArn, certificateId } = stranger;
  const remove = (call: () => Promise<unknown>) => eventually(() => unlessMissing(call()), access.settleTime);
  await releaseStranger(account, stranger);
  await remove(() => iot.detachPolicy({ policyName: name, target: certificateArn }));
  await remove(() => iot.detachThingPrincipal({ thingName: name, principal: certificateArn }));
  await remove(() => iot.updateCertificate({ certificateId, newStatus: 'INACTIVE' }));
  await remove(() => iot.deleteCertificate({ certificateId }));
  await remove(() => iot.deletePolicy({ policyName: name }));
  await remove(() => iot.deleteThing({ thingName: name }));
}
