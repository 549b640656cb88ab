import { iotArn, type Location } from './arns';
import { found } from './found';
import { IotError } from './iot-error';
import { Policy, type PolicyVersion } from './policy';
import { PolicyDocument } from './policy-document';

export interface PoliciesOptions {
  readonly location: Location;
  /** As in {@link PolicyDocument.parse}. @default false */
  readonly isLenient?: boolean;
  /** Gets what a person should know of a policy, as a sentence. @default - nobody gets it */
  readonly warn?: (message: string) => void;
  /** Milliseconds since 1970, for the dates of versions. */
  readonly wallClock: () => number;
}

/** The policies of a registry, and how a document becomes a version of one. */
export class Policies {
  private readonly policies = new Map<string, Policy>();

  constructor(private readonly options: PoliciesOptions) {}

  /** @throws IotError as {@link PolicyDocument.parse}, InvalidRequestException, ResourceAlreadyExistsException */
  create(policyName: string, document: unknown): Policy {
    if (!/^[\w+=,.@-]{1,128}$/.test(policyName)) {
      throw new IotError(
        'InvalidRequestException',
        `A policy name is 1 to 128 letters, digits or any of "_+=,.@-"; "${policyName}" is not.`,
      );
    }
    if (this.policies.has(policyName)) {
      throw new IotError('ResourceAlreadyExistsException', `Policy "${policyName}" already exists.`);
    }
    const { location, wallClock } = this.options;
    const policyArn = iotArn(location, 'policy', policyName);
    const policy = new Policy(policyName, policyArn, PolicyDocument.parse(document, this.options), wallClock);
    this.policies.set(policyName, policy);
    this.warnOf(policyName, policy.defaultVersion);
    return policy;
  }

  /** @throws IotError as {@link PolicyDocument.parse}, ResourceNotFoundException, VersionsLimitExceededException */
  createVersion(policyName: string, document: unknown): PolicyVersion {
    const version = this.get(policyName).createVersion(PolicyDocument.parse(document, this.options));
    this.warnOf(policyName, version);
    return version;
  }

  /** @throws IotError ResourceNotFoundException */
  get(policyName: string): Policy {
    return found(this.policies.get(policyName), 'Policy', policyName);
  }

  list(): Policy[] {
    return [...this.policies.values()];
  }

  delete(policyName: string): void {
    this.policies.delete(policyName);
  }

  /** Called once the version is there, so that nobody hears of one that was refused. */
  private warnOf(policyName: string, { document }: PolicyVersion): void {
    for (const warning of document.warnings) this.options.warn?.(`Policy "${policyName}": ${warning}`);
  }
}
