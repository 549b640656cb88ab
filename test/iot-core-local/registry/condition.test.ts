// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are written so
import { contextOf, documentOf, type FakeFacts, thing } from '../../support/policy-context';

/** Whether a Condition lets an Allow and a Deny of iot:Connect apply. */
function effectsOf(Condition: object, facts: FakeFacts = {}) {
  const apply = (Effect: string) =>
    documentOf({ Effect, Action: 'iot:Connect', Resource: '*', Condition }).statements[0].applies(
      'iot:Connect',
      'arn:aws:iot:us-east-1:123456789012:client/car1',
      contextOf(facts),
    );
  return { allow: apply('Allow'), deny: apply('Deny') };
}

const holds = { allow: true, deny: true };
const fails = { allow: false, deny: false };
const undecided = { allow: false, deny: true };

const client = (value: string | string[]) => ({ 'iot:ClientId': value });
const attributes = (...values: string[]) => ({ 'iot:ConnectAttributes': values });
const numbered = (rpm: string): FakeFacts => ({ thing: thing('car1', { rpm }) });
const rpm = (value: unknown) => ({ 'iot:Connection.Thing.Attributes[rpm]': value });
const source = (value: string | string[]) => ({ 'aws:SourceIp': value });
const persistent: FakeFacts = { connectAttributes: ['PersistentConnect'] };
const both: FakeFacts = { connectAttributes: ['PersistentConnect', 'LastWill'] };
const will = (lastWillTopic: string): FakeFacts => ({ lastWillTopic });
const willArn = (topic: string) => ({ 'iot:LastWillTopic': `arn:aws:iot:us-east-1:123456789012:topic/${topic}` });
const organizations = (...values: string[]): FakeFacts => ({
  fakeCertificate: { attributes: { 'subject.organization': values } },
});
const organizationList = (...values: string[]) => ({ 'iot:Certificate.Subject.Organization.List': values });
const thingType = (value: string) => ({ 'iot:Connection.Thing.ThingTypeName': value });

test.each<[operator: string, tests: object, facts: FakeFacts, effects: object]>([
  ['StringEquals', client('car1'), {}, holds],
  ['stringequals', client('car1'), {}, holds],
  ['StringEquals', { 'IOT:CLIENTID': 'car1' }, {}, holds],
  ['StringEquals', client(['car2', 'car1']), {}, holds],
  ['StringEquals', client('CAR1'), {}, fails],
  ['StringEquals', client('car*'), {}, fails],
  ['StringEquals', client('${*}'), { clientId: '*' }, holds],
  ['StringEquals', client('${iot:ClientId}'), {}, holds],
  ['StringEquals', client('${iot:ClientId}'), { clientId: 'car*' }, holds],
  ['StringEquals', thingType('car'), {}, fails],
  ['StringNotEquals', client('car1'), {}, fails],
  ['StringNotEquals', client(['car1', 'car2']), {}, fails],
  ['StringNotEquals', client(['car3', 'car2']), {}, holds],
  ['StringNotEquals', thingType('car'), {}, holds],
  ['StringEqualsIgnoreCase', client('CAR1'), {}, holds],
  ['StringNotEqualsIgnoreCase', client('CAR1'), {}, fails],
  ['StringLike', client('car?'), {}, holds],
  ['StringLike', client('truck*'), {}, fails],
  ['StringLike', client('${iot:ClientId}'), { clientId: 'a*b' }, holds],
  ['StringNotLike', client('car?'), {}, fails],
  ['StringNotLike', client('truck*'), {}, holds],
  // A variable without a value matches nothing; whether it is different then, AWS does not say.
  ['StringEquals', client('${iot:Connection.Thing.ThingName}'), {}, fails],
  ['StringNotEquals', client('${iot:Connection.Thing.ThingName}'), {}, undecided],
  ['StringNotEquals', client('${iot:Connection.Thing.ThingName}'), { thing: thing('car2') }, holds],
  ['NumericEquals', rpm(3), numbered('3.0'), holds],
  ['NumericEquals', rpm('3'), numbered('4'), fails],
  ['NumericEquals', rpm('3'), numbered('three'), fails],
  ['NumericNotEquals', rpm('3'), numbered('4'), holds],
  ['NumericNotEquals', rpm('3'), numbered('three'), undecided],
  ['NumericLessThan', rpm('3'), numbered('3'), fails],
  ['NumericLessThan', rpm('3'), numbered('-2.5'), holds],
  ['NumericLessThanEquals', rpm('3'), numbered('3'), holds],
  ['NumericGreaterThan', rpm('3'), numbered('3'), fails],
  ['NumericGreaterThanEquals', rpm('3'), numbered('3'), holds],
  ['NumericGreaterThan', rpm('3'), {}, fails],
  ['Bool', { 'iot:Connection.Thing.IsAttached': 'true' }, { thing: thing('car1') }, holds],
  ['Bool', { 'iot:Connection.Thing.IsAttached': [true] }, { thing: thing('car1') }, holds],
  ['Bool', { 'iot:Connection.Thing.IsAttached': 'true' }, {}, fails],
  ['Bool', { 'iot:Connection.Thing.IsAttached': 'false' }, {}, holds],
  ['Null', { 'iot:Connection.Thing.IsAttached': true }, {}, fails],
  ['Null', thingType('true'), {}, holds],
  ['Null', thingType('false'), {}, fails],
  ['Null', attributes('true'), {}, holds],
  ['IpAddress', source('127.0.0.0/8'), { sourceIp: '127.0.0.1' }, holds],
  ['IpAddress', source('127.0.0.1'), { sourceIp: '::ffff:127.0.0.1' }, holds],
  ['IpAddress', source(['10.0.0.0/8', '::1']), { sourceIp: '::1' }, holds],
  ['IpAddress', source('10.0.0.0/8'), { sourceIp: '127.0.0.1' }, fails],
  ['NotIpAddress', source('10.0.0.0/8'), { sourceIp: '127.0.0.1' }, holds],
  ['NotIpAddress', source('127.0.0.1'), { sourceIp: '127.0.0.1' }, fails],
  ['IpAddress', source('0.0.0.0/0'), { sourceIp: '::1' }, fails],
  ['IpAddress', source('::/0'), { sourceIp: '127.0.0.1' }, fails],
  ['NotIpAddress', source('::/0'), { sourceIp: '127.0.0.1' }, holds],
  ['ArnEquals', willArn('a/${iot:ClientId}'), will('a/car1'), holds],
  ['ArnEquals', willArn('a/*'), will('a/b:c'), holds],
  ['ArnLike', willArn('a/?'), will('a/bb'), fails],
  ['ArnNotEquals', willArn('a'), will('a'), fails],
  ['ArnNotLike', willArn('a'), will('b'), holds],
  // Each part of an ARN is matched by itself: a wildcard does not reach into the next part, and a value brings no part of its own.
  ['ArnLike', { 'iot:LastWillTopic': 'arn:aws:iot:*:topic/a:x' }, will('a:x'), fails],
  ['ArnLike', { 'iot:LastWillTopic': 'arn:aws:iot:*:*:topic/*' }, will('a'), holds],
  [
    'ArnLike',
    { 'iot:LastWillTopic': 'arn:aws:iot:${iot:ClientId}:topic/a:x' },
    { ...will('a'), clientId: 'us-east-1:123456789012' },
    fails,
  ],
  ['StringEquals', { 'iot:DomainName': 'localhost' }, { domainName: 'localhost' }, holds],
  ['StringEquals', { 'iot:DomainName': 'localhost' }, {}, fails],
  ['StringNotEquals', { 'aws:SourceVpce': 'vpce-1a2b3c4d' }, {}, holds],
  ['StringEqualsIfExists', thingType('car'), {}, holds],
  ['StringEqualsIfExists', client('car2'), {}, fails],
  ['ForAnyValue:StringEquals', attributes('PersistentConnect'), persistent, holds],
  ['ForAnyValue:StringEquals', attributes('PersistentConnect'), both, holds],
  ['ForAnyValue:StringEquals', attributes('PersistentConnect'), {}, fails],
  ['ForAnyValue:StringNotEquals', attributes('PersistentConnect'), both, holds],
  ['ForAnyValue:StringNotEquals', attributes('PersistentConnect'), persistent, fails],
  ['ForAnyValue:StringNotEquals', attributes('PersistentConnect'), {}, fails],
  ['ForAllValues:StringEquals', attributes('PersistentConnect'), persistent, holds],
  ['forallvalues:stringequals', attributes('PersistentConnect'), both, fails],
  ['ForAllValues:StringEquals', attributes('PersistentConnect', 'LastWill'), both, holds],
  ['ForAllValues:StringEquals', attributes('PersistentConnect'), {}, holds],
  ['ForAllValues:StringEquals', attributes(), persistent, fails],
  ['ForAllValues:StringEquals', attributes(), {}, holds],
  ['ForAllValues:StringNotEquals', attributes('LastWill'), both, fails],
  ['ForAllValues:StringEquals', organizationList('Example Corp', 'AnyCompany'), organizations('Other'), fails],
  ['ForAllValues:StringEquals', organizationList('Example Corp', 'AnyCompany'), organizations('AnyCompany'), holds],
  // An operator without a qualifier on several values: AWS does not say whether any of them or all must fit.
  ['StringEquals', organizationList('a'), organizations('a', 'b'), undecided],
  ['StringEquals', organizationList('a', 'b'), organizations('a', 'b'), holds],
  ['StringEquals', organizationList('c'), organizations('a', 'b'), fails],
  // A value with a wildcard may be none to AWS.
  ['StringEquals', { 'iot:Certificate.Subject.Organization': 'a+b' }, organizations('a+b'), undecided],
  ['Null', { 'iot:Certificate.Subject.Organization': 'true' }, organizations('a+b'), undecided],
])('The condition %s %j has its effects', (operator, tests, facts, effects) => {
  expect(effectsOf({ [operator]: tests }, facts)).toEqual(effects);
});

test('All conditions of a statement must hold', () => {
  const Condition = { StringEquals: client('car1'), Bool: { 'iot:Connection.Thing.IsAttached': 'true' } };
  expect(effectsOf(Condition)).toEqual(fails);
  expect(effectsOf(Condition, { thing: thing('car1') })).toEqual(holds);
});

test.each([
  ['iot:Connect', { allow: true, deny: true }],
  ['iot:Publish', { allow: false, deny: true }],
] as const)('A condition on iot:ConnectAttributes decides about iot:Connect alone: %s', (action, expected) => {
  const Condition = { 'ForAnyValue:StringEquals': attributes('LastWill') };
  const [allow, deny] = ['Allow', 'Deny'].map((Effect) =>
    documentOf({ Effect, Action: 'iot:*', Resource: '*', Condition }).statements[0].applies(
      action,
      'arn',
      contextOf({ connectAttributes: ['LastWill'] }, action),
    ),
  );
  expect({ allow, deny }).toEqual(expected);
});
