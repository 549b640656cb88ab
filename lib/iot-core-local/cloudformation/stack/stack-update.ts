import { propertyChanges, replacementBy } from '../change-set/property-changes';
import { PartialCreationError } from '../resource-types/resource-type';
import type { BoundResource, BoundTemplate } from '../template/bound-template';
import { TemplateError } from '../template/template-error';
import { deleteResources, failedToDelete, isRetained } from './deletions';
import type { Deployment } from './deployment';
import type { Exports } from './exports';
import { outputsOf } from './outputs';
import type { ResourceOperations } from './resource-operations';
import { rollBackCreation, rollBackUpdate } from './rollback';
import type { Stack } from './stack';
import { ResourceFailure, type StackResource } from './stack-resource';
import { UndoLog } from './undo-log';

/** What an update needs besides the stack. */
export interface UpdateContext {
  readonly operations: ResourceOperations;
  readonly exports: Exports;
}

/**
 * Creates or updates a stack's resources: each after those that it depends on, new resources before old ones are deleted, and removed
 * resources last. If that fails, the stack becomes what it was before.
 */
export class StackUpdate {
  /** The resources that the new template replaces. */
  private readonly replaced: StackResource[] = [];
  private readonly undo: UndoLog;
  private readonly before: ReadonlyMap<string, StackResource>;
  private readonly isCreation: boolean;

  constructor(
    private readonly stack: Stack,
    private readonly template: BoundTemplate,
    private readonly context: UpdateContext,
  ) {
    this.undo = new UndoLog(stack, context.operations);
    this.before = stack.resources;
    this.isCreation = stack.deployment === undefined;
  }

  /**
   * @param deployment - what becomes of the stack if the update succeeds
   * @returns why it failed, the cause first; none if it succeeded
   */
  async run(deployment: Deployment): Promise<readonly TemplateError[]> {
    const { stack, template, isCreation } = this;
    stack.setStatus(isCreation ? 'CREATE_IN_PROGRESS' : 'UPDATE_IN_PROGRESS', 'User Initiated');
    const importsBefore = stack.imports;
    try {
      for (const resource of template.resources) {
        await this.apply(resource);
        // What the stack uses already must not be deleted meanwhile.
        stack.imports = new Set([...importsBefore, ...template.imports]);
      }
      const outputs = outputsOf(template, stack.created);
      const refusal = this.context.exports.refusal(stack, outputs);
      if (refusal !== undefined) throw new TemplateError(refusal);
      stack.outputs = outputs;
    } catch (error) {
      const failures = await this.rollBack(asTemplateError(error));
      stack.imports = importsBefore;
      return failures;
    }
    stack.imports = template.imports;
    stack.deployment = deployment;
    if (isCreation) stack.setStatus('CREATE_COMPLETE');
    else await this.cleanUp();
    return [];
  }

  private async apply(resource: BoundResource): Promise<void> {
    const { stack, template } = this;
    const { operations } = this.context;
    const existing = stack.resources.get(resource.logicalId);
    const properties = template.propertiesOf(resource, stack.created);
    const changes = existing && propertyChanges(existing, resource, template, stack.created);
    if (!existing || !changes) {
      await this.create(resource, properties);
    } else if (replacementBy(changes) === 'True') {
      this.replace(existing, resource, await this.create(resource, properties, existing));
    } else if (changes.length > 0) {
      // The attempt is undone too: nobody knows how far it went.
      const attempted = operations.owned(resource, properties, existing.created, 'UPDATE_FAILED');
      const updated = await operations.update(existing, resource, properties).catch((error) => {
        this.undo.addUpdated(existing, attempted);
        throw error;
      });
      this.undo.addUpdated(existing, updated);
      this.replace(existing, resource, updated);
    } else {
      const { status } = existing;
      stack.setResource({
        ...operations.owned(resource, properties, existing.created, status),
        timestamp: existing.timestamp,
      });
    }
  }

  private async create(
    resource: BoundResource,
    properties: StackResource['properties'],
    existing?: StackResource,
  ): Promise<StackResource> {
    const { operations } = this.context;
    try {
      const created = await operations.create(resource, properties, existing !== undefined);
      // An attachment whose type alone changes keeps its physical id: there is nothing new to delete.
      if (existing && created.created.ref === existing.created.ref) this.undo.addUpdated(existing, created);
      else this.undo.addCreated(created);
      this.stack.setResource(created);
      return created;
    } catch (error) {
      const { cause } = error as ResourceFailure;
      if (cause instanceof PartialCreationError) {
        this.undo.addCreated(operations.owned(resource, properties, cause.created, 'CREATE_FAILED'));
      }
      throw error;
    }
  }

  /** Puts a resource in the place of an old one. The old one is deleted later, if it has another physical id. */
  private replace(existing: StackResource, { updateReplacePolicy }: BoundResource, resource: StackResource): void {
    if (resource.created.ref !== existing.created.ref) {
      this.replaced.push({ ...existing, deletionPolicy: updateReplacePolicy });
    }
    this.stack.setResource(resource);
  }

  /** Deletes what the new template has replaced or removed. What cannot be deleted stays, but the stack does not own it. */
  private async cleanUp(): Promise<void> {
    const { stack, template, replaced, before } = this;
    const wanted = new Set(template.resources.map(({ logicalId }) => logicalId));
    const superfluous = [...before.values()].flatMap((resource) => {
      const old = replaced.find(({ logicalId }) => logicalId === resource.logicalId);
      return old ?? (wanted.has(resource.logicalId) ? [] : resource);
    });
    stack.resources = inOrderOf(template, stack.resources);
    stack.updatedAt = new Date(stack.clock());
    stack.setStatus('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    const { failures } = await deleteResources(superfluous, this.context.operations, ({ deletionPolicy }) =>
      isRetained(deletionPolicy),
    );
    stack.setStatus('UPDATE_COMPLETE', failures.length > 0 ? failedToDelete(failures) : undefined);
  }

  private async rollBack(error: TemplateError): Promise<readonly TemplateError[]> {
    const { stack, undo, before, context } = this;
    const reason = error instanceof ResourceFailure ? failedResource(error) : error.message;
    if (this.isCreation) return [error, ...(await rollBackCreation(stack, undo, context.operations, reason))];
    const rollback = { undo, before, operations: context.operations };
    return [error, ...(await rollBackUpdate(stack, rollback, reason))];
  }
}

/** `The following resource(s) failed to create: [Thing]. ` */
function failedResource({ operation, logicalId }: ResourceFailure): string {
  return `The following resource(s) failed to ${operation}: [${logicalId}]. `;
}

function inOrderOf(
  template: BoundTemplate,
  resources: ReadonlyMap<string, StackResource>,
): ReadonlyMap<string, StackResource> {
  return new Map(template.resources.map(({ logicalId }) => [logicalId, resources.get(logicalId)!]));
}

/** Whatever fails, the stack is rolled back. */
function asTemplateError(error: unknown): TemplateError {
  return error instanceof TemplateError ? error : new TemplateError(String(error), { cause: error });
}
