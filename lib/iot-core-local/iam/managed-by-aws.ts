import { IamError } from './iam-error';
import { IdentityPolicy } from './identity-policy';

/** AWS's managed policies that deny. */
const denying = /^AWSDenyAll$|^AWSCompromisedKeyQuarantine/;

/** Grants nothing here. */
const nothing = IdentityPolicy.parse({ Version: '2012-10-17', Statement: [] });

/** Whether an ARN is that of one of AWS's own managed policies. */
export function isManagedByAws(arn: string): boolean {
  return /^arn:[^:]+:iam::aws:policy\/./.test(arn);
}

/**
 * What one of AWS's managed policies grants: nothing. IoT Core Local does not have their documents.
 *
 * @throws IamError for a policy that denies, as it cannot be followed
 */
export function policyOfAws(arn: string): IdentityPolicy {
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  if (!denying.test(name)) return nothing;
  throw new IamError('InvalidInput', `IoT Core Local does not have AWS's managed policy ${name}, which denies.`);
}
