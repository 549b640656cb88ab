// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation's variables are written so

import { type CreatedResource, Template, TemplateError } from '../../../lib/iot-core-local/cloudformation/template';
import { defaultLocation, newStack } from '../../../lib/iot-core-local/registry/arns';

const stack = newStack({ ...defaultLocation, partition: 'aws-cn', region: 'cn-north-1' }, 'Fleet');

const created = new Map<string, CreatedResource>([
  ['Thing', { ref: 'car1', attributes: { Arn: 'arn:thing', 'Endpoint.Port': '8883' } }],
  ['Policy', { ref: 'policy1', attributes: {} }],
]);

const parameters = { Stage: { Type: 'String', Default: 'test' }, Open: { Type: 'String' } };

/** What a property's value is resolved to, in a resource that stands beside those above. */
function resolved(value: unknown): unknown {
  const template = new Template({
    Parameters: parameters,
    Resources: { Thing: { Type: 'T' }, Policy: { Type: 'T' }, Own: { Type: 'T', Properties: { Value: value } } },
  });
  const own = template.resources.find(({ logicalId }) => logicalId === 'Own')!;
  return template.resolve(own, created, stack).Value;
}

describe('a value', () => {
  test.each([
    ['text', 'text'],
    [1, 1],
    [true, true],
    [null, null],
    [{ a: [{ b: 'c' }] }, { a: [{ b: 'c' }] }],
    [{}, {}],
    [{ Ref: 'Thing' }, 'car1'],
    [{ Ref: 'Stage' }, 'test'],
    [{ Ref: 'AWS::Region' }, 'cn-north-1'],
    [{ Ref: 'AWS::Partition' }, 'aws-cn'],
    [{ Ref: 'AWS::AccountId' }, '123456789012'],
    [{ Ref: 'AWS::StackName' }, 'Fleet'],
    [{ Ref: 'AWS::StackId' }, stack.stackId],
    [{ 'Fn::GetAtt': ['Thing', 'Arn'] }, 'arn:thing'],
    [{ 'Fn::GetAtt': 'Thing.Arn' }, 'arn:thing'],
    [{ 'Fn::GetAtt': ['Thing', 'Endpoint.Port'] }, '8883'],
    [{ 'Fn::Join': ['', ['a', { Ref: 'Thing' }, 'b']] }, 'acar1b'],
    [{ 'Fn::Join': ['/', ['a', { 'Fn::Join': ['-', ['b', 'c']] }]] }, 'a/b-c'],
    [{ 'Fn::Join': [',', ['a', { Ref: 'AWS::NoValue' }, 'b']] }, 'a,b'],
    [{ 'Fn::Sub': 'topic/${Thing}/${AWS::Region}' }, 'topic/car1/cn-north-1'],
    [{ 'Fn::Sub': '${Thing.Arn}/*' }, 'arn:thing/*'],
    [{ 'Fn::Sub': ['${Name}/${Thing}', { Name: { Ref: 'Policy' } }] }, 'policy1/car1'],
    // What is meant for AWS IoT's policies stays.
    [{ 'Fn::Sub': 'client/${!iot:ClientId}' }, 'client/${iot:ClientId}'],
    [
      { 'Fn::Join': ['', ['client/', '${iot:Connection.Thing.ThingName}']] },
      'client/${iot:Connection.Thing.ThingName}',
    ],
    [{ a: 1, b: { Ref: 'AWS::NoValue' } }, { a: 1 }],
    [['a', { Ref: 'AWS::NoValue' }], ['a']],
    // Only an object with one key is a function's call.
    [
      { Ref: 'Thing', other: 'x' },
      { Ref: 'Thing', other: 'x' },
    ],
  ])('%j is resolved to %j', (value, expected) => {
    expect(resolved(value)).toEqual(expected);
  });

  test.each([
    [{ Ref: 'Open' }, 'Own refers to "Open", which has no value here.'],
    [{ Ref: 'AWS::NotificationARNs' }, 'Own refers to "AWS::NotificationARNs", which has no value here.'],
    [{ 'Fn::GetAtt': ['Thing', 'Colour'] }, 'Own needs "Thing.Colour", which has no value here.'],
    [{ 'Fn::Sub': '${Thing.Colour}' }, 'Own needs "Thing.Colour", which has no value here.'],
    [{ 'Fn::If': ['Condition', 'a', 'b'] }, 'Own uses Fn::If, which IoT Core Local does not resolve.'],
    [{ a: [{ 'Fn::ImportValue': 'x' }] }, 'Own uses Fn::ImportValue, which IoT Core Local does not resolve.'],
    [{ 'Fn::Join': ['', { 'Fn::Split': [',', 'a,b'] }] }, 'Own uses Fn::Split, which IoT Core Local does not resolve.'],
    [{ 'Fn::Join': 'a' }, 'Own has an Fn::Join of other than a delimiter and a list.'],
    [{ 'Fn::Join': ['', 'a'] }, 'Own has an Fn::Join of other than a delimiter and a list.'],
    [{ 'Fn::Join': [{ Ref: 'Stage' }, ['a']] }, 'Own has an Fn::Join of other than a delimiter and a list.'],
    [{ 'Fn::Sub': { a: 'b' } }, 'Own has an Fn::Sub without a text.'],
    [{ 'Fn::Sub': [] }, 'Own has an Fn::Sub without a text.'],
  ])('%j is refused by name', (value, message) => {
    expect(() => resolved(value)).toThrow(new TemplateError(message));
  });
});

/** The logical ids in the order of their creation, of resources that depend on one another as given. */
function orderOf(resources: Record<string, object>): string[] {
  const entries = Object.entries(resources).map(([logicalId, fields]) => [logicalId, { Type: 'T', ...fields }]);
  return new Template({ Parameters: parameters, Resources: Object.fromEntries(entries) }).resources.map(
    ({ logicalId }) => logicalId,
  );
}

const property = (Value: unknown) => ({ Properties: { Deep: [{ Value }] } });

describe('a resource is created after', () => {
  test.each([
    ['what it says', { DependsOn: 'B' }],
    ['all that it says', { DependsOn: ['C', 'B'] }],
    ['what it refers to', property({ Ref: 'B' })],
    ['whose attribute it needs', property({ 'Fn::GetAtt': ['B', 'Arn'] })],
    ['whose attribute it needs, in short form', property({ 'Fn::GetAtt': 'B.Arn' })],
    ['what a text of it names', property({ 'Fn::Sub': 'x${B}' })],
    ['whose attribute a text of it names', property({ 'Fn::Sub': '${B.Arn}x' })],
    ['what a text’s variable refers to', property({ 'Fn::Sub': ['${x}', { x: { Ref: 'B' } }] })],
    ['what a part of a text refers to', property({ 'Fn::Join': ['', ['x', { Ref: 'B' }]] })],
  ])('%s', (_, fields) => {
    const order = orderOf({ A: fields, B: {}, C: {} });
    expect(order.indexOf('B')).toBeLessThan(order.indexOf('A'));
    expect([...order].sort()).toEqual(['A', 'B', 'C']);
  });

  test('everything on the way there, each once', () => {
    expect(orderOf({ A: { DependsOn: ['B', 'C'] }, B: { DependsOn: 'D' }, C: { DependsOn: 'D' }, D: {} })).toEqual([
      'D',
      'B',
      'C',
      'A',
    ]);
  });

  test('nothing for parameters, pseudo parameters and literals', () => {
    const none = [{ Ref: 'Stage' }, { Ref: 'AWS::Region' }, { 'Fn::Sub': '${!B}${AWS::Region}${Stage}' }, '${B}'];
    expect(orderOf({ A: property(none), B: {} })).toEqual(['A', 'B']);
  });
});

test.each([
  [{ A: { DependsOn: 'A' } }, 'A → A'],
  [{ A: { DependsOn: 'B' }, B: property({ Ref: 'A' }) }, 'A → B → A'],
  [{ X: { DependsOn: 'A' }, A: { DependsOn: 'B' }, B: { DependsOn: 'C' }, C: { DependsOn: 'A' } }, 'X → A → B → C → A'],
])('a circle is shown: %j', (resources, circle) => {
  expect(() => orderOf(resources as Record<string, object>)).toThrow(
    new TemplateError(`Resources depend on one another in a circle: ${circle}.`),
  );
});

test.each([
  [{ DependsOn: 'Nobody' }],
  [property({ Ref: 'Nobody' })],
  [property({ 'Fn::GetAtt': ['Nobody', 'Arn'] })],
  [property({ 'Fn::Sub': '${Nobody.Arn}' })],
])('a name that the template does not have is told of: %j', (fields) => {
  expect(() => orderOf({ A: fields })).toThrow(
    new TemplateError('A depends on "Nobody", which the template does not have.'),
  );
});

test.each([[undefined], [null], [[]], ['{}'], [{}], [{ Resources: [] }], [{ Resources: 'x' }]])(
  '%j is no template',
  (source) => {
    expect(() => new Template(source)).toThrow('A template is a JSON object with "Resources"; this one has none.');
  },
);

test.each([[{}], [{ Type: 1 }], ['AWS::IoT::Thing'], [null]])('%j is no resource', (resource) => {
  expect(() => new Template({ Resources: { A: resource } })).toThrow(
    new TemplateError('The resource "A" has no Type.'),
  );
});
