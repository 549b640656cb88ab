import { validationError } from '../cloudformation-error';
import type { Stack } from '../stack/stack';
import { canBeUpdated } from '../stack/stack-status';
import type { ChangeSetRequest } from './change-set-request';

/** The name of a stack or of a change set. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html */
const validName = /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/;

/**
 * Checks that a change set of its type can be made for a stack.
 *
 * @param existing - the stack of the name, if there is one
 * @throws CloudFormationError ValidationError
 */
export function checkType({ type, stackName, changeSetName }: ChangeSetRequest, existing: Stack | undefined): void {
  if (!validName.test(existing?.name ?? stackName)) throw invalidName(stackName, 'stackName');
  if (!validName.test(changeSetName)) throw invalidName(changeSetName, 'changeSetName');
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

function invalidName(name: string, parameter: 'stackName' | 'changeSetName') {
  return validationError(
    `1 validation error detected: Value '${name}' at '${parameter}' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
  );
}

/** @throws CloudFormationError ValidationError if the stack is not in a state in which it can be updated */
export function checkUpdatable({ id, status }: Stack): void {
  if (!canBeUpdated(status)) throw validationError(`Stack:${id} is in ${status} state and can not be updated.`);
}
