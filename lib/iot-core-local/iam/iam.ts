import { randomBytes, randomInt } from 'node:crypto';
import type { Log } from '../log';
import type { Location } from '../registry/arns';
import { AccessDenied } from './access-denied';
import type { AccessRequest } from './access-request';
import type { Caller } from './caller';
import { IamError } from './iam-error';
import { decide, type IdentityPolicy } from './identity-policy';
import { Roles } from './roles';

/** The credentials of a role's session, as STS gives them. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface IamOptions {
  readonly location: Location;
  readonly log: Log;
  /** What the user may do. @default - everything */
  readonly userPolicy?: IdentityPolicy;
}

/** What the access key ids of sessions begin with. STS's begin with ASIA. */
const sessionPrefix = 'ASIALOCAL';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * AWS IAM, as far as IoT Core Local needs it: the account's roles, who makes a request, and whether they may.
 *
 * There is one user, an administrator unless there is a policy. A function has the keys of a session of its role, recognized by the access
 * key id. Any other keys are the user's. No signature is checked.
 */
export class Iam {
  readonly roles: Roles;
  readonly user: Caller;
  private readonly sessions = new Map<string, Caller>();

  constructor(private readonly options: IamOptions) {
    const { location, userPolicy } = options;
    this.roles = new Roles(location);
    this.user = {
      arn: `arn:${location.partition}:iam::${location.accountId}:user/local`,
      policies: () => userPolicy && [userPolicy],
    };
  }

  /**
   * Begins a session of a role, as Lambda does for a function.
   *
   * @param sessionName - the name of the function
   * @throws IamError if there is no such role, or Lambda may not assume it
   */
  assumeRole(roleArn: string, sessionName: string): SessionCredentials {
    const { partition, accountId } = this.options.location;
    const role = this.roles.findByArn(roleArn);
    if (!role?.isForLambda) {
      throw new IamError('InvalidInput', `The role defined for the function cannot be assumed by Lambda: ${roleArn}.`);
    }
    const accessKeyId = sessionPrefix + Array.from({ length: 11 }, () => letters[randomInt(letters.length)]).join('');
    this.sessions.set(accessKeyId, {
      arn: `arn:${partition}:sts::${accountId}:assumed-role/${role.name}/${sessionName}`,
      policies: () => this.roles.policiesOf(role),
    });
    const [secretAccessKey, sessionToken] = [randomBytes(30), randomBytes(96)].map((bytes) => bytes.toString('base64'));
    return { accessKeyId, secretAccessKey, sessionToken };
  }

  /** Ends a session. Its keys then belong to nobody. */
  endSession({ accessKeyId }: Pick<SessionCredentials, 'accessKeyId'>): void {
    this.sessions.delete(accessKeyId);
  }

  /**
   * Who signed a request.
   *
   * @param authorization - the header of that name
   * @throws IamError UnrecognizedClientException for the keys of a session that has ended
   */
  callerOf(authorization: string): Caller {
    const [, accessKeyId = ''] = /\bCredential=([^/,\s]+)/.exec(authorization) ?? [];
    const session = this.sessions.get(accessKeyId);
    if (session) return session;
    if (!accessKeyId.startsWith(sessionPrefix)) return this.user;
    throw new IamError('UnrecognizedClientException', 'The security token included in the request is invalid.');
  }

  /**
   * Checks that a caller may make requests. The log says what denies one, and which statement would allow it.
   *
   * @throws AccessDenied for the first request that is denied
   */
  authorize(caller: Caller, requests: readonly AccessRequest[]): void {
    const policies = caller.policies();
    if (!policies) return;
    for (const request of requests) {
      const decision = decide(policies, request);
      if (decision.isAllowed) continue;
      const { action, resource } = request;
      const remedy = decision.deniedBy ? '' : ` This would: ${JSON.stringify(allowing(request))}.`;
      const message = `IAM denies ${caller.arn} ${action} on ${resource}: ${decision.because}.${remedy}`;
      this.options.log({ level: 'warn', message });
      throw new AccessDenied(caller.arn, request, decision.deniedBy !== undefined);
    }
  }
}

/** The least statement that allows a request. */
function allowing({ action, resource }: AccessRequest) {
  // No ARN matches a bare id.
  return { Effect: 'Allow', Action: action, Resource: resource.startsWith('arn:') ? resource : '*' };
}
