import { found } from './found';
import { IotError } from './iot-error';
import type { PolicyDocument } from './policy-document';

/** A version of a policy. */
export interface PolicyVersion {
  readonly versionId: string;
  readonly createDate: Date;
  readonly document: PolicyDocument;
}

/** A policy keeps at most five versions. https://docs.aws.amazon.com/iot/latest/apireference/API_CreatePolicyVersion.html */
const maximumVersions = 5;

/** A policy and its versions. Only the default version counts. */
export class Policy {
  readonly versions = new Map<string, PolicyVersion>();
  private currentDefault: string;
  /** The newest version's number. No number is given twice. */
  private newest = 0;

  constructor(
    readonly policyName: string,
    readonly policyArn: string,
    document: PolicyDocument,
    /** Milliseconds since 1970. */
    private readonly wallClock: () => number,
  ) {
    this.currentDefault = this.createVersion(document).versionId;
  }

  get defaultVersionId(): string {
    return this.currentDefault;
  }

  get defaultVersion(): PolicyVersion {
    return this.version(this.currentDefault);
  }

  /** @throws IotError ResourceNotFoundException if there is no such version */
  version(versionId: string): PolicyVersion {
    return found(this.versions.get(versionId), 'Policy version', `${this.policyName}:${versionId}`);
  }

  /** @throws IotError ResourceNotFoundException if there is no such version */
  setDefault(versionId: string): void {
    this.currentDefault = this.version(versionId).versionId;
  }

  /** @throws IotError VersionsLimitExceededException */
  createVersion(document: PolicyDocument): PolicyVersion {
    if (this.versions.size >= maximumVersions) {
      throw new IotError(
        'VersionsLimitExceededException',
        `The policy ${this.policyName} already has the maximum number of versions (${maximumVersions})`,
      );
    }
    this.newest += 1;
    const version = { versionId: String(this.newest), createDate: new Date(this.wallClock()), document };
    this.versions.set(version.versionId, version);
    return version;
  }

  /** @throws IotError DeleteConflictException for the default version, ResourceNotFoundException if there is no such version */
  deleteVersion(versionId: string): void {
    if (this.defaultVersionId === versionId) {
      throw new IotError(
        'DeleteConflictException',
        `Cannot delete the default version of a policy (${this.policyName})`,
      );
    }
    this.version(versionId);
    this.versions.delete(versionId);
  }
}
