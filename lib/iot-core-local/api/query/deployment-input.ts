import { repeated } from '../../../util/repeated';
import type { DeploymentRequest } from '../../cloudformation/change-set/change-set-request';
import { validationError } from '../../cloudformation/cloudformation-error';
import { parseTemplateBody } from '../../cloudformation/template/template-body';
import type { QueryInput } from './query-input';
import { refuse } from './query-operation';

/** Bytes. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const longestTemplateBody = 51_200;

/** The parameters of an operation that deploys a template. */
export const deploymentParameters = [
  'StackName',
  'DeploymentConfig',
  'TemplateBody',
  'TemplateURL',
  'UsePreviousTemplate',
  'Parameters',
  'Tags',
  'Capabilities',
  'RoleARN',
  'NotificationARNs',
  'RollbackConfiguration',
  'ResourceTypes',
  'ClientToken',
  'ClientRequestToken',
];

/**
 * What a request is to deploy.
 *
 * @throws CloudFormationError if the template is missing, too long, or in a bucket, or if a parameter or tag is there twice
 * @throws TemplateError if the template cannot be parsed
 */
export async function deploymentIn(input: QueryInput): Promise<DeploymentRequest> {
  refuse(input, ['TemplateURL', 'NotificationARNs', 'ResourceTypes']);
  checkDeploymentMode(input);
  const body = templateBodyIn(input);
  const parameters = input.entries('Parameters').map((entry) => ({
    name: entry.required('ParameterKey'),
    // An empty text is a value.
    value: entry.isTrue('UsePreviousValue') ? undefined : (entry.text('ParameterValue') ?? ''),
  }));
  checkOnce(
    'parameter',
    parameters.map(({ name }) => name),
  );
  return {
    template: body === undefined ? undefined : { source: await parseTemplateBody(body), body },
    parameters,
    tags: input.names.has('Tags') ? tagsIn(input) : undefined,
    capabilities: input.list('Capabilities'),
  };
}

function tagsIn(input: QueryInput): ReadonlyMap<string, string> {
  const tags = input.entries('Tags').map((entry) => [entry.required('Key'), entry.text('Value') ?? ''] as const);
  checkOnce(
    'tag',
    tags.map(([key]) => key),
  );
  return new Map(tags);
}

/** It is not clear which of two values counts. */
function checkOnce(what: string, names: readonly string[]): void {
  const twice = repeated(names);
  if (twice !== undefined) throw validationError(`The ${what} "${twice}" is there twice.`);
}

/**
 * Checks how a caller wants to deploy. EXPRESS does not wait until resources are stable, which they are at once here.
 *
 * @throws CloudFormationError for another mode
 */
export function checkDeploymentMode(input: QueryInput): void {
  const mode = input.text('DeploymentConfig.Mode') ?? 'STANDARD';
  if (mode !== 'STANDARD' && mode !== 'EXPRESS') {
    throw validationError(`IoT Core Local deploys in the modes STANDARD and EXPRESS, and not ${mode}.`);
  }
  if (input.isTrue('DeploymentConfig.DisableRollback')) {
    throw validationError("IoT Core Local's CloudFormation does not have DisableRollback.");
  }
}

/** @returns undefined if the stack's own template is wanted */
export function templateBodyIn(input: QueryInput): string | undefined {
  if (input.isTrue('UsePreviousTemplate')) return undefined;
  const body = input.text('TemplateBody');
  if (body === undefined) throw validationError('Either Template URL or Template Body must be specified.');
  if (Buffer.byteLength(body) > longestTemplateBody) {
    throw validationError(
      `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${longestTemplateBody}`,
    );
  }
  return body;
}
