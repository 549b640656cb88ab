import type { Access } from '../access';
import { findChangeSet } from './change-set-lookup';
import type { QueryInput } from './query-input';
import type { QueryContext } from './query-operation';

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html

/** For an operation on all stacks. CloudFormation's denials name it so. */
export function onAllStacks(_input: unknown, context: QueryContext): Access[] {
  return [{ resource: stackArn(context, '*') }];
}

/**
 * For an operation on the stack that a request names.
 *
 * A stack that is named by its id is that resource. CloudFormation's denials show `stack/NAME/*` for a name, at least for a stack that is not
 * there. For one that is there, AWS's pages do not say whether it is the id: then both must be allowed.
 */
export function onStack(input: QueryInput, context: QueryContext): Access[] {
  const name = input.required('StackName');
  if (name.startsWith('arn:')) return [{ resource: name }];
  const stack = context.cloudFormation.find(name);
  return [...(stack ? [{ resource: stack.id }] : []), { resource: stackArn(context, name) }];
}

/** For an operation on the stack that a request names, if it names one. */
export function onStackOrAll(input: QueryInput, context: QueryContext): Access[] {
  return input.text('StackName') === undefined ? onAllStacks(input, context) : onStack(input, context);
}

/** For DescribeStacks, which needs the right to list stacks where no stack is named. */
export function onDescribedStacks(input: QueryInput, context: QueryContext): Access[] {
  if (input.text('StackName') !== undefined) return onStack(input, context);
  const [all] = onAllStacks(input, context);
  return [all, { ...all, action: 'cloudformation:ListStacks' }];
}

/** For an operation on a change set, which is authorized on its stack. */
export function onStackOfChangeSet(input: QueryInput, context: QueryContext): Access[] {
  if (input.text('StackName') !== undefined) return onStack(input, context);
  const stack = findChangeSet(input, context.cloudFormation)?.stack;
  return [{ resource: stack?.id ?? input.required('ChangeSetName') }];
}

/** For GetTemplate, which names a stack or a change set. */
export function onStackOfTemplate(input: QueryInput, context: QueryContext): Access[] {
  return input.text('ChangeSetName') === undefined ? onStack(input, context) : onStackOfChangeSet(input, context);
}

function stackArn({ location: { partition, region, accountId } }: QueryContext, name: string): string {
  return `arn:${partition}:cloudformation:${region}:${accountId}:stack/${name}/*`;
}
