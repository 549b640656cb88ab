import { deleteResources, failedToDelete, isRetained } from './deletions';
import type { ResourceOperations } from './resource-operations';
import type { Stack } from './stack';
import type { ResourceFailure } from './stack-resource';

/**
 * Deletes a stack's resources, and with them the stack. If a resource cannot be deleted, the stack is DELETE_FAILED, and deleting it again
 * goes on.
 *
 * @param retained - logical ids of resources that are to stay
 * @returns why resources could not be deleted; none if the stack is deleted
 */
export async function deleteStack(
  stack: Stack,
  operations: ResourceOperations,
  retained: readonly string[] = [],
): Promise<readonly ResourceFailure[]> {
  stack.setStatus('DELETE_IN_PROGRESS', 'User Initiated');
  const { released, failures } = await deleteResources(
    [...stack.resources.values()],
    operations,
    ({ logicalId, deletionPolicy }) => isRetained(deletionPolicy) || retained.includes(logicalId),
  );
  const remaining = [...stack.resources].filter(([, resource]) => !released.has(resource));
  stack.resources = new Map(
    remaining.map(([logicalId, resource]) => [logicalId, { ...resource, ...failureOf(logicalId, failures) }]),
  );
  if (failures.length > 0) {
    stack.setStatus('DELETE_FAILED', failedToDelete(failures));
    return failures;
  }
  stack.outputs = [];
  stack.imports = new Set();
  stack.deletedAt = new Date(stack.clock());
  stack.setStatus('DELETE_COMPLETE');
  return [];
}

function failureOf(logicalId: string, failures: readonly ResourceFailure[]) {
  const failure = failures.find((candidate) => candidate.logicalId === logicalId);
  return failure && { status: 'DELETE_FAILED' as const, statusReason: failure.reason };
}
