import { deleteResources, failedToDelete } from './deletions';
import type { ResourceOperations } from './resource-operations';
import type { Stack } from './stack';
import { ResourceFailure, type StackResource } from './stack-resource';
import type { UndoLog } from './undo-log';

/** What is needed to make a stack what it was before an update. */
export interface Rollback {
  readonly undo: UndoLog;
  /** The resources before the update. */
  readonly before: ReadonlyMap<string, StackResource>;
  readonly operations: ResourceOperations;
}

/** Of a rollback that deletes new resources, only this policy keeps one. */
const isKept = ({ deletionPolicy }: StackResource) => deletionPolicy === 'Retain';

/**
 * Deletes the resources of a stack that could not be created.
 *
 * @returns why resources could not be deleted
 */
export async function rollBackCreation(
  stack: Stack,
  undo: UndoLog,
  operations: ResourceOperations,
  reason: string,
): Promise<readonly ResourceFailure[]> {
  stack.setStatus('ROLLBACK_IN_PROGRESS', `${reason}Rollback requested by user.`);
  const { released, failures } = await deleteResources(undo.created, operations, isKept);
  const remaining = undo.created.filter((resource) => !released.has(resource));
  stack.resources = new Map(remaining.map((resource) => [resource.logicalId, resource]));
  if (failures.length > 0) stack.setStatus('ROLLBACK_FAILED', failedToDelete(failures));
  else stack.setStatus('ROLLBACK_COMPLETE');
  return failures;
}

/**
 * Makes a stack what it was before an update that failed: first the changes in place, then the new resources.
 *
 * @param skipped - logical ids of resources that are to be left as they are
 * @returns why the rollback failed; the stack is UPDATE_ROLLBACK_FAILED then, and the rollback can be continued
 */
export async function rollBackUpdate(
  stack: Stack,
  rollback: Rollback,
  reason?: string,
  skipped: readonly string[] = [],
): Promise<readonly ResourceFailure[]> {
  const { undo, before, operations } = rollback;
  stack.setStatus('UPDATE_ROLLBACK_IN_PROGRESS', reason);
  stack.failedRollback = undefined;
  try {
    await undo.undoUpdates(skipped);
  } catch (error) {
    if (!(error instanceof ResourceFailure)) throw error;
    stack.failedRollback = (toSkip) => rollBackUpdate(stack, rollback, 'User Initiated', toSkip);
    stack.setStatus('UPDATE_ROLLBACK_FAILED', `The following resource(s) failed to update: [${error.logicalId}]. `);
    return [error];
  }
  stack.resources = new Map([...before].map(([logicalId, resource]) => [logicalId, restored(stack, resource, undo)]));
  stack.updatedAt = new Date(stack.clock());
  stack.setStatus('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
  const { failures } = await deleteResources(undo.created, operations, isKept);
  stack.setStatus('UPDATE_ROLLBACK_COMPLETE', failures.length > 0 ? failedToDelete(failures) : undefined);
  return failures;
}

/** A resource as it was before the update. An update that was undone may have left it with another physical id. */
function restored(stack: Stack, before: StackResource, undo: UndoLog): StackResource {
  const current = stack.resources.get(before.logicalId);
  return current && !undo.created.includes(current) ? { ...before, created: current.created } : before;
}
