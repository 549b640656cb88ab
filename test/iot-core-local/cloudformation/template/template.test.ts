// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation's variables are written like this

import { Template } from '../../../../lib/iot-core-local/cloudformation/template/template';
import { TemplateError } from '../../../../lib/iot-core-local/cloudformation/template/template-error';
import { anyResource, bind } from './bound-templates';

const thing = { Type: 'AWS::IoT::Thing' };
const property = (Value: unknown) => ({ Properties: { ServiceToken: 'arn', Deep: [{ Value }] } });

/** The logical ids in creation order, of resources with these fields. */
function orderOf(resources: Record<string, object>): string[] {
  const entries = Object.entries(resources).map(([logicalId, fields]) => [logicalId, anyResource(fields)]);
  const Parameters = { Stage: { Type: 'String', Default: 'test' } };
  return bind({ Parameters, Resources: Object.fromEntries(entries) }).resources.map(({ logicalId }) => logicalId);
}

test.each([
  ['named in its DependsOn', { DependsOn: 'B' }],
  ['all of several in its DependsOn', { DependsOn: ['C', 'B'] }],
  ['named by a Ref', property({ Ref: 'B' })],
  ['named by an Fn::GetAtt', property({ 'Fn::GetAtt': ['B', 'Arn'] })],
  ['named by an Fn::GetAtt in short form', property({ 'Fn::GetAtt': 'B.Arn' })],
  ['named in an Fn::Sub', property({ 'Fn::Sub': 'x${B}' })],
  ['whose attribute an Fn::Sub names', property({ 'Fn::Sub': '${B.Arn}x' })],
  ['that a variable of an Fn::Sub refers to', property({ 'Fn::Sub': ['${x}', { x: { Ref: 'B' } }] })],
  ['that a part of an Fn::Join refers to', property({ 'Fn::Join': ['', ['x', { Ref: 'B' }]] })],
])('A resource is created after the one %s', (_, fields) => {
  const order = orderOf({ A: fields, B: {}, C: {} });
  expect(order.indexOf('B')).toBeLessThan(order.indexOf('A'));
  expect([...order].sort()).toEqual(['A', 'B', 'C']);
});

test('The attribute of an Fn::GetAtt can be named by a parameter', () => {
  const Parameters = { Attribute: { Type: 'String', Default: 'Arn' } };
  const Resources = { A: anyResource({}, { Value: { 'Fn::GetAtt': ['B', { Ref: 'Attribute' }] } }), B: thing };
  const { resources } = bind({ Parameters, Resources });
  expect(resources.map(({ logicalId }) => logicalId)).toEqual(['B', 'A']);
  expect(() => bind({ Resources })).toThrow('A depends on "Attribute", which the template does not have.');
});

test('Resources are created once each, after everything that they depend on', () => {
  expect(orderOf({ A: { DependsOn: ['B', 'C'] }, B: { DependsOn: 'D' }, C: { DependsOn: 'D' }, D: {} })).toEqual([
    'D',
    'B',
    'C',
    'A',
  ]);
});

test('Parameters, pseudo parameters and literals are no dependencies', () => {
  const none = [{ Ref: 'Stage' }, { Ref: 'AWS::Region' }, { 'Fn::Sub': '${!B}${AWS::Region}${Stage}' }, '${B}'];
  expect(orderOf({ A: property(none), B: {} })).toEqual(['A', 'B']);
});

test.each([
  [{ A: { DependsOn: 'A' } }, 'A → A'],
  [{ A: { DependsOn: 'B' }, B: property({ Ref: 'A' }) }, 'A → B → A'],
  [{ X: { DependsOn: 'A' }, A: { DependsOn: 'B' }, B: { DependsOn: 'C' }, C: { DependsOn: 'A' } }, 'X → A → B → C → A'],
])(
  'Resources that depend on one another in a circle are refused, and the message shows it: %j',
  (resources, circle) => {
    expect(() => orderOf(resources as Record<string, object>)).toThrow(
      new TemplateError(`Resources depend on one another in a circle: ${circle}.`),
    );
  },
);

test.each([
  [{ DependsOn: 'Nobody' }],
  [property({ Ref: 'Nobody' })],
  [property({ 'Fn::GetAtt': ['Nobody', 'Arn'] })],
  [property({ 'Fn::Sub': '${Nobody.Arn}' })],
])('A name that the template does not have is refused: %j', (fields) => {
  expect(() => orderOf({ A: fields })).toThrow(
    new TemplateError('A depends on "Nobody", which the template does not have.'),
  );
});

test.each([[undefined], [null], [[]], ['{}'], [{}], [{ Resources: [] }], [{ Resources: 'x' }]])(
  '%j is not a template',
  (source) => {
    expect(() => new Template(source)).toThrow('A template is a JSON object with "Resources"; this one has none.');
  },
);

test.each([[{}], [{ Type: 1 }], ['AWS::IoT::Thing']])('%j is not a resource', (resource) => {
  expect(() => new Template({ Resources: { A: resource } })).toThrow(
    new TemplateError('The resource "A" has no Type.'),
  );
});

test.each([
  [{ Transform: 'AWS::Serverless-2016-10-31' }, 'The template has Transform, which IoT Core Local does not process.'],
  [{ Hooks: {}, Other: 1 }, 'The template has Hooks and Other, which IoT Core Local does not process.'],
  [
    { AWSTemplateFormatVersion: '2011-01-01' },
    'The template has the AWSTemplateFormatVersion "2011-01-01", not "2010-09-09".',
  ],
  [{ Conditions: [] }, 'Conditions is not an object.'],
  [{ Outputs: { Name: {} } }, 'The output "Name" has no Value.'],
  [{ Outputs: { Name: { Value: 'a', Export: 'x' } } }, 'The export of the output "Name" has no Name.'],
  [
    { Outputs: { Name: { Value: { Ref: 'Nobody' } } } },
    'The output "Name" refers to "Nobody", which the template does not have.',
  ],
  [
    { Outputs: { Name: { Value: { 'Fn::Cidr': [] } } } },
    'The output "Name" uses Fn::Cidr, which IoT Core Local does not evaluate.',
  ],
  [
    { Resources: { A: { Type: 'AWS::IoT::Thing', DeletionPolicy: 'Keep' } } },
    'A has the DeletionPolicy "Keep"; it can be Delete, Retain, RetainExceptOnCreate, Snapshot.',
  ],
  [
    { Resources: { A: { Type: 'AWS::IoT::Thing', UpdateReplacePolicy: 'RetainExceptOnCreate' } } },
    'A has the UpdateReplacePolicy "RetainExceptOnCreate"; it can be Delete, Retain, Snapshot.',
  ],
  [{ Resources: { A: { Type: 'AWS::IoT::Thing', Tags: [] } } }, 'A has the attribute Tags, which no resource has.'],
  [{ Resources: { 'a-b': { Type: 'AWS::IoT::Thing' } } }, 'A logical id has letters and digits only; "a-b" does not.'],
  [
    { Resources: { A: { Type: 'AWS::IoT::Thing', DeletionPolicy: 'Snapshot' } } },
    'A has the DeletionPolicy "Snapshot", and AWS::IoT::Thing has no snapshots.',
  ],
  [
    { Resources: { A: { Type: 'Custom::A', UpdateReplacePolicy: 'Snapshot' } } },
    'A has the UpdateReplacePolicy "Snapshot", and Custom::A has no snapshots.',
  ],
  ...[{ Ref: 'B' }, [{ Ref: 'B' }]].map((DependsOn): [object, string] => [
    { Resources: { A: { Type: 'AWS::IoT::Thing', DependsOn }, B: { Type: 'AWS::IoT::Thing' } } },
    'The DependsOn of A is not a name; it has {"Ref":"B"}.',
  ]),
  [
    { Resources: { A: { Type: 'AWS::IoT::Thing', Condition: { 'Fn::Equals': ['a', 'a'] } } } },
    'The Condition of A is not a name; it has {"Fn::Equals":["a","a"]}.',
  ],
  ...['AWS::Iot::Thing', 'aws::iot::thing'].map((Type): [object, string] => [
    { Resources: { A: { Type } } },
    `IoT Core Local has no ${Type}, which A is: it is not known whether it changes a right.`,
  ]),
  ...['AWS::IoT', 'Thing', 'AWS::IoT::Thing::Other', 'AWS::S3::Bucket '].map((Type): [object, string] => [
    { Resources: { A: { Type } } },
    `IoT Core Local has no ${Type}, which A is: no resource type has such a name.`,
  ]),
  [
    { Resources: { A: { Type: 'My::Fleet::Device::MODULE' } } },
    'IoT Core Local has no My::Fleet::Device::MODULE, which A is: a module stands for resources that are elsewhere.',
  ],
  ...['AWS::Serverless::Function', 'AWS::Serverless::Application'].map((Type): [object, string] => [
    { Resources: { A: { Type } } },
    `IoT Core Local has no ${Type}, which A is: only the transform of AWS SAM makes resources of it.`,
  ]),
  [
    { Resources: { A: { Type: 'AWS::IoT::RoleAlias' } } },
    'IoT Core Local has no AWS::IoT::RoleAlias, which A is: it gives certificates the rights of an IAM role.',
  ],
  [
    { Resources: { A: { Type: 'AWS::IoT::Novelty' } } },
    'IoT Core Local has no AWS::IoT::Novelty, which A is: it is not known whether it changes a right.',
  ],
  [
    { Resources: { A: { Type: 'AWS::IoT::Thing', Properties: { Name: 'a' } } } },
    'A has the property Name, which AWS::IoT::Thing does not have.',
  ],
  [
    { Resources: { A: { Type: 'AWS::IoT::Certificate', Properties: {} } } },
    'A has no Status, which AWS::IoT::Certificate requires.',
  ],
  [
    {
      Resources: {
        Bucket: { Type: 'AWS::S3::Bucket' },
        A: { Type: 'AWS::IoT::Thing', Properties: { ThingName: { 'Fn::GetAtt': ['Bucket', 'DomainName'] } } },
      },
    },
    'A needs "Bucket.DomainName", which has no value here: Bucket (AWS::S3::Bucket) is ignored.',
  ],
])('A template is refused before anything is created: %j', (source, message) => {
  expect(() => bind(source)).toThrow(expect.objectContaining({ name: 'TemplateError', message }));
});

test('A resource of another service may have the deletion policy Snapshot', () => {
  expect(bind({ Resources: { A: { Type: 'AWS::EC2::Volume', DeletionPolicy: 'Snapshot' } } }).resources).toHaveLength(
    1,
  );
});

test('The properties of a resource of another service are not read', () => {
  const Bucket = { Type: 'AWS::S3::Bucket', Properties: { Name: { 'Fn::Cidr': ['x'] }, Key: '{{resolve:ssm:/k}}' } };
  const template = bind({ Resources: { Bucket } });
  expect(template.propertiesOf(template.resources[0], new Map())).toEqual({ read: {}, unread: Bucket.Properties });
});
