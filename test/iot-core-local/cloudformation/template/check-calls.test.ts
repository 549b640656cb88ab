import { Template } from '../../../../lib/iot-core-local/cloudformation/template/template';
import { TemplateError } from '../../../../lib/iot-core-local/cloudformation/template/template-error';
import { anyResource } from './bound-templates';

const templateOf = (sections: object) => () => new Template({ Resources: { Any: anyResource() }, ...sections });
const ignored = (fields: object) => ({ Resources: { Own: { Type: 'AWS::S3::Bucket', ...fields } } });
const property = (Value: unknown) => ignored({ Properties: { Value } });

const unsupported = 'Template error: Encountered unsupported function: Fn::Toast.';
const call = { a: [{ 'Fn::Toast': 'x' }] };

test.each<[where: string, sections: object, owner: string]>([
  ['a resource that is served', { Resources: { Own: anyResource({}, call) } }, 'Own'],
  ['a resource that is ignored', property(call), 'Own'],
  ['a resource that is not created', ignored({ Condition: 'No', Properties: call }), 'Own'],
  ['the metadata of a resource', ignored({ Metadata: call }), 'Own'],
  ['the creation policy of a resource', ignored({ CreationPolicy: call }), 'Own'],
  ['the update policy of a resource', ignored({ UpdatePolicy: call }), 'Own'],
  ['the argument of another function', property({ 'Fn::Base64': call }), 'Own'],
  ['an output', { Outputs: { Out: { Value: call, Condition: 'No' } } }, 'The output "Out"'],
  ['the name of an export', { Outputs: { Out: { Value: 'a', Export: { Name: call } } } }, 'The output "Out"'],
  [
    'a part of a condition that does not matter',
    { Conditions: { No: { 'Fn::And': [{ 'Fn::Equals': ['a', 'b'] }, { 'Fn::Equals': [call, 'b'] }] } } },
    'The condition "No"',
  ],
  [
    'a rule that does not matter',
    { Rules: { Rule: { RuleCondition: { 'Fn::Equals': ['a', 'b'] }, Assertions: [{ Assert: call }] } } },
    'The rule "Rule"',
  ],
])('A function that CloudFormation does not have is refused in %s', (_, sections, owner) => {
  expect(templateOf(sections)).toThrow(new TemplateError(`${unsupported} ${owner} uses it.`));
});

test.each([
  ['Fn::sub', 'Fn::Sub'],
  ['Fn::GetAttr', 'Fn::GetAtt'],
])('The error of the function %s names %s', (name, meant) => {
  expect(templateOf(property({ [name]: 'a' }))).toThrow(`${name}. Own uses it. Did you mean "${meant}"?`);
});

test.each(['Fn::Length', 'Fn::ToJsonString', 'Fn::ForEach::Loop'])(
  'The function %s is refused, as only a transform makes it one',
  (name) => {
    expect(templateOf(property({ [name]: 'a' }))).toThrow(`Encountered unsupported function: ${name}. Own uses it.`);
  },
);

test.each([
  [{ Ref: {} }, 'has a Ref that is not a name'],
  [{ Ref: '' }, 'has a Ref that is not a name'],
  [{ 'Fn::GetAtt': 'Own' }, 'has an Fn::GetAtt that does not name a resource and an attribute'],
  [{ 'Fn::GetAtt': ['Own'] }, 'has an Fn::GetAtt that does not name a resource and an attribute'],
  [{ 'Fn::GetAtt': ['Own', ''] }, 'has an Fn::GetAtt that does not name a resource and an attribute'],
  [{ 'Fn::GetAtt': [{ Ref: 'Own' }, 'Arn'] }, 'has an Fn::GetAtt that does not name a resource and an attribute'],
  [{ 'Fn::GetAtt': ['Own', 'Endpoint', 'Port'] }, 'has an Fn::GetAtt that does not name a resource and an attribute'],
  [{ 'Fn::Join': ['', 'a'] }, 'has an Fn::Join that is not a delimiter and a list'],
  [{ 'Fn::Split': ['', 'a'] }, 'has an Fn::Split that is not a delimiter and a text'],
  [{ 'Fn::Select': ['0'] }, 'has an Fn::Select that is not an index and a list'],
  [{ 'Fn::Sub': [{ Ref: 'Own' }, {}] }, 'has an Fn::Sub without a text'],
  [{ 'Fn::FindInMap': ['Map', 'key'] }, 'has an Fn::FindInMap that is not a map and two keys'],
  [{ 'Fn::If': [{ Ref: 'Own' }, 'a', 'b'] }, 'has an Fn::If that is not a condition and two values'],
  [{ 'Fn::If': 'No' }, 'has an Fn::If that is not a condition and two values'],
  [{ 'Fn::If': ['No', 'a', 'b'], a: 'b' }, 'has Fn::If beside other keys, where it is no call'],
])('%j is refused in a resource that is ignored', (value, wrong) => {
  expect(templateOf(property([value]))).toThrow(new TemplateError(`Own ${wrong}.`));
});

test.each([
  { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] },
  { 'Fn::GetAZs': '' },
  { 'Fn::GetAtt': 'Own.Endpoint.Port' },
  { 'Fn::GetAtt': ['Own', { Ref: 'AWS::Region' }] },
  { 'Fn::Join': ['', { 'Fn::GetAZs': '' }] },
  { 'Fn::Select': [{ Ref: 'AWS::Region' }, { 'Fn::GetAZs': '' }] },
  { 'Fn::Transform': { Name: 'AWS::Include' }, a: 'b' },
  { Ref: 'Own', a: 'b' },
])('A resource that is ignored may have %j', (value) => {
  expect(templateOf(property(value))).not.toThrow();
});
