import { validationError } from '../cloudformation-error';
import type { Stack } from '../stack/stack';
import { canBeUpdated } from '../stack/stack-status';
import type { ChangeSetRequest } from './change-set-request';

/**
 * Checks that a change set of its type can be made for a stack.
 *
 * @param existing - the stack of the name, if there is one
 * @throws CloudFormationError ValidationError
 */
export function checkType({ type, stackName, changeSetName }: ChangeSetRequest, existing: Stack | undefined): void {
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(existing?.name ?? stackName)) {
    throw validationError(
      `1 validation error detected: Value '${stackName}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
  }
  if (type === 'CREATE' && existing && existing.status !== 'REVIEW_IN_PROGRESS') {
    throw validationError(
      `Stack [${stackName}] already exists and cannot be created again with the changeSet [${changeSetName}].`,
    );
  }
  if (type === 'UPDATE') {
    if (!existing) throw validationError(`Stack [${stackName}] does not exist`);
    checkUpdatable(existing);
  }
}

/** @throws CloudFormationError ValidationError if the stack is not in a state in which it can be updated */
export function checkUpdatable({ id, status }: Stack): void {
  if (!canBeUpdated(status)) throw validationError(`Stack:${id} is in ${status} state and can not be updated.`);
}
