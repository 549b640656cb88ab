import { deactivatedAttribute } from '../../lib/fleet/deactivated-attribute';
import { type FleetProperties, ownedDevices } from '../../lib/stacks/sweep/fleet-resources';
import { arm, sweep } from '../../lib/stacks/sweep/sweep';
import { arnPrefix, FakeAws } from '../stacks/sweep/fake-aws';
import { type IamRequest, type IamStatement, Rights } from '../support/iam';
import { iamRequestsOf, iotArn, stackArn } from '../support/iam-requests';
import { type Artifact, cars, idsOf, propertiesOf, synthesize } from '../support/synthesized-app';

const stranger = `${arnPrefix}stranger`;
const identity = 'us-east-1:0f1c2b3a-0000-4000-8000-123456789abc';
const logGroupArn = 'arn:aws:logs:us-east-1:123456789012:log-group:Logs:*';

/** A deployed fleet: its account, its stack's devices, and the statements of the policies of the sweep's role. */
function deploy(changes: Record<string, unknown>) {
  const [fleet, teardown] = synthesize(changes);
  const aws = new FakeAws();
  for (const id of idsOf(fleet, 'AWS::IoT::')) {
    const physicalId = physicalIdOf(fleet, id);
    aws.stack.set(id, physicalId);
    if (id.includes('Certificate')) aws.certificates.set(arnPrefix + physicalId, 'ACTIVE');
    else (id.includes('Thing') ? aws.things : aws.policies).add(physicalId);
  }
  const [properties] = propertiesOf<FleetProperties>(teardown, 'Custom::FleetSweep');
  const [{ Policies }] = propertiesOf<{ Policies: Document[] }>(fleet, 'AWS::IAM::Role');
  const documents = [
    ...Policies,
    ...propertiesOf<Document>(teardown, 'AWS::IAM::Policy'),
    ...propertiesOf<Document>(teardown, 'AWS::IAM::ManagedPolicy'),
  ];
  return {
    aws,
    properties: { ...properties, FleetStack: 'SharedSubscriptionsFleet', CertificateArnPrefix: arnPrefix },
    statements: documents.flatMap(({ PolicyDocument }) => resolved(PolicyDocument.Statement) as IamStatement[]),
  };
}

interface Document {
  readonly PolicyDocument: { readonly Statement: unknown };
}

function physicalIdOf({ template }: Artifact, id: string): string {
  const { Properties } = template.Resources[id];
  return Properties.ThingName?.Ref ? id : (Properties.ThingName ?? Properties.PolicyName ?? `id-of-${id}`);
}

/** A value as CloudFormation resolves it. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  const { Ref, 'Fn::Join': join, 'Fn::GetAtt': attribute, 'Fn::Sub': text } = value as Record<string, [string, never]>;
  if (text) return String(text).replace(/\$\{(.*?)\}/g, (_all, name: string) => pseudoParameters[name]);
  if (join) return (join[1] as unknown[]).map(resolved).join(join[0]);
  if (attribute) return attribute[0].startsWith('Logs') ? logGroupArn : `${arnPrefix}id-of-${attribute[0]}`;
  if (Ref) return pseudoParameters[String(Ref)];
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, resolved(entry)]));
}

const pseudoParameters: Record<string, string> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::AccountId': '123456789012',
  'AWS::StackId': stackArn('SharedSubscriptionsFleet'),
};

/** All that the function does in its life, with each kind of stranger on each device. @returns what IAM decides about then */
async function liveThrough({ aws, properties }: ReturnType<typeof deploy>): Promise<IamRequest[]> {
  const { signal } = new AbortController();
  const devices = await ownedDevices(aws.cloudFormation, properties, signal);
  await arm(devices, aws.iot, aws.pace());
  aws.retained.add(properties.Topic);
  for (const { thingName, policyName, certificateArn } of devices) {
    for (const target of [stranger, iotArn('thinggroup/group'), identity])
      aws.policyTargets.add(`${policyName} ${target}`);
    for (const principal of [stranger, identity]) aws.thingPrincipals.add(`${thingName} ${principal}`);
    aws.policyTargets.add(`other ${certificateArn}`);
    aws.thingPrincipals.add(`other ${certificateArn}`);
  }
  await sweep({ topic: properties.Topic, devices }, aws, aws.pace());
  await arm(devices, aws.iot, aws.pace());
  // What Lambda does with the role besides.
  const logging = ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({ action, resource: logGroupArn }));
  return [...aws.calls.flatMap(({ operation, input }) => iamRequestsOf(operation, input)), ...logging];
}

describe.each([
  ['the blog post’s fleet', {}],
  ['a fleet whose rights need managed policies', { cars: cars(45) }],
])('%s', (_name, changes) => {
  const deployed = deploy(changes);
  const rights = new Rights(deployed.statements);
  let requests: IamRequest[];

  beforeAll(async () => {
    requests = await liveThrough(deployed);
  });

  test('The sweep’s rights allow each of its calls', () => {
    expect(requests.filter((request) => !rights.allows(request))).toEqual([]);
  });

  test('The sweep needs each right, on each resource', () => {
    expect(rights.unused(requests)).toEqual([]);
  });

  test('The sweep’s rights allow detaching without the condition key, which AWS may not send', () => {
    const { action, resource } = requests.find((request) => request.action === 'iot:DetachThingPrincipal')!;
    expect(rights.allows({ action, resource })).toBe(true);
  });
});

const small = new Rights(deploy({}).statements);

test.each<[string, IamRequest]>([
  ['read a stranger’s certificate', { action: 'iot:DescribeCertificate', resource: stranger }],
  ['change a stranger’s certificate', { action: 'iot:UpdateCertificate', resource: stranger }],
  [
    'delete a certificate of the fleet',
    { action: 'iot:DeleteCertificate', resource: `${arnPrefix}id-of-car1Certificate` },
  ],
  [
    'detach a stranger’s thing from a stranger’s certificate',
    { action: 'iot:DetachThingPrincipal', resource: stranger, keys: { 'iot:thingArn': iotArn('thing/other') } },
  ],
  ['change a stranger’s thing', { action: 'iot:UpdateThing', resource: iotArn('thing/other') }],
  ['attach a policy', { action: 'iot:AttachPolicy', resource: stranger }],
  ['disconnect a stranger’s client', { action: 'iot:DeleteConnection', resource: iotArn('client/other') }],
  ['publish to another topic', { action: 'iot:Publish', resource: iotArn('topic/other') }],
  ['list another stack', { action: 'cloudformation:ListStackResources', resource: stackArn('Other') }],
])('The sweep may not %s', (_what, request) => {
  expect(small.allows(request)).toBe(false);
});

test('The memory’s attribute has a name and a value that AWS IoT takes', () => {
  // https://docs.aws.amazon.com/iot/latest/apireference/API_AttributePayload.html
  expect(deactivatedAttribute).toMatch(/^[a-zA-Z0-9_.,@/:#-]{1,128}$/);
});

describe('the evaluator of these tests', () => {
  const Allow = { Effect: 'Allow', Action: 'iot:UpdateThing' };
  const request = { action: 'iot:UpdateThing', resource: 'arn:aws:iot:us-east-1:1:thing/car1' };

  test.each<[string, IamStatement, boolean]>([
    ['the resource', { ...Allow, Resource: request.resource }, true],
    ['a wildcard', { ...Allow, Resource: ['arn:aws:iot:us-east-1:1:thing/car*'] }, true],
    ['another resource', { ...Allow, Resource: 'arn:aws:iot:us-east-1:1:thing/car' }, false],
    ['another action', { ...Allow, Action: 'iot:UpdateThings', Resource: '*' }, false],
    ['a condition whose key is missing', { ...Allow, Resource: '*', Condition: { ArnEquals: { key: '*' } } }, false],
  ])('A statement with %s decides as IAM does', (_case, statement, allowed) => {
    expect(new Rights([statement]).allows(request)).toBe(allowed);
  });

  test.each<[string, IamStatement]>([
    ['a Deny', { Effect: 'Deny', Action: 'iot:UpdateThing', Resource: '*' }],
    ['an action with a wildcard', { ...Allow, Action: 'iot:*', Resource: '*' }],
    ['another operator', { ...Allow, Resource: '*', Condition: { StringLike: { key: '*' } } }],
    ['NotResource', { ...Allow, NotResource: '*' } as unknown as IamStatement],
  ])('A statement with %s is refused', (_case, statement) => {
    expect(() => new Rights([statement])).toThrow(/^Not known|needs a Resource/);
  });

  test('A right that no request needs is named', () => {
    const statement = { ...Allow, Resource: [request.resource, 'arn:aws:iot:us-east-1:1:thing/car2'] };
    expect(new Rights([statement]).unused([request])).toEqual(['iot:UpdateThing arn:aws:iot:us-east-1:1:thing/car2']);
  });
});
