import { nothingToChange } from '../../../../lib/iot-core-local/cloudformation/change-set/change-set';
import type { ResourceChange } from '../../../../lib/iot-core-local/cloudformation/change-set/resource-change';
import { policyOf } from '../../../support/iot-core-fixture';
import { Cloud, newCsr, type Resources } from '../cloud';
import { deviceResources } from '../device-resources';

let csr: string;
let cloud: Cloud;

beforeAll(async () => {
  csr = await newCsr();
});

beforeEach(async () => {
  cloud = await Cloud.open();
  await cloud.deploy({ Resources: deviceResources(csr), Outputs: { Name: { Value: { Ref: 'Thing' } } } });
  cloud.calls.length = 0;
});

/** A change set for a template of these sections. */
function changeSetOf(source: object, type: 'CREATE' | 'UPDATE' = 'UPDATE', tags: [string, string][] = []) {
  const { changeSet } = cloud.cloudFormation.createChangeSet({
    stackName: 'Fleet',
    changeSetName: 'changes',
    type,
    template: { source, body: '' },
    parameters: [],
    tags: new Map(tags),
    capabilities: [],
  });
  return changeSet;
}

const outputs = { Outputs: { Name: { Value: { Ref: 'Thing' } } } };

/** Each change on a line: `Thing Modify True ThingName Always Static`. */
function changesOf(changes: Readonly<Record<string, object>>, more: Resources = {}): string[] {
  const { changes: planned } = changeSetOf({ Resources: { ...deviceResources(csr, changes), ...more }, ...outputs });
  return planned.flatMap(linesOf);
}

function linesOf({ logicalId, action, replacement, details }: ResourceChange): string[] {
  if (action !== 'Modify') return [`${logicalId} ${action}`];
  return details.map(
    ({ name, requiresRecreation, evaluation, causingEntity }) =>
      `${logicalId} ${action} ${replacement} ${name} ${requiresRecreation} ${evaluation}${causingEntity ? ` by ${causingEntity}` : ''}`,
  );
}

test.each<[string, Readonly<Record<string, object>>, string[]]>([
  [
    'a thing’s name',
    { Thing: { ThingName: 'car2' } },
    ['Thing Modify True ThingName Always Static', 'ThingAttachment Modify True ThingName Always Dynamic by Thing'],
  ],
  ['a thing’s attributes', { Thing: { AttributePayload: {} } }, ['Thing Modify False AttributePayload Never Static']],
  [
    'a policy document',
    { Policy: { PolicyDocument: policyOf(['iot:Connect client/x']) } },
    ['Policy Modify False PolicyDocument Never Static'],
  ],
  [
    'a certificate request',
    { Certificate: { CertificateSigningRequest: 'other' } },
    [
      'Certificate Modify True CertificateSigningRequest Always Static',
      'PolicyAttachment Modify True Principal Always Dynamic by Certificate',
      'ThingAttachment Modify True Principal Always Dynamic by Certificate',
    ],
  ],
  [
    'two properties at once',
    { Certificate: { CertificateSigningRequest: 'other', Status: 'INACTIVE' } },
    [
      'Certificate Modify True CertificateSigningRequest Always Static',
      'Certificate Modify True Status Never Static',
      'PolicyAttachment Modify True Principal Always Dynamic by Certificate',
      'ThingAttachment Modify True Principal Always Dynamic by Certificate',
    ],
  ],
])('A change set for %s says what it changes and replaces, and changes nothing yet', (_, changes, lines) => {
  expect(changesOf(changes)).toEqual(lines);
  expect(cloud.calls).toEqual([]);
});

test('A change set lists additions in creation order, and removals last', () => {
  const { PolicyAttachment: _removed, ...rest } = deviceResources(csr);
  const Second = { Type: 'AWS::IoT::Thing', Properties: { ThingName: { Ref: 'First' } } };
  const First = { Type: 'AWS::IoT::Thing' };
  const { changes } = changeSetOf({ Resources: { ...rest, Second, First }, ...outputs });
  expect(changes.flatMap(linesOf)).toEqual(['First Add', 'Second Add', 'PolicyAttachment Remove']);
});

test('A change of a resource of another service is seen in the template', async () => {
  const role = (Path: string) => ({ Bucket: { Type: 'AWS::S3::Bucket', Properties: { Path } } });
  await cloud.deploy({ Resources: { ...deviceResources(csr), ...role('a') }, ...outputs });
  expect(changesOf({}, role('b'))).toEqual(['Bucket Modify False Path Never Static']);
});

test('What refers to a custom resource that is updated may change', async () => {
  const custom = (Value: number): Resources => ({
    Custom: { Type: 'Custom::Any', Properties: { ServiceToken: 'arn:function', Value } },
    Named: { Type: 'AWS::IoT::Thing', Properties: { ThingName: { Ref: 'Custom' } } },
  });
  jest.spyOn(cloud.lambda, 'invoke').mockImplementation(async (_arn, event) => {
    const { ResponseURL, StackId, RequestId, LogicalResourceId } = event as Record<string, string>;
    const answer = { Status: 'SUCCESS', PhysicalResourceId: 'one', StackId, RequestId, LogicalResourceId };
    await fetch(ResponseURL, { method: 'PUT', body: Buffer.from(JSON.stringify(answer)) });
  });
  await cloud.deploy({ Resources: custom(1) }, { name: 'Custom' });
  const { changeSet } = cloud.cloudFormation.createChangeSet({
    stackName: 'Custom',
    changeSetName: 'changes',
    type: 'UPDATE',
    template: { source: { Resources: custom(2) }, body: '' },
    parameters: [],
    tags: new Map(),
    capabilities: [],
  });
  expect(changeSet.changes.flatMap(linesOf)).toEqual([
    'Custom Modify False Value Never Static',
    'Named Modify Conditional ThingName Conditionally Dynamic by Custom',
  ]);
});

test('A change set without a change fails in the words that the CDK’s CLI looks for', () => {
  const changeSet = changeSetOf({ Resources: deviceResources(csr), ...outputs });
  expect(changeSet).toMatchObject({ status: 'FAILED', statusReason: nothingToChange, executionStatus: 'UNAVAILABLE' });
});

test.each<[string, object, boolean]>([
  ['another output', { Outputs: { Name: { Value: 'x' } } }, true],
  ['another description of an output', { Outputs: { Name: { Value: { Ref: 'Thing' }, Description: 'x' } } }, true],
  ['a further output', { Outputs: { ...outputs.Outputs, More: { Value: 'x' } } }, true],
  ['another description of the template', { ...outputs, Description: 'x' }, false],
  ['other metadata', { ...outputs, Metadata: { x: 1 } }, false],
  ['an unused condition', { ...outputs, Conditions: { Unused: { 'Fn::Equals': ['a', 'b'] } } }, false],
])('Whether %s is a change: %s %s', (_, sections, isChange) => {
  const { status } = changeSetOf({ Resources: deviceResources(csr), ...sections });
  expect(status).toBe(isChange ? 'CREATE_COMPLETE' : 'FAILED');
});

test('Other tags of the stack are a change', () => {
  const template = { Resources: deviceResources(csr), ...outputs };
  expect(changeSetOf(template, 'UPDATE', [['team', 'cars']]).status).toBe('CREATE_COMPLETE');
});

test.each([
  [
    'a stack that exists',
    () => changeSetOf({ Resources: deviceResources(csr) }, 'CREATE'),
    'Stack [Fleet] already exists and cannot be created again with the changeSet [changes].',
  ],
  [
    'a name that another change set has',
    () => {
      changeSetOf({ Resources: deviceResources(csr) });
      changeSetOf({ Resources: deviceResources(csr) });
    },
    'ChangeSet changes already exists',
  ],
])('A change set is refused for %s', (_, create, message) => {
  expect(create).toThrow(expect.objectContaining({ message }));
});
