// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are written so
import { IotError } from '../../../lib/iot-core-local/registry/iot-error';
import {
  type IotAction,
  PolicyDocument,
  type PolicyVariables,
} from '../../../lib/iot-core-local/registry/policy-document';

const topicArn = (name: string) => `arn:aws:iot:us-east-1:123456789012:topic/${name}`;

const none: PolicyVariables = new Map();

function variables(values: Record<string, string | readonly string[]>): PolicyVariables {
  return new Map(Object.entries(values).map(([name, value]) => [name, [value].flat()]));
}

/** Whether a single statement applies to publishing on a topic. */
function applies(statement: object, topic: string, values = none, action: IotAction = 'iot:Publish'): boolean {
  const document = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'iot:Publish', ...statement } };
  const bound = PolicyDocument.parse(document).statements[0].bind(values);
  return bound?.matches(action, topicArn(topic)) ?? false;
}

describe('a resource', () => {
  test.each([
    ['cars/data', 'cars/data', true],
    ['cars/data', 'cars/data/x', false],
    ['cars/data', 'xcars/data', false],
    ['cars/data', 'Cars/data', false],
    ['*', '', true],
    ['cars/*', 'cars/data/x', true],
    ['cars/*', 'cars/', true],
    ['cars/*', 'cars', false],
    ['*/data', 'cars/1/data', true],
    ['c*/d*a', 'cars/x/data', true],
    ['*', 'two\nlines', true],
    ['cars/?', 'cars/1', true],
    ['cars?data', 'cars/data', true],
    ['cars/?', 'cars/', false],
    ['cars/?', 'cars/12', false],
    ['cars/?', 'cars/🚗', true],
    // What is a wildcard in a topic filter is none here.
    ['cars/+', 'cars/data', false],
    ['cars/+', 'cars/+', true],
    ['cars/#', 'cars/data', false],
    ['cars/#', 'cars/#', true],
    ['#', 'cars', false],
    // And what is special in a regular expression is not special at all.
    ['cars.data', 'cars/data', false],
    ['(cars|data)', 'cars', false],
    ['[cars]', 'c', false],
    ['$share/group2/cars', '$share/group2/cars', true],
    ['a^b\\c{1}', 'a^b\\c{1}', true],
  ])('The resource %s matches the topic %s: %s', (pattern, topic, matches) => {
    expect(applies({ Resource: topicArn(pattern) }, topic)).toBe(matches);
  });

  test('A statement can have several resources', () => {
    const Resource = ['a', 'b'].map(topicArn);
    expect(['a', 'b', 'c'].map((topic) => applies({ Resource }, topic))).toEqual([true, true, false]);
  });

  test('The resource * matches everything', () => {
    expect(applies({ Resource: '*' }, 'cars/data')).toBe(true);
  });
});

describe('an action', () => {
  test.each([
    ['iot:Publish', true],
    ['iot:publish', true],
    ['iot:*', true],
    ['*', true],
    ['iot:P*', true],
    [['iot:Connect', 'iot:Publish'], true],
    ['iot:Subscribe', false],
    ['iot:Publis', false],
    ['Publish', false],
    ['s3:*', false],
  ])('The action %j covers iot:Publish: %s', (Action, covers) => {
    expect(applies({ Action, Resource: '*' }, 'cars/data')).toBe(covers);
  });

  test('The action iot:Publish does not cover iot:RetainPublish', () => {
    expect(applies({ Resource: '*' }, 'cars/data', none, 'iot:RetainPublish')).toBe(false);
  });
});

describe('a policy variable', () => {
  const own = variables({
    'iot:ClientId': 'car1',
    'iot:Connection.Thing.Attributes[colour]': 'red',
    empty: [],
    two: ['a', 'b'],
  });
  const wild = variables({ 'iot:ClientId': '*' });
  const single = variables({ 'iot:ClientId': '?' });
  const odd = variables({ 'iot:ClientId': 'a\u{f0000}' });

  test.each([
    ['${iot:ClientId}/data', 'car1/data', own, true],
    ['${iot:ClientId}/data', 'car2/data', own, false],
    ['${iot:ClientId}/*', 'car1/a/b', own, true],
    ['${iot:Connection.Thing.Attributes[colour]}', 'red', own, true],
    // Without a value it matches nothing, not even its own name spelled out with wildcards.
    ['${iot:Connection.Thing.ThingName}/data', '/data', own, false],
    ['${iot:Connection.Thing.ThingName}/data', 'car1/data', own, false],
    ['${empty}', '', own, false],
    ['${two}', 'a', own, false],
    // A client cannot widen its rights by what it calls itself.
    ['${iot:ClientId}/data', 'car2/data', wild, false],
    ['${iot:ClientId}/data', '*/data', wild, true],
    ['${iot:ClientId}', 'x', single, false],
    ['${iot:ClientId}', '?', single, true],
    ['${iot:ClientId}', 'a*', odd, false],
    ['${iot:ClientId}', 'a\u{f0000}', odd, true],
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
    ['a${*}', 'a*', none, true],
    ['a${*}', 'ab', none, false],
    ['a${?}', 'ab', none, false],
    ['a${$}', 'a$', none, true],
  ])('A policy variable in %s matches %s as it should', (pattern, topic, values, matches) => {
    expect(applies({ Resource: topicArn(pattern) }, topic, values)).toBe(matches);
  });
});

describe('a condition', () => {
  const persistent = variables({ 'iot:ConnectAttributes': ['PersistentConnect'], 'iot:ClientId': 'car1' });
  const both = variables({ 'iot:ConnectAttributes': ['PersistentConnect', 'LastWill'] });
  const plain = variables({ 'iot:ConnectAttributes': [], 'iot:ClientId': 'car1' });
  const attached = variables({ 'iot:Connection.Thing.IsAttached': 'true' });
  const attributes = (...values: string[]) => ({ 'iot:ConnectAttributes': values });

  test.each([
    ['StringEquals', { 'iot:ClientId': 'car1' }, plain, true],
    ['StringEquals', { 'iot:ClientId': ['car2', 'car1'] }, plain, true],
    ['StringEquals', { 'iot:ClientId': 'CAR1' }, plain, false],
    ['StringEquals', { 'iot:ClientId': 'car*' }, plain, false],
    ['StringEquals', { 'iot:ClientId': '${iot:ClientId}' }, plain, true],
    ['StringEquals', { 'iot:ClientId': '${iot:ClientId}' }, variables({ 'iot:ClientId': 'car*' }), true],
    ['StringEquals', { 'iot:ClientId': 'car1' }, none, false],
    ['StringNotEquals', { 'iot:ClientId': 'car1' }, plain, false],
    ['StringNotEquals', { 'iot:ClientId': ['car1', 'car2'] }, plain, false],
    ['StringNotEquals', { 'iot:ClientId': ['car3', 'car2'] }, plain, true],
    ['StringNotEquals', { 'iot:ClientId': 'car1' }, none, true],
    ['StringLike', { 'iot:ClientId': 'car?' }, plain, true],
    ['StringLike', { 'iot:ClientId': 'truck*' }, plain, false],
    ['StringNotLike', { 'iot:ClientId': 'car?' }, plain, false],
    ['StringNotLike', { 'iot:ClientId': 'truck*' }, plain, true],
    ['Bool', { 'iot:Connection.Thing.IsAttached': 'true' }, attached, true],
    ['Bool', { 'iot:Connection.Thing.IsAttached': [true] }, attached, true],
    ['Bool', { 'iot:Connection.Thing.IsAttached': 'true' }, none, false],
    ['ForAnyValue:StringEquals', attributes('PersistentConnect'), persistent, true],
    ['ForAnyValue:StringEquals', attributes('PersistentConnect'), both, true],
    ['ForAnyValue:StringEquals', attributes('PersistentConnect'), plain, false],
    ['ForAnyValue:StringNotEquals', attributes('PersistentConnect'), both, true],
    ['ForAnyValue:StringNotEquals', attributes('PersistentConnect'), persistent, false],
    ['ForAnyValue:StringNotEquals', attributes('PersistentConnect'), plain, false],
    ['ForAllValues:StringEquals', attributes('PersistentConnect'), persistent, true],
    ['ForAllValues:StringEquals', attributes('PersistentConnect'), both, false],
    ['ForAllValues:StringEquals', attributes('PersistentConnect', 'LastWill'), both, true],
    ['ForAllValues:StringEquals', attributes('PersistentConnect'), plain, true],
    ['ForAllValues:StringNotEquals', attributes('LastWill'), both, false],
  ])('The condition %s %j holds as it should', (operator, test, values, holds) => {
    expect(applies({ Resource: '*', Condition: { [operator]: test } }, 'cars/data', values)).toBe(holds);
  });

  test('All conditions of a statement must hold', () => {
    const Condition = { StringEquals: { 'iot:ClientId': 'car1' }, Bool: { 'iot:Connection.Thing.IsAttached': 'true' } };
    expect(applies({ Resource: '*', Condition }, 'cars/data', plain)).toBe(false);
    expect(applies({ Resource: '*', Condition }, 'cars/data', new Map([...plain, ...attached]))).toBe(true);
  });
});

describe('malformed is', () => {
  const good = { Effect: 'Allow', Action: 'iot:Publish', Resource: '*' };
  test.each([
    ['no JSON', '{', 'not JSON'],
    ['nothing', undefined, 'not JSON'],
    ['a list', [good], 'the document is not an object'],
    ['null', null, 'the document is not an object'],
    ['no Statement', { Version: '2012-10-17' }, 'no Statement'],
    ['another Version', { Version: '2020-01-01', Statement: good }, '"2020-01-01"'],
    ['another key', { Statement: good, Statements: [] }, 'has "Statements"'],
    ['a statement that is none', { Statement: [good, 'Allow'] }, 'statement 2 is not an object'],
    ['another Effect', { Statement: { ...good, Effect: 'allow' } }, '"allow", not "Allow" or "Deny"'],
    ['no Effect', { Statement: { ...good, Effect: undefined } }, 'Effect undefined'],
    ['no Action', { Statement: { ...good, Action: undefined } }, 'the Action of statement 1'],
    ['an empty Action', { Statement: { ...good, Action: [] } }, 'the Action of statement 1'],
    ['no Resource', { Statement: { ...good, Resource: undefined } }, 'the Resource of statement 1'],
    ['a Resource unresolved', { Statement: { ...good, Resource: { Ref: 'X' } } }, 'the Resource of statement 1'],
    ['NotAction', { Statement: { ...good, NotAction: 'iot:Connect' } }, 'has "NotAction"'],
    ['a condition without operator', { Statement: { ...good, Condition: 'x' } }, 'Condition of statement 1'],
    ['an operator that is unknown', { Statement: { ...good, Condition: { IpAddress: { a: 'b' } } } }, '"IpAddress"'],
    [
      'an operator that every object has',
      { Statement: { ...good, Condition: { toString: { a: 'b' } } } },
      '"toString"',
    ],
    [
      'a qualifier that is unknown',
      { Statement: { ...good, Condition: { 'ForSome:Bool': { a: 'b' } } } },
      '"ForSome:Bool"',
    ],
    ['an operator without a key', { Statement: { ...good, Condition: { Bool: 'x' } } }, 'Bool of statement 1'],
  ])('A policy document with %s is malformed', (_, document, reason) => {
    const parse = () => PolicyDocument.parse(document);
    expect(parse).toThrow(IotError);
    expect(parse).toThrow(
      expect.objectContaining({ name: 'MalformedPolicyException', message: expect.stringContaining(reason) }),
    );
  });
});

describe('of a document’s size', () => {
  const sized = (size: number) => {
    const document = (Resource: string) =>
      JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 'iot:Publish', Resource }] });
    return document('x'.repeat(size - document('').length));
  };

  test('A document of 2,048 characters is taken, with any amount of white space between them', () => {
    const document = sized(2048);
    expect(document).toHaveLength(2048);
    expect(PolicyDocument.parse(document).statements).toHaveLength(1);
    expect(PolicyDocument.parse(JSON.stringify(JSON.parse(document), null, 8)).statements).toHaveLength(1);
  });

  test('A document of 2,049 characters is refused', () => {
    expect(() => PolicyDocument.parse(sized(2049))).toThrow(
      'it has 2049 characters without white space, and AWS takes 2048',
    );
  });
});

test('A document keeps the text that it was given', () => {
  const text = '{ "Statement": [] }';
  expect(PolicyDocument.parse(text).text).toBe(text);
});
