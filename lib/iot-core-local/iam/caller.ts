import type { IdentityPolicy } from './identity-policy';

/** Whoever calls the API: a user, or a role that a function has assumed. */
export interface Caller {
  /** `arn:aws:iam::123456789012:user/local` */
  readonly arn: string;
  /** The policies that decide now; undefined for an administrator, who may do everything. */
  readonly policies: () => readonly IdentityPolicy[] | undefined;
}
