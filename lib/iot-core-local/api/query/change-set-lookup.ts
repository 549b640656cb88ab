import type { ChangeSet } from '../../cloudformation/change-set/change-set';
import type { CloudFormation } from '../../cloudformation/cloudformation';
import { CloudFormationError, validationError } from '../../cloudformation/cloudformation-error';
import type { Stack } from '../../cloudformation/stack/stack';
import type { QueryInput } from './query-input';

/** The change set that a request names. @throws CloudFormationError if there is none */
export function changeSetIn(input: QueryInput, cloudFormation: CloudFormation): { stack: Stack; changeSet: ChangeSet } {
  const found = findChangeSet(input, cloudFormation);
  if (found) return found;
  throw new CloudFormationError('ChangeSetNotFound', `ChangeSet [${input.required('ChangeSetName')}] does not exist`);
}

/** The change set that a request names by its ARN, or by its name and its stack's. @throws CloudFormationError if the stack is missing */
export function findChangeSet(
  input: QueryInput,
  cloudFormation: CloudFormation,
): { stack: Stack; changeSet: ChangeSet } | undefined {
  const nameOrArn = input.required('ChangeSetName');
  const isArn = nameOrArn.startsWith('arn:');
  if (!isArn && input.text('StackName') === undefined) {
    throw validationError('StackName must be specified if ChangeSetName is not specified as an ARN.');
  }
  const stackName = input.text('StackName');
  const stacks = stackName === undefined ? cloudFormation.listAll() : [cloudFormation.get(stackName)];
  for (const stack of stacks) {
    for (const changeSet of stack.changeSets.values()) {
      if (nameOrArn === (isArn ? changeSet.id : changeSet.name)) return { stack, changeSet };
    }
  }
  return undefined;
}
