import type { IamRequest } from './iam';

const account = 'us-east-1:123456789012';

/** The ARN of a resource of AWS IoT in the account that tests use. */
export const iotArn = (resource: string) => `arn:aws:iot:${account}:${resource}`;

/** The stack that a call names, as IAM knows it. */
export const stackArn = (name: string) => `arn:aws:cloudformation:${account}:stack/${name}/1`;

type Input = Readonly<Record<string, string>>;

/**
 * What IAM decides about for each operation of AWS that the sweep calls.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiot.html
 */
const requests: Record<string, (input: Input) => IamRequest[]> = {
  ListStackResources: ({ StackName }) => [
    { action: 'cloudformation:ListStackResources', resource: stackArn(StackName) },
  ],
  DescribeCertificate: ({ certificateId }) => iot('DescribeCertificate', iotArn(`cert/${certificateId}`)),
  UpdateCertificate: ({ certificateId }) => iot('UpdateCertificate', iotArn(`cert/${certificateId}`)),
  DescribeThing: ({ thingName }) => iot('DescribeThing', iotArn(`thing/${thingName}`)),
  UpdateThing: ({ thingName }) => iot('UpdateThing', iotArn(`thing/${thingName}`)),
  ListThingPrincipals: ({ thingName }) => iot('ListThingPrincipals', iotArn(`thing/${thingName}`)),
  ListTargetsForPolicy: ({ policyName }) => iot('ListTargetsForPolicy', iotArn(`policy/${policyName}`)),
  ListPrincipalThings: ({ principal }) => iot('ListPrincipalThings', principal),
  ListAttachedPolicies: () => iot('ListAttachedPolicies', '*'),
  // On the target, which is a bare id for a Cognito identity.
  DetachPolicy: ({ target }) => iot('DetachPolicy', target),
  DetachThingPrincipal: ({ thingName, principal }) =>
    iot('DetachThingPrincipal', principal, { 'iot:thingArn': iotArn(`thing/${thingName}`) }),
  DeleteConnection: ({ clientId }) => iot('DeleteConnection', iotArn(`client/${clientId}`)),
  GetRetainedMessage: ({ topic }) => iot('GetRetainedMessage', iotArn(`topic/${topic}`)),
  Publish: ({ topic, retain }) => [
    ...iot('Publish', iotArn(`topic/${topic}`)),
    ...(retain ? iot('RetainPublish', iotArn(`topic/${topic}`)) : []),
  ],
};

function iot(action: string, resource: string, keys?: IamRequest['keys']): IamRequest[] {
  return [{ action: `iot:${action}`, resource, keys }];
}

/** What IAM decides about when an operation is called. @throws Error for an operation that is not known here */
export function iamRequestsOf(operation: string, input: Input): IamRequest[] {
  const known = requests[operation];
  if (known === undefined) throw new Error(`Nothing is known of the rights that ${operation} needs.`);
  return known(input);
}
