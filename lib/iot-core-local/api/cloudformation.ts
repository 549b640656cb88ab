import type { Stack } from '../cloudformation/stack';
import type { FaultInjection } from './fault-injection';
import { pageOf } from './pages';

/** An error of CloudFormation, which has this one name for nearly all of its errors. */
export class ValidationError extends Error {
  override readonly name = 'ValidationError';
  readonly statusCode = 400;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/ */
const namespace = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

/**
 * Answers CloudFormation's ListStackResources, which the sweep calls to learn what the fleet's stack owns. The request is a form, the answer XML.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html
 * @throws ValidationError
 * @throws IotError if the token is not that of an earlier page
 */
export function answerCloudFormation(
  form: string,
  stacks: ReadonlyMap<string, Stack>,
  faults: Readonly<FaultInjection>,
): string {
  const parameters = new URLSearchParams(form);
  const action = parameters.get('Action');
  if (action !== 'ListStackResources') {
    throw new ValidationError(`IoT Core Local has CloudFormation's ListStackResources, and not ${action}.`);
  }
  const stackName = parameters.get('StackName') ?? '';
  const stack = stacks.get(stackName);
  if (!stack) throw new ValidationError(`Stack with id ${stackName} does not exist`);
  const { page, next } = pageOf(stack.resources, { token: parameters.get('NextToken') ?? undefined }, faults);
  const members = page.map(({ logicalId, physicalId, type, createdAt }) =>
    element('member', [
      element('LogicalResourceId', escaped(logicalId)),
      element('PhysicalResourceId', escaped(physicalId)),
      element('ResourceType', escaped(type)),
      element('ResourceStatus', 'CREATE_COMPLETE'),
      element('LastUpdatedTimestamp', createdAt.toISOString()),
    ]),
  );
  const token = next === undefined ? [] : [element('NextToken', next)];
  const result = element(`${action}Result`, [element('StackResourceSummaries', members), ...token]);
  return `<${action}Response xmlns="${namespace}">${result}</${action}Response>`;
}

/** An error as CloudFormation's XML has it. */
export function cloudFormationFailure({ name, message }: Error): string {
  const error = element('Error', [
    element('Type', 'Sender'),
    element('Code', name),
    element('Message', escaped(message)),
  ]);
  return `<ErrorResponse xmlns="${namespace}">${error}</ErrorResponse>`;
}

function element(name: string, content: string | readonly string[]): string {
  return `<${name}>${[content].flat().join('')}</${name}>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
