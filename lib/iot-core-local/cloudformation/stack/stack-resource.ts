import type { CreatedResource, ResourceType } from '../resource-types/resource-type';
import type { ResourceProperties } from '../template/bound-template';
import type { DeletionPolicy } from '../template/resource';
import { TemplateError } from '../template/template-error';
import type { ResourceStatus } from './stack-status';

/** A resource that a stack owns. */
export interface StackResource {
  readonly logicalId: string;
  /** `AWS::IoT::Thing` */
  readonly type: string;
  readonly resourceType: ResourceType;
  /** The properties that it was created or last updated with. */
  readonly properties: ResourceProperties;
  readonly created: CreatedResource;
  /** The logical ids of the resources that must be there as long as it is. */
  readonly dependencies: readonly string[];
  readonly deletionPolicy: DeletionPolicy;
  readonly updateReplacePolicy: DeletionPolicy;
  readonly status: ResourceStatus;
  readonly statusReason?: string;
  readonly timestamp: Date;
}

/** A resource that could not be created, updated or deleted. The message names it and the reason. */
export class ResourceFailure extends TemplateError {
  constructor(
    readonly logicalId: string,
    type: string,
    readonly operation: 'create' | 'update' | 'delete',
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`${logicalId} (${type}) could not be ${operation}d: ${reason}`, options);
  }
}
