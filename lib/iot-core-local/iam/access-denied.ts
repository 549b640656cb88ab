import { ServiceError } from '../service-error';
import type { AccessRequest } from './access-request';

/**
 * A call that IAM denies. Each service has a name of its own for it.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export class AccessDenied extends ServiceError {
  constructor(callerArn: string, { action, resource }: AccessRequest, isExplicit: boolean) {
    const reason = isExplicit
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`;
    const call = `is not authorized to perform: ${action} on resource: ${resource}`;
    super('AccessDeniedException', 403, `User: ${callerArn} ${call} ${reason}`);
  }
}
