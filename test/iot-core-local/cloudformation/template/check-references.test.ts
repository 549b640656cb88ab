// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation's variables are written like this

import { TemplateError } from '../../../../lib/iot-core-local/cloudformation/template/template-error';
import { anyResource, bind } from './bound-templates';

/** A template whose condition `No` does not hold. */
function templateOf(fields: object, sections: object = {}) {
  return {
    Parameters: { Stage: { Type: 'String', Default: 'test' } },
    Conditions: { No: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
    Resources: { Other: anyResource(), Left: anyResource({ Condition: 'No' }), Own: anyResource(fields) },
    ...sections,
  };
}

const property = (Value: unknown) => ({ Properties: { ServiceToken: 'arn', Value } });
const leftOut = (Value: unknown) => ({ Condition: 'No', ...property(Value) });
const output = (fields: object) => ({ Outputs: { Out: { Value: 'a', ...fields } } });
const exported = (Name: unknown) => output({ Export: { Name } });
const unresolved = (verb: string) => `${verb} "Nobody", which the template does not have.`;

test.each<[what: string, fields: object, sections: object, message: string]>([
  ['a resource that is not created refers to', leftOut({ Ref: 'Nobody' }), {}, unresolved('Own depends on')],
  ['the metadata of a resource refers to', { Metadata: { a: { Ref: 'Nobody' } } }, {}, unresolved('Own depends on')],
  [
    'a resource that is not created waits for',
    { Condition: 'No', DependsOn: 'Nobody' },
    {},
    unresolved('Own depends on'),
  ],
  [
    'the branch that does not count refers to',
    property({ 'Fn::If': ['No', { 'Fn::Sub': '${Nobody.Arn}' }, 'a'] }),
    {},
    unresolved('Own depends on'),
  ],
  [
    'an output that is left out refers to',
    {},
    output({ Value: { 'Fn::GetAtt': 'Nobody.Arn' }, Condition: 'No' }),
    unresolved('The output "Out" refers to'),
  ],
  [
    'a part of a condition refers to that does not matter',
    {},
    {
      Conditions: {
        No: { 'Fn::And': [{ 'Fn::Equals': ['a', 'b'] }, { 'Fn::Equals': [{ Ref: 'Nobody' }, 'b'] }] },
      },
    },
    unresolved('The condition "No" refers to'),
  ],
])('A name that the template does not have is refused where %s it', (_, fields, sections, message) => {
  expect(() => bind(templateOf(fields, sections))).toThrow(new TemplateError(message));
});

const undefinedCondition = 'has the condition "Nobody", which the template does not have.';

test.each<[where: string, fields: object]>([
  ['a resource that is not created has', leftOut({ 'Fn::If': ['Nobody', 'a', 'b'] })],
  ['a branch that does not count has', property({ 'Fn::If': ['No', { 'Fn::If': ['Nobody', 'a', 'b'] }, 'b'] })],
])('A condition that the template does not have is refused where %s it', (_, fields) => {
  expect(() => bind(templateOf(fields))).toThrow(new TemplateError(`Own ${undefinedCondition}`));
});

const refused = (what: string) => `${what} depends on the resource "Other", which CloudFormation does not take.`;

test.each<[what: string, fields: object, sections: object, message: string]>([
  ['the name of an export', {}, exported({ Ref: 'Other' }), refused('The name of the export of the output "Out"')],
  [
    'a part of the name of an export',
    {},
    exported({ 'Fn::Sub': 'x-${Other.Arn}' }),
    refused('The name of the export of the output "Out"'),
  ],
  [
    'the name of an import',
    property({ 'Fn::ImportValue': { 'Fn::Join': ['', ['a', { Ref: 'Other' }]] } }),
    {},
    refused('Own has an Fn::ImportValue that'),
  ],
  [
    'a part of a condition that does not matter',
    {},
    { Conditions: { No: { 'Fn::And': [{ 'Fn::Equals': ['a', 'b'] }, { 'Fn::Equals': [{ Ref: 'Other' }, 'b'] }] } } },
    refused('The condition "No"'),
  ],
])('A resource is refused in %s', (_, fields, sections, message) => {
  expect(() => bind(templateOf(fields, sections), {}, { a: 'b' })).toThrow(new TemplateError(message));
});

test.each(['a_b', 'a/b', ' ', '', 'a'.repeat(256)])('An export cannot have the name "%s"', (Name) => {
  expect(() => bind(templateOf({}, exported(Name)))).toThrow(
    'The Name field of every Export member must be specified and consist only of alphanumeric characters',
  );
});

test.each(['Fleet:Name-1', 'a'.repeat(255), { 'Fn::Sub': '${AWS::StackName}-${Stage}' }])(
  'An export can have the name %j',
  (Name) => {
    expect(() => bind(templateOf({}, exported(Name)))).not.toThrow();
  },
);

test('A condition may not import a value', () => {
  const Conditions = { No: { 'Fn::Not': [{ 'Fn::Equals': ['a', { 'Fn::ImportValue': 'a' }] }] } };
  expect(() => bind(templateOf({}, { Conditions }), {}, { a: 'b' })).toThrow(
    new TemplateError('Template error: Cannot use Fn::ImportValue in Conditions. The condition "No" does.'),
  );
});

const ignored = (Value: unknown) => ({ Type: 'AWS::S3::Bucket', Properties: { Value } });

test.each([
  ['a resource that is served', property({ Ref: 'AWS::Foo' })],
  ['a resource that is ignored', ignored({ Ref: 'AWS::Foo' })],
  ['an Fn::Sub', ignored({ 'Fn::Sub': '${AWS::Foo}' })],
  ['a branch that does not count', property({ 'Fn::If': ['No', { Ref: 'AWS::Foo' }, 'b'] })],
])('A pseudo parameter that CloudFormation does not have is refused in %s', (_, fields) => {
  expect(() => bind(templateOf(fields))).toThrow(
    new TemplateError('Own depends on "AWS::Foo", which the template does not have.'),
  );
});

test.each([
  ['a resource that is served', property({ 'Fn::Sub': 'client/${iot:Connection.Thing.ThingName}' }), {}],
  ['a resource that is ignored', ignored({ 'Fn::Sub': 'client/${iot:Connection}' }), {}],
  ['a resource that is not created', leftOut({ 'Fn::Sub': '${iot:Connection}' }), {}],
  ['an output', {}, output({ Value: { 'Fn::Sub': '${iot:Connection}' } })],
])(
  'A policy variable in an Fn::Sub of %s is refused, and the message says how it is written',
  (_, fields, sections) => {
    expect(() => bind(templateOf(fields, sections))).toThrow(
      'which the template does not have. In an Fn::Sub, a policy variable is written as in "${!iot:ClientId}".',
    );
  },
);

test.each(['iot:Connection.Thing.Attributes[a]', 'aws:SourceIp', 'cognito-identity.amazonaws.com:sub'])(
  'The error of the policy variable %s names all of it',
  (name) => {
    expect(() => bind(templateOf(ignored({ 'Fn::Sub': `a/\${${name}}` })))).toThrow(
      `Own depends on "${name}", which the template does not have. In an Fn::Sub, a policy variable`,
    );
  },
);

test.each(['AccountId', 'NotificationARNs', 'NoValue', 'Partition', 'Region', 'StackId', 'StackName', 'URLSuffix'])(
  'A template may refer to AWS::%s',
  (name) => {
    expect(() => bind(templateOf(ignored({ Ref: `AWS::${name}` })))).not.toThrow();
  },
);

test.each<[name: string, argument: unknown]>([
  ['Fn::If', ['Yes', 'a', 'b']],
  ['Fn::Base64', 'a'],
])('A condition may not use %s', (name, argument) => {
  const Yes = { 'Fn::Equals': ['a', 'a'] };
  const No = { 'Fn::And': [Yes, { 'Fn::Equals': [{ 'Fn::Join': ['', [{ [name]: argument }]] }, 'a'] }] };
  expect(() => bind(templateOf({}, { Conditions: { Yes, No } }))).toThrow(
    new TemplateError(`The condition "No" uses ${name}, which CloudFormation does not take in a condition.`),
  );
});

test('A condition may use the functions that CloudFormation takes in one', () => {
  const Mappings = { Map: { a: { b: 'c' } } };
  const joined = { 'Fn::Join': ['-', [{ 'Fn::Select': [0, { 'Fn::Split': ['-', { Ref: 'Stage' }] }] }]] };
  const found = { 'Fn::FindInMap': ['Map', 'a', { 'Fn::Sub': 'b' }] };
  const Conditions = { No: { 'Fn::Equals': [joined, found] } };
  expect(bind(templateOf({}, { Mappings, Conditions })).resources).toHaveLength(2);
});

test('A condition may not use Fn::Contains, which is for rules', () => {
  const Conditions = { No: { 'Fn::Not': [{ 'Fn::Contains': [['a'], 'a'] }] } };
  expect(() => bind(templateOf({}, { Conditions }))).toThrow(
    new TemplateError('The condition "No" uses Fn::Contains, which CloudFormation takes in rules alone.'),
  );
});

test('A template may refer to what its conditions leave out, where they leave out the reference too', () => {
  const value = { 'Fn::If': ['No', { Ref: 'Left' }, { Ref: 'Stage' }] };
  const sections = output({ Value: { Ref: 'Left' }, Condition: 'No' });
  expect(bind(templateOf(property(value), sections)).resources).toHaveLength(2);
});
