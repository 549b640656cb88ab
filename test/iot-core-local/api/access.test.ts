import { operations } from '../../../lib/iot-core-local/api/control-plane';
import { queryServices } from '../../../lib/iot-core-local/api/query/query-api';
import { refusalOf } from '../../support/clients';
import { factsOf, hasFormat } from '../../support/iam-data';
import { useAccount } from '../../support/use-account';

const account = useAccount({ userPolicy: { Version: '2012-10-17', Statement: [] } });

const iotArn = (resource: string) => `arn:aws:iot:us-east-1:123456789012:${resource}`;
const principal = iotArn('cert/1');

/** What the operations are called with, as far as they need it. */
const input: Readonly<Record<string, string | Uint8Array>> = {
  attributeName: 'a',
  certificateId: '1',
  certificatePem: 'pem',
  certificateSigningRequest: 'csr',
  clientId: 'client1',
  policyDocument: '{}',
  policyName: 'policy1',
  policyVersionId: '1',
  principal,
  target: principal,
  thingName: 'thing1',
  topic: 'topic1',
  newStatus: 'ACTIVE',
  endpointType: 'iot:Data-ATS',
  StackName: 'stack1',
  ChangeSetName: 'changes1',
  LogicalResourceId: 'Thing',
  ExportName: 'export1',
  TemplateBody: '{}',
};

const stack = 'arn:aws:cloudformation:us-east-1:123456789012:stack/stack1/*';
const stacks = 'arn:aws:cloudformation:us-east-1:123456789012:stack/*/*';

/** What each operation is authorized on. An operation that is not here fails these tests. */
const resources: Readonly<Record<string, string>> = {
  DescribeEndpoint: '*',
  CreateThing: iotArn('thing/thing1'),
  DescribeThing: iotArn('thing/thing1'),
  UpdateThing: iotArn('thing/thing1'),
  ListThings: '*',
  DeleteThing: iotArn('thing/thing1'),
  AttachThingPrincipal: principal,
  DetachThingPrincipal: principal,
  ListThingPrincipals: iotArn('thing/thing1'),
  ListThingPrincipalsV2: iotArn('thing/thing1'),
  ListPrincipalThings: principal,
  ListPrincipalThingsV2: principal,
  CreateCertificateFromCsr: '*',
  CreateKeysAndCertificate: '*',
  RegisterCertificateWithoutCA: '*',
  DescribeCertificate: principal,
  ListCertificates: '*',
  UpdateCertificate: principal,
  DeleteCertificate: principal,
  CreatePolicy: iotArn('policy/policy1'),
  GetPolicy: iotArn('policy/policy1'),
  ListPolicies: '*',
  DeletePolicy: iotArn('policy/policy1'),
  CreatePolicyVersion: iotArn('policy/policy1'),
  ListPolicyVersions: iotArn('policy/policy1'),
  GetPolicyVersion: iotArn('policy/policy1'),
  SetDefaultPolicyVersion: iotArn('policy/policy1'),
  DeletePolicyVersion: iotArn('policy/policy1'),
  AttachPolicy: principal,
  DetachPolicy: principal,
  ListAttachedPolicies: '*',
  ListTargetsForPolicy: iotArn('policy/policy1'),
  Publish: iotArn('topic/topic1'),
  GetRetainedMessage: iotArn('topic/topic1'),
  GetConnection: iotArn('client/client1'),
  ListSubscriptions: iotArn('client/client1'),
  DeleteConnection: iotArn('client/client1'),
};

const queryResources: Readonly<Record<string, string>> = {
  CreateChangeSet: stack,
  DescribeChangeSet: stack,
  ExecuteChangeSet: stack,
  DeleteChangeSet: stack,
  ListChangeSets: stack,
  CreateStack: stack,
  UpdateStack: stack,
  DeleteStack: stack,
  ContinueUpdateRollback: stack,
  UpdateTerminationProtection: stack,
  DescribeStacks: stack,
  ListStacks: stacks,
  ListExports: '*',
  ListImports: '*',
  GetTemplate: stack,
  GetTemplateSummary: stack,
  ValidateTemplate: '*',
  ListStackResources: stack,
  DescribeStackResources: stack,
  DescribeStackResource: stack,
  DescribeStackEvents: stack,
};

/** Calls an operation with AWS's own client. */
function call(client: object, operation: string): Promise<unknown> {
  const method = operation.charAt(0).toLowerCase() + operation.slice(1);
  return (client as Record<string, (given: object) => Promise<unknown>>)[method](input);
}

const text = (action: string, resource: string) =>
  `User: arn:aws:iam::123456789012:user/local is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;

const dataPlane = ['Publish', 'GetRetainedMessage', 'GetConnection', 'ListSubscriptions', 'DeleteConnection'];

test.each(Object.keys(operations))(
  'AWS IoT’s %s is denied on its resource to a user who may do nothing',
  async (operation) => {
    const isData = dataPlane.includes(operation);
    const client = isData ? account.iotData : account.iot;
    expect(await refusalOf(() => call(client, operation))).toMatchObject({
      name: isData ? 'ForbiddenException' : 'AccessDeniedException',
      message: text(`iot:${operation}`, resources[operation]),
      $metadata: { httpStatusCode: 403 },
    });
  },
);

const { '2010-05-15': cloudFormation, '2011-06-15': sts, ...others } = queryServices;

test.each(Object.keys(cloudFormation.operations))(
  'CloudFormation’s %s is denied on its resource to a user who may do nothing',
  async (operation) => {
    expect(await refusalOf(() => call(account.cloudFormation, operation))).toMatchObject({
      name: 'AccessDenied',
      message: text(`cloudformation:${operation}`, queryResources[operation]),
      $metadata: { httpStatusCode: 403 },
    });
  },
);

test('No other service of the query protocol has operations but STS’s GetCallerIdentity, which everybody may call', () => {
  expect(others).toEqual({});
  expect(Object.keys(sts.operations)).toEqual(['GetCallerIdentity']);
});

test.each([
  ...Object.entries(resources).map(([name, resource]) => [`iot:${name}`, resource]),
  ...Object.entries(queryResources).map(([name, resource]) => [`cloudformation:${name}`, resource]),
])('AWS has the action %s, for a resource like %s', async (action, resource) => {
  const facts = await factsOf(action);
  expect(facts).toBeDefined();
  if (facts!.arns.length === 0) expect(['*', stacks]).toContain(resource);
  else expect(hasFormat(resource, facts!.arns)).toBe(true);
});

describe('A call that needs more', () => {
  const Allow = { Effect: 'Allow', Action: 'iot:Publish', Resource: '*' };
  const publisher = useAccount({ userPolicy: { Version: '2012-10-17', Statement: [Allow] } });

  test('A retained message also needs iot:RetainPublish', async () => {
    await publisher.iotData.publish({ topic: 'topic1' });
    await expect(publisher.iotData.publish({ topic: 'topic1', retain: true })).rejects.toThrow('iot:RetainPublish');
  });
});

test('A call without rights changes nothing, and the log says which statement would allow it', async () => {
  await refusalOf(() => account.iot.createThing({ thingName: 'thing1' }));
  expect(account.fixture.registry.listThings()).toEqual([]);
  expect(account.fixture.logText).toMatch(
    `no statement allows it. This would: {"Effect":"Allow","Action":"iot:CreateThing","Resource":"${iotArn('thing/thing1')}"}.`,
  );
});

test('A Cognito identity is authorized as a bare id', async () => {
  const target = 'us-east-1:0f1c2b3a-0000-4000-8000-123456789abc';
  await expect(account.iot.detachPolicy({ policyName: 'policy1', target })).rejects.toThrow(`on resource: ${target} `);
});
