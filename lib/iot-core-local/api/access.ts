import type { AccessRequest } from '../iam/access-request';

/** What a call needs: a resource, and an action on it, which is the operation's own unless another is named: `iot:RetainPublish`. */
export type Access = Omit<AccessRequest, 'action'> & Partial<Pick<AccessRequest, 'action'>>;
