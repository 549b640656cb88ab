import type { HandlerName } from '../../iam/handler-permissions';
import { IamError } from '../../iam/iam-error';
import { IotError } from '../../registry/iot-error';
import { checkHandlersAreKnown, handlerAccess } from '../resource-types/handler-access';
import { PartialCreationError, type ResourceContext, type StackContext } from '../resource-types/resource-type';
import type { BoundResource, ResourceProperties } from '../template/bound-template';
import type { Stack } from './stack';
import { ResourceFailure, type StackResource } from './stack-resource';
import type { ResourceStatus } from './stack-status';

interface Identified {
  readonly logicalId: string;
  readonly type: string;
}

/** The services that the resources of all stacks use. */
export type CloudFormationServices = Omit<StackContext, 'stack'>;

/**
 * Creates, updates and deletes single resources of a stack, and records each step as an event.
 *
 * The methods throw a ResourceFailure. They change nothing of the stack but its events and the status of the resource at hand.
 */
export class ResourceOperations {
  constructor(
    private readonly stack: Stack,
    private readonly services: CloudFormationServices,
  ) {}

  /** @throws ResourceFailure; if there is something to delete nevertheless, its `cause` is a PartialCreationError */
  async create(
    resource: BoundResource,
    properties: ResourceProperties,
    isReplacement: boolean,
  ): Promise<StackResource> {
    const verb = isReplacement ? 'UPDATE' : 'CREATE';
    const reason = isReplacement
      ? 'Requested update requires the creation of a new physical resource; hence creating one.'
      : undefined;
    this.record(resource, '', `${verb}_IN_PROGRESS`, reason);
    try {
      if (this.stack.caller?.policies()) checkHandlersAreKnown(resource.type);
      const created = await resource.resourceType.create(properties.read, this.contextOf(resource, properties));
      this.record(resource, created.ref, `${verb}_COMPLETE`);
      return this.owned(resource, properties, created, `${verb}_COMPLETE`);
    } catch (error) {
      const physicalId = error instanceof PartialCreationError ? error.created.ref : '';
      this.record(resource, physicalId, `${verb}_FAILED`, messageOf(error));
      throw new ResourceFailure(resource.logicalId, resource.type, 'create', messageOf(error), { cause: error });
    }
  }

  /** Changes a resource in place. */
  async update(
    existing: StackResource,
    resource: BoundResource | StackResource,
    properties: ResourceProperties,
  ): Promise<StackResource> {
    const { created } = existing;
    this.record(resource, created.ref, 'UPDATE_IN_PROGRESS');
    try {
      this.authorize('update', resource, properties, created.ref);
      const change = { old: existing.properties.read, new: properties.read, created };
      const updated = await resource.resourceType.update(change, this.contextOf(resource, properties));
      this.record(resource, updated.ref, 'UPDATE_COMPLETE');
      return this.owned(resource, properties, updated, 'UPDATE_COMPLETE');
    } catch (error) {
      this.record(resource, created.ref, 'UPDATE_FAILED', messageOf(error));
      throw new ResourceFailure(resource.logicalId, resource.type, 'update', messageOf(error), { cause: error });
    }
  }

  /** Deletes a resource. One that somebody else has deleted already is deleted. */
  async delete(resource: StackResource): Promise<void> {
    const { created, properties, resourceType } = resource;
    this.record(resource, created.ref, 'DELETE_IN_PROGRESS');
    try {
      this.authorize('delete', resource, properties, created.ref);
      await resourceType.delete(properties.read, created, this.contextOf(resource, properties));
    } catch (error) {
      if (!isGone(error)) {
        this.record(resource, created.ref, 'DELETE_FAILED', messageOf(error));
        throw new ResourceFailure(resource.logicalId, resource.type, 'delete', messageOf(error), { cause: error });
      }
    }
    this.record(resource, created.ref, 'DELETE_COMPLETE');
  }

  /** Records that a resource stays, because its deletion policy says so. */
  skip(resource: StackResource): void {
    this.record(resource, resource.created.ref, 'DELETE_SKIPPED');
  }

  /** A resource as the stack owns it. */
  owned(
    { logicalId, type, resourceType, dependencies, deletionPolicy, updateReplacePolicy }: BoundResource | StackResource,
    properties: ResourceProperties,
    created: StackResource['created'],
    status: ResourceStatus,
  ): StackResource {
    const timestamp = new Date(this.stack.clock());
    const fixed = { logicalId, type, resourceType, dependencies, deletionPolicy, updateReplacePolicy };
    return { ...fixed, properties, created, status, timestamp };
  }

  private contextOf(resource: Identified, properties: ResourceProperties): ResourceContext {
    const { logicalId, type } = resource;
    const authorizeCreation = (ref: string) => this.authorize('create', resource, properties, ref);
    return { ...this.services, stack: this.stack.identity, logicalId, type, authorizeCreation };
  }

  /** @throws AccessDenied if whoever deploys may not do what CloudFormation's handler does */
  private authorize(handler: HandlerName, { type }: Identified, properties: ResourceProperties, ref: string): void {
    const { caller, identity } = this.stack;
    if (caller?.policies() === undefined) return;
    const { iam } = this.services;
    iam.authorize(caller, handlerAccess(handler, { type, ref, properties: properties.read, location: identity, iam }));
  }

  private record({ logicalId, type }: Identified, physicalId: string, status: ResourceStatus, reason?: string): void {
    this.stack.events.add({ logicalId, physicalId, type, status, reason });
  }
}

/** https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract.html */
function isGone(error: unknown): boolean {
  return (
    (error instanceof IotError && error.name === 'ResourceNotFoundException') ||
    (error instanceof IamError && error.name === 'NoSuchEntity')
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
