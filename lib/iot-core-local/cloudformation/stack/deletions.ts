import type { DeletionPolicy } from '../template/resource';
import type { ResourceOperations } from './resource-operations';
import { ResourceFailure, type StackResource } from './stack-resource';

/** What became of resources that were to be deleted. */
export interface Deletions {
  /** Those that are gone, and those that stay by their deletion policy. The stack owns neither. */
  readonly released: ReadonlySet<StackResource>;
  readonly failures: readonly ResourceFailure[];
}

/**
 * Deletes resources in the reverse order of their creation. One that cannot be deleted stays, and what it depends on stays with it.
 *
 * @param resources - in creation order
 * @param keeps - whether a resource stays by its policy
 */
export async function deleteResources(
  resources: readonly StackResource[],
  operations: ResourceOperations,
  keeps: (resource: StackResource) => boolean,
): Promise<Deletions> {
  const released = new Set<StackResource>();
  const failures: ResourceFailure[] = [];
  const needed = new Set<string>();
  for (const resource of [...resources].reverse()) {
    if (keeps(resource)) {
      operations.skip(resource);
      released.add(resource);
      continue;
    }
    try {
      if (needed.has(resource.logicalId)) continue;
      await operations.delete(resource);
      released.add(resource);
    } catch (error) {
      if (!(error instanceof ResourceFailure)) throw error;
      failures.push(error);
    } finally {
      if (!released.has(resource)) for (const name of resource.dependencies) needed.add(name);
    }
  }
  return { released, failures };
}

/** Whether a policy keeps a resource of a stack that is deleted, or that is removed from its template. */
export function isRetained(policy: DeletionPolicy): boolean {
  return policy === 'Retain' || policy === 'RetainExceptOnCreate';
}

/** `The following resource(s) failed to delete: [A, B]. ` */
export function failedToDelete(failures: readonly ResourceFailure[]): string {
  return `The following resource(s) failed to delete: [${failures.map(({ logicalId }) => logicalId).join(', ')}]. `;
}
