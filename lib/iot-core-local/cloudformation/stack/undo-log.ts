import type { ResourceOperations } from './resource-operations';
import type { Stack } from './stack';
import type { StackResource } from './stack-resource';

/** A change in place, or the attempt at one. */
interface Update {
  readonly before: StackResource;
  readonly after: StackResource;
}

/** What an operation has done to a stack's resources so far, to be undone if the operation fails. */
export class UndoLog {
  private readonly updates: Update[] = [];
  private readonly superfluous: StackResource[] = [];

  constructor(
    private readonly stack: Stack,
    private readonly operations: ResourceOperations,
  ) {}

  /** The resources that would be deleted, in creation order: additions and replacements. */
  get created(): readonly StackResource[] {
    return this.superfluous;
  }

  addCreated(resource: StackResource): void {
    this.superfluous.push(resource);
  }

  addUpdated(before: StackResource, after: StackResource): void {
    this.updates.push({ before, after });
  }

  /**
   * Undoes the changes in place, the last one first. What could not be undone remains in the log, so that a second call goes on.
   *
   * @param skipped - logical ids of resources that are to be left as they are
   * @throws ResourceFailure naming the resource whose change could not be undone
   */
  async undoUpdates(skipped: readonly string[] = []): Promise<void> {
    for (let update = this.updates.at(-1); update; update = this.updates.at(-1)) {
      const { before, after } = update;
      if (!skipped.includes(before.logicalId)) {
        const restored = await this.operations.update(after, before, before.properties);
        this.stack.setResource(restored);
        // The function of a custom resource may have made another resource, which is to be deleted.
        if (restored.created.ref !== after.created.ref) this.superfluous.push(after);
      }
      this.updates.pop();
    }
  }
}
