import { randomUUID } from 'node:crypto';
import { repeated } from '../../../util/repeated';
import { CloudFormationError, validationError } from '../../cloudformation/cloudformation-error';
import { TemplateError } from '../../cloudformation/template/template-error';
import type { AccessRequest } from '../../iam/access-request';
import type { ServiceError } from '../../service-error';
import { changeSetOperations } from './change-sets';
import { QueryInput } from './query-input';
import type { QueryContext, QueryOperations } from './query-operation';
import { securityTokenOperations } from './security-token-service';
import { stackContentOperations } from './stack-contents';
import { stackOperations } from './stacks';
import { xmlElement } from './xml';

interface QueryService {
  readonly namespace: string;
  /** What its actions begin with: `cloudformation:CreateStack`. */
  readonly prefix: string;
  readonly operations: QueryOperations;
}

/** The services that speak AWS's query protocol, by the version of their API. */
export const queryServices: Readonly<Record<string, QueryService>> = {
  '2010-05-15': {
    namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
    prefix: 'cloudformation',
    operations: { ...changeSetOperations, ...stackOperations, ...stackContentOperations },
  },
  '2011-06-15': {
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    prefix: 'sts',
    operations: securityTokenOperations,
  },
};

/**
 * Answers a request of AWS's query protocol: a form in, XML out. CloudFormation and STS speak it.
 *
 * @param form - the body of the request
 * @param authorize - throws if the caller may not do what the call needs
 * @throws CloudFormationError for what the service refuses; IotError if a page token is not that of an earlier page
 */
export async function answerQuery(
  form: string,
  context: QueryContext,
  authorize: (requests: readonly AccessRequest[]) => void,
): Promise<string> {
  const fields = new URLSearchParams(form);
  const twice = repeated(fields.keys());
  if (twice !== undefined) throw validationError(`The request has the parameter "${twice}" twice.`);
  const { Action: action = '', Version: version = '', ...rest } = Object.fromEntries(fields);
  const service = Object.hasOwn(queryServices, version) ? queryServices[version] : undefined;
  const operation = service && Object.hasOwn(service.operations, action) ? service.operations[action] : undefined;
  if (!service || !operation) {
    throw new CloudFormationError(
      'InvalidAction',
      action === ''
        ? 'The request names no operation. IoT Core Local serves AWS IoT, CloudFormation and STS alone.'
        : `Could not find operation ${action} for version ${version} in IoT Core Local.`,
    );
  }
  const input = new QueryInput(new Map(Object.entries(rest)));
  for (const name of input.names) {
    if (operation.parameters.includes(name)) continue;
    throw validationError(`IoT Core Local's ${action} does not take "${name}".`);
  }
  const own = `${service.prefix}:${action}`;
  authorize(operation.needs(input, context).map((access) => ({ action: own, ...access })));
  const result = await asCaller(() => operation.run(input, context));
  const content = xmlElement(`${action}Result`, result) + xmlElement('ResponseMetadata', { RequestId: randomUUID() });
  return `<${action}Response xmlns="${service.namespace}">${content}</${action}Response>`;
}

/** To the caller, what is wrong with a template is a ValidationError. */
async function asCaller<T>(run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof TemplateError) throw validationError(error.message);
    throw error;
  }
}

/** The codes of the query protocol, where they differ from those of AWS IoT. */
const codes: Readonly<Record<string, string>> = {
  AccessDeniedException: 'AccessDenied',
  InternalFailureException: 'InternalFailure',
  InvalidRequestException: 'ValidationError',
  MissingAuthenticationTokenException: 'MissingAuthenticationToken',
  ThrottlingException: 'Throttling',
  UnrecognizedClientException: 'InvalidClientTokenId',
};

/** An error as the query protocol has it. */
export function queryFailure({ name, message, statusCode }: ServiceError): string {
  const error = { Type: statusCode < 500 ? 'Sender' : 'Receiver', Code: codes[name] ?? name, Message: message };
  return `<ErrorResponse>${xmlElement('Error', error)}${xmlElement('RequestId', randomUUID())}</ErrorResponse>`;
}
