// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation's variables are written like this

import type { CreatedResource } from '../../../../lib/iot-core-local/cloudformation/resource-types/resource-type';
import { TemplateError } from '../../../../lib/iot-core-local/cloudformation/template/template-error';
import { anyResource, bind, stack } from './bound-templates';

const created = new Map<string, CreatedResource>([
  ['Thing', { ref: 'car1', attributes: { Arn: 'arn:thing', 'Endpoint.Port': '8883' } }],
  ['Policy', { ref: 'policy1', attributes: {} }],
]);

const sections = {
  Parameters: {
    Stage: { Type: 'String', Default: 'test' },
    Names: { Type: 'CommaDelimitedList', Default: 'a, b' },
    Secret: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/secret' },
  },
  Conditions: {
    IsTest: { 'Fn::Equals': [{ Ref: 'Stage' }, 'test'] },
    IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
  },
  Mappings: { Stages: { test: { name: 'Test', names: ['t', 'u'] } } },
};

/** The value of a property, in a resource beside those above. */
function evaluated(value: unknown): unknown {
  const Resources = { Thing: anyResource(), Policy: anyResource(), Own: anyResource({}, { Value: value }) };
  const template = bind({ ...sections, Resources }, {}, { shared: 'exported' });
  const own = template.resources.find(({ logicalId }) => logicalId === 'Own')!;
  return template.propertiesOf(own, created).read.Value;
}

test.each([
  ['text', 'text'],
  [1, 1],
  [true, true],
  [{ a: [{ b: 'c' }] }, { a: [{ b: 'c' }] }],
  [{}, {}],
  [{ Ref: 'Thing' }, 'car1'],
  [{ Ref: 'Stage' }, 'test'],
  [{ Ref: 'Names' }, ['a', 'b']],
  [{ Ref: 'AWS::Region' }, 'cn-north-1'],
  [{ Ref: 'AWS::Partition' }, 'aws-cn'],
  [{ Ref: 'AWS::URLSuffix' }, 'amazonaws.com.cn'],
  [{ Ref: 'AWS::AccountId' }, '123456789012'],
  [{ Ref: 'AWS::StackName' }, 'Fleet'],
  [{ Ref: 'AWS::StackId' }, stack.stackId],
  [{ 'Fn::GetAtt': ['Thing', 'Arn'] }, 'arn:thing'],
  [{ 'Fn::GetAtt': 'Thing.Arn' }, 'arn:thing'],
  [{ 'Fn::GetAtt': ['Thing', 'Endpoint.Port'] }, '8883'],
  [{ 'Fn::Join': ['', ['a', { Ref: 'Thing' }, 'b']] }, 'acar1b'],
  [{ 'Fn::Join': ['/', ['a', { 'Fn::Join': ['-', ['b', 1]] }]] }, 'a/b-1'],
  [{ 'Fn::Join': [',', ['a', { Ref: 'AWS::NoValue' }, 'b']] }, 'a,b'],
  [{ 'Fn::Join': ['+', { Ref: 'Names' }] }, 'a+b'],
  [{ 'Fn::Join': ['+', { 'Fn::Split': ['/', 'a/b'] }] }, 'a+b'],
  [{ 'Fn::Split': ['|', 'a||b'] }, ['a', '', 'b']],
  [{ 'Fn::Select': [1, ['a', 'b']] }, 'b'],
  [{ 'Fn::Select': ['0', { 'Fn::Split': ['/', { Ref: 'Thing' }] }] }, 'car1'],
  [{ 'Fn::Sub': 'topic/${Thing}/${AWS::Region}' }, 'topic/car1/cn-north-1'],
  [{ 'Fn::Sub': '${Thing.Arn}/*' }, 'arn:thing/*'],
  [{ 'Fn::Sub': ['${Name}/${Thing}', { Name: { Ref: 'Policy' } }] }, 'policy1/car1'],
  // These variables are for AWS IoT's policies.
  [{ 'Fn::Sub': 'client/${!iot:ClientId}' }, 'client/${iot:ClientId}'],
  [{ 'Fn::Join': ['', ['client/', '${iot:Connection.Thing.ThingName}']] }, 'client/${iot:Connection.Thing.ThingName}'],
  [{ 'Fn::Base64': { Ref: 'Thing' } }, 'Y2FyMQ=='],
  [{ 'Fn::FindInMap': ['Stages', { Ref: 'Stage' }, 'name'] }, 'Test'],
  [{ 'Fn::Select': [1, { 'Fn::FindInMap': ['Stages', 'test', 'names'] }] }, 'u'],
  [{ 'Fn::ImportValue': { 'Fn::Sub': 'shared' } }, 'exported'],
  [{ 'Fn::If': ['IsTest', { Ref: 'Thing' }, 'other'] }, 'car1'],
  [{ 'Fn::If': ['IsProd', { Ref: 'Thing' }, 'other'] }, 'other'],
  [{ a: { 'Fn::If': ['IsProd', 1, { Ref: 'AWS::NoValue' }] }, b: 2 }, { b: 2 }],
  [{ a: 1, b: { Ref: 'AWS::NoValue' } }, { a: 1 }],
  [['a', { Ref: 'AWS::NoValue' }], ['a']],
  // Only an object with one key is a function.
  [
    { Ref: 'Thing', other: 'x' },
    { Ref: 'Thing', other: 'x' },
  ],
])('The value of %j is %j', (value, expected) => {
  expect(evaluated(value)).toEqual(expected);
});

test.each([
  [{ Ref: 'AWS::NotificationARNs' }, 'Own refers to "AWS::NotificationARNs", which has no value here.'],
  [{ Ref: 'Secret' }, 'Own refers to "Secret", an AWS::SSM::Parameter::Value<String> whose value only AWS has.'],
  [{ 'Fn::GetAtt': ['Thing', 'Colour'] }, 'Own needs "Thing.Colour", which has no value here.'],
  [{ 'Fn::GetAtt': ['Thing', 'constructor'] }, 'Own needs "Thing.constructor", which has no value here.'],
  [{ 'Fn::Sub': '${Thing.Colour}' }, 'Own needs "Thing.Colour", which has no value here.'],
  [{ 'Fn::GetAtt': 'Thing' }, 'Own has an Fn::GetAtt that does not name a resource and an attribute.'],
  [{ 'Fn::Cidr': ['x'] }, 'Own uses Fn::Cidr, which IoT Core Local does not evaluate.'],
  [{ 'Fn::Transform': { Name: 'AWS::Include' } }, 'Own uses Fn::Transform, which IoT Core Local does not evaluate.'],
  [
    { 'Fn::Transform': { Name: 'AWS::Include' }, a: 'b' },
    'Own uses Fn::Transform, which IoT Core Local does not evaluate.',
  ],
  [{ 'Fn::If': ['IsProd', { 'Fn::Cidr': ['x'] }, 'b'] }, 'Own uses Fn::Cidr, which IoT Core Local does not evaluate.'],
  [{ 'Fn::Equals': ['a', 'b'] }, 'Own uses Fn::Equals, which IoT Core Local does not evaluate.'],
  [{ a: [{ 'Fn::ImportValue': 'x' }] }, 'No export named x found.'],
  [{ 'Fn::If': ['Unknown', 'a', 'b'] }, 'The template has no condition "Unknown".'],
  [{ 'Fn::If': ['IsTest', 'a'] }, 'Own has an Fn::If that is not a condition and two values.'],
  [{ 'Fn::FindInMap': ['Stages', 'prod', 'name'] }, 'Template error: Unable to get mapping for Stages::prod::name'],
  [{ 'Fn::FindInMap': ['Stages', 'prod'] }, 'Own has an Fn::FindInMap that is not a map and two keys.'],
  [{ 'Fn::Join': 'a' }, 'Own has an Fn::Join that is not a delimiter and a list.'],
  [{ 'Fn::Join': ['', 'a'] }, 'Own has an Fn::Join that is not a delimiter and a list.'],
  [{ 'Fn::Join': [{ Ref: 'Stage' }, ['a']] }, 'Own has an Fn::Join that is not a delimiter and a list.'],
  [{ 'Fn::Join': ['', [{ Ref: 'Names' }]] }, 'Own has an Fn::Join of a value that is not a string.'],
  [{ 'Fn::Split': ['', 'a'] }, 'Own has an Fn::Split that is not a delimiter and a text.'],
  [{ 'Fn::Split': ['/', ['a']] }, 'Own has an Fn::Split that is not a string.'],
  [{ 'Fn::Select': [2, ['a', 'b']] }, 'Own has an Fn::Select of entry 2, and the list has 2 entries.'],
  [{ 'Fn::Select': ['x', ['a']] }, 'Own has an Fn::Select of entry NaN, and the list has 1 entries.'],
  [{ 'Fn::Select': [0, 'a'] }, 'Own has an Fn::Select that is not an index and a list.'],
  [{ 'Fn::Sub': { a: 'b' } }, 'Own has an Fn::Sub without a text.'],
  [{ 'Fn::Sub': [] }, 'Own has an Fn::Sub without a text.'],
  [{ 'Fn::Sub': '${Names}' }, 'Own has an Fn::Sub of a value that is not a string.'],
  [
    ['a', '{{resolve:ssm:/name:1}}'],
    'Own has the dynamic reference {{resolve:ssm:/name:1}}, which IoT Core Local does not resolve.',
  ],
])('%j is refused, and the message names what is wrong', (value, message) => {
  expect(() => evaluated(value)).toThrow(new TemplateError(message));
});

test('A value of a resource that is not there yet is pending, and names the resource', () => {
  const template = bind({ Resources: { Thing: anyResource(), Own: anyResource({}, { Value: { Ref: 'Thing' } }) } });
  expect(() => template.propertiesOf(template.resources[1], new Map())).toThrow(
    expect.objectContaining({ name: 'PendingValueError', logicalId: 'Thing' }),
  );
});
