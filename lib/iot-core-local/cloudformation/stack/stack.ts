import type { Caller } from '../../iam/caller';
import type { ChangeSet } from '../change-set/change-set';
import type { CreatedResource } from '../resource-types/resource-type';
import type { Deployment } from './deployment';
import { StackEvents } from './stack-event';
import type { StackIdentity } from './stack-identity';
import type { ResourceFailure, StackResource } from './stack-resource';
import { isBusy, type StackStatus } from './stack-status';

/** An output with its value. */
export interface StackOutput {
  readonly name: string;
  readonly value: string;
  readonly description?: string;
  /** The name under which other stacks import it. */
  readonly exportName?: string;
}

/** A stack: what was deployed, the resources that it owns, and what happened to it. */
export class Stack {
  readonly events: StackEvents;
  readonly createdAt: Date;
  updatedAt?: Date;
  deletedAt?: Date;
  /** The last deployment that succeeded. @default - none yet */
  deployment?: Deployment;
  /** The last deployment that was tried. */
  attempt?: Deployment;
  /** In creation order. */
  resources: ReadonlyMap<string, StackResource> = new Map();
  outputs: readonly StackOutput[] = [];
  /** The names of the exports of other stacks that this one uses. */
  imports: ReadonlySet<string> = new Set();
  /** By name. */
  readonly changeSets = new Map<string, ChangeSet>();
  /** Whether it is protected from deletion. */
  isProtected = false;
  /** Continues a rollback that failed, but for these resources. @default - no rollback has failed */
  failedRollback?: (skipped: readonly string[]) => Promise<readonly ResourceFailure[]>;
  /** With whose rights its resources are changed. @default - nobody's rights are asked for */
  caller?: Caller;
  /** The operation that is running. It never rejects. */
  operation: Promise<unknown> = Promise.resolve();
  private current: { readonly status: StackStatus; readonly reason?: string } = { status: 'REVIEW_IN_PROGRESS' };

  /** @param clock - milliseconds */
  constructor(
    readonly identity: StackIdentity,
    readonly clock: () => number,
  ) {
    this.events = new StackEvents(clock);
    this.createdAt = new Date(clock());
    this.setStatus('REVIEW_IN_PROGRESS', 'User Initiated');
  }

  get name(): string {
    return this.identity.stackName;
  }

  get id(): string {
    return this.identity.stackId;
  }

  get status(): StackStatus {
    return this.current.status;
  }

  get statusReason(): string | undefined {
    return this.current.reason;
  }

  /** The deployment that is shown: the last one that succeeded, or else the first one that was tried. */
  get shownDeployment(): Deployment | undefined {
    return this.deployment ?? this.attempt;
  }

  get isBusy(): boolean {
    return isBusy(this.status);
  }

  get isDeleted(): boolean {
    return this.status === 'DELETE_COMPLETE';
  }

  setStatus(status: StackStatus, reason?: string): void {
    this.current = { status, reason };
    this.events.add({
      logicalId: this.name,
      physicalId: this.id,
      type: 'AWS::CloudFormation::Stack',
      status,
      reason,
    });
  }

  /** Puts a resource in, in the place of one with its logical id. */
  setResource(resource: StackResource): void {
    this.resources = new Map(this.resources).set(resource.logicalId, resource);
  }

  removeResource(logicalId: string): void {
    this.resources = new Map([...this.resources].filter(([id]) => id !== logicalId));
  }

  /** The physical ids and attributes of the resources, by logical id. */
  get created(): ReadonlyMap<string, CreatedResource> {
    return new Map([...this.resources].map(([logicalId, { created }]) => [logicalId, created]));
  }

  /** The resources that IoT Core Local ignores. */
  get ignoredResources(): StackResource[] {
    return [...this.resources.values()].filter(({ created }) => created.isIgnored);
  }
}
