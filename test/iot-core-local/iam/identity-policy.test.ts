import type { AccessRequest } from '../../../lib/iot-core-local/iam/access-request';
import { decide, IdentityPolicy } from '../../../lib/iot-core-local/iam/identity-policy';

const arn = 'arn:aws:iot:us-east-1:123456789012:thing/car1';
const request: AccessRequest = { action: 'iot:DescribeThing', resource: arn };
const Allow = { Effect: 'Allow', Action: 'iot:DescribeThing', Resource: '*' };
const parse = (...statements: unknown[]) => IdentityPolicy.parse({ Version: '2012-10-17', Statement: statements });
const isAllowed = (statement: unknown, asked: AccessRequest = request) => decide([parse(statement)], asked).isAllowed;

test.each<[string, object, boolean]>([
  ['the action', {}, true],
  ['the action in other case', { Action: 'IOT:describething' }, true],
  ['a wildcard for the action', { Action: ['s3:Get*', 'iot:Describe*'] }, true],
  ['a wildcard for one character', { Action: 'iot:?escribeThing' }, true],
  ['every action', { Action: '*' }, true],
  ['another action', { Action: 'iot:DescribeThings' }, false],
  ['another service', { Action: 's3:*' }, false],
])('A statement with %s decides as IAM does', (_case, change, expected) => {
  expect(isAllowed({ ...Allow, ...change })).toBe(expected);
});

test.each<[string, string, boolean]>([
  [arn, arn, true],
  ['arn:aws:iot:us-east-1:123456789012:thing/car*', arn, true],
  ['arn:aws:iot:*:*:thing/car1', arn, true],
  ['arn:aws:iot:us-east-1:123456789012:thing/car', arn, false],
  ['arn:aws:iot:us-east-1:123456789012:thing/CAR1', arn, false],
  ['arn:aws:iot:us-east-1:123456789012:*', arn, true],
  ['arn:aws:iot:us-east-1:*', arn, true],
  ['arn:aws:iot', arn, true],
  // A wildcard does not cross a colon to allow.
  ['arn:aws:*:thing/car1', arn, false],
  ['arn:aws:iot:*:thing/car1', arn, false],
  ['arn:aws:logs:*:*:log-group:Fleet*', 'arn:aws:logs:us-east-1:1:log-group:Fleet:log-stream:', true],
  ['*', 'us-east-1:0f1c2b3a', true],
  // No ARN matches a Cognito identity.
  ['arn:aws:iot:*:*:*', 'us-east-1:0f1c2b3a', false],
  ['arn:aws:iot:us-east-1:1:thing/car1', '*', false],
])('The resource pattern %s and the resource %s: %s', (Resource, resource, expected) => {
  expect(isAllowed({ ...Allow, Resource }, { ...request, resource })).toBe(expected);
});

test.each<[string, boolean]>([
  ['arn:aws:iot:*:thing/car1', true],
  ['arn:aws:iot:*:*:thing/car1', true],
  ['arn:aws:iot:*:thing/car2', false],
])('A wildcard of %s denies where it would have to stand for several parts of the ARN: %s', (pattern, isDenied) => {
  const Deny = { Effect: 'Deny', Action: '*' };
  const isDeniedBy = (statement: object) => !decide([parse(Allow, statement)], request).isAllowed;
  expect(isDeniedBy({ ...Deny, Resource: pattern })).toBe(isDenied);
  expect(isAllowed({ Effect: 'Allow', Action: '*', NotResource: pattern })).toBe(!isDenied);
});

test('A Deny leaves out what NotResource matches part by part, and no more', () => {
  const isDeniedBut = (NotResource: string) =>
    !decide([parse(Allow, { Effect: 'Deny', Action: '*', NotResource })], request).isAllowed;
  expect(isDeniedBut('arn:aws:iot:*:*:thing/car1')).toBe(false);
  expect(isDeniedBut('arn:aws:iot:*:thing/car1')).toBe(true);
});

test('NotAction and NotResource match everything else', () => {
  expect(isAllowed({ Effect: 'Allow', NotAction: 'iot:DescribeThing', Resource: '*' })).toBe(false);
  expect(isAllowed({ Effect: 'Allow', NotAction: 'iot:DeleteThing', Resource: '*' })).toBe(true);
  expect(isAllowed({ Effect: 'Allow', Action: '*', NotResource: [arn, 'arn:aws:iot:*:*:cert/*'] })).toBe(false);
  expect(isAllowed({ Effect: 'Allow', Action: '*', NotResource: 'arn:aws:iot:*:*:cert/*' })).toBe(true);
});

const condition = (operator: string, value: unknown = arn, key = 'iot:thingArn') => ({
  ...Allow,
  Condition: { [operator]: { [key]: value } },
});

test.each<[string, unknown, string | undefined, boolean]>([
  ['ArnEquals', arn, arn, true],
  ['ArnLike', 'arn:aws:iot:*:*:thing/car?', arn, true],
  ['ArnEquals', 'arn:aws:iot:*:*:thing/bus*', arn, false],
  ['ArnEquals', arn, undefined, false],
  ['ArnEqualsIfExists', arn, undefined, true],
  ['ArnNotEquals', arn, arn, false],
  ['ArnNotEquals', arn, undefined, true],
  ['StringEquals', [arn, 'x'], arn, true],
  ['StringLike', '*car1', arn, true],
  ['StringNotLike', ['*car1', '*car2'], arn, false],
])('The condition %s with %j decides about %j: %s', (operator, value, actual, expected) => {
  const keys = actual === undefined ? undefined : { 'iot:thingArn': actual };
  expect(isAllowed(condition(operator, value), { ...request, keys })).toBe(expected);
});

test('The name of a condition key is not case-sensitive', () => {
  expect(isAllowed(condition('ArnEquals', arn, 'IOT:ThingARN'), { ...request, keys: { 'iot:thingArn': arn } })).toBe(
    true,
  );
});

test('An explicit Deny beats an Allow of another policy, and says which statement denies', () => {
  const denies = parse({ ...Allow, Effect: 'Deny' });
  expect(decide([parse(Allow), denies], request)).toMatchObject({
    isAllowed: false,
    deniedBy: denies.statements[0],
    because: `${JSON.stringify({ ...Allow, Effect: 'Deny' })} denies it`,
  });
});

test('A denial says which condition does not hold', () => {
  expect(
    decide([parse(condition('ArnEquals', `${arn}0`))], { ...request, keys: { 'iot:thingArn': arn } }),
  ).toMatchObject({
    because: expect.stringMatching(
      /does not apply, as its condition ArnEquals does not hold: iot:thingArn is "\S+car1", and the policy has "\S+car10"$/,
    ),
  });
});

test('Without a statement that allows it, a request is denied', () => {
  expect(decide([], request)).toEqual({ isAllowed: false, because: 'no statement allows it' });
});

test('What IoT Core Local does not know is not read where all actions are of other services', () => {
  const statement = {
    Effect: 'Allow',
    Action: ['s3:*'],
    Resource: `arn:aws:s3:::bucket/\${aws:userid}/*`,
    Condition: { Bool: { 'aws:SecureTransport': 'true' } },
  };
  expect(isAllowed(statement, { action: 's3:GetObject', resource: '*' })).toBe(false);
  expect(() => parse({ ...statement, Resource: '*', Action: ['s3:*', 'iot:*'] })).toThrow('Bool');
});

test.each<[string, unknown, string]>([
  ['an operator that is not known', condition('DateLessThan'), 'condition operator "DateLessThan"'],
  ['an operator for numbers', condition('NumericEquals', '1'), 'condition operator "NumericEquals"'],
  ['a set operator', condition('ForAllValues:ArnEquals'), 'condition operator "ForAllValues:ArnEquals"'],
  ['a condition key that is not known', condition('StringEquals', 'x', 'aws:SourceIp'), 'condition key "aws:SourceIp"'],
  ['a variable in a condition', condition('StringEquals', `\${aws:username}`), 'no policy variables'],
  ['a variable in a resource', { ...Allow, Resource: `arn:aws:iot:*:*:thing/\${aws:username}` }, 'no policy variables'],
  ['a value that is no ARN', condition('ArnEquals', 'car1'), 'needs an ARN, not "car1"'],
  ['a resource that is no ARN', { ...Allow, Resource: 'thing/car1' }, 'must be in ARN format or "*"'],
  ['a principal', { ...Allow, Principal: '*' }, 'no element "Principal"'],
  ['another effect', { ...Allow, Effect: 'Maybe' }, 'Effect is Allow or Deny'],
  ['no resource', { Effect: 'Allow', Action: '*' }, 'either Resource or NotResource'],
  ['an action and its opposite', { ...Allow, NotAction: '*' }, 'either Action or NotAction'],
  ['an action without a service', { ...Allow, Action: 'DescribeThing' }, '"DescribeThing" is not an action'],
  ['a number as action', { ...Allow, Action: 1 }, 'Action is a text'],
  ['no actions', { ...Allow, Action: [] }, 'Action is a text'],
  ['a text as condition', { ...Allow, Condition: 'x' }, 'Condition is an object'],
  ['an operator without a key', { ...Allow, Condition: { ArnEquals: {} } }, 'operator "ArnEquals" has no key'],
  ['an unknown operator without a key', { ...Allow, Condition: { Unknown: {} } }, 'operator "Unknown" has no key'],
  ['a number in the place of keys', { ...Allow, Condition: { ArnEquals: 1 } }, 'operator "ArnEquals" has no key'],
  ['an empty list of values', condition('ArnNotEquals', []), 'key "iot:thingArn" has an empty list of values'],
  [
    'a key twice',
    { ...Allow, Condition: { ArnEquals: { 'iot:thingArn': arn, 'IOT:ThingARN': arn } } },
    'has the key "iot:thingarn" twice',
  ],
  ['a Sid with a space', { ...Allow, Sid: 'a b' }, 'Statement IDs (SID) must be alpha-numeric; "a b" is not'],
  ['a number as Sid', { ...Allow, Sid: 1 }, 'Statement IDs (SID) must be alpha-numeric; 1 is not'],
  ['no object', 'Allow', 'A statement is an object'],
])('A statement with %s is refused by name', (_case, statement, message) => {
  expect(() => parse(statement)).toThrow(message);
});

test.each<[string, unknown, string]>([
  ['is text and no JSON', '{', 'is not JSON'],
  ['is text that is nested too deeply', '['.repeat(201) + ']'.repeat(201), 'policy document has more than 200 levels'],
  ['is a list', [], 'is an object'],
  ['has another Version', { Version: '2020-01-01', Statement: [] }, 'valid version string'],
  ['has no Statement', { Version: '2012-10-17' }, 'needs Statement'],
  ['has another element', { Statement: [], Statements: [] }, 'no element "Statements"'],
])('A policy document that %s is refused', (_case, document, message) => {
  expect(() => IdentityPolicy.parse(document)).toThrow(message);
});

test('The Sids of a policy are unique, and those of two policies need not be', () => {
  const named = { ...Allow, Sid: 'Describe' };
  expect(() => parse(named, Allow, named)).toThrow('Statement IDs (SID) in a single policy must be unique; "Describe"');
  expect(
    parse(named, { ...Allow, Sid: 'describe' }, { ...Allow, Sid: '' }, { ...Allow, Sid: '' }).statements,
  ).toHaveLength(4);
  expect(decide([parse(named), parse(named)], request).isAllowed).toBe(true);
});

test('A policy that has a key twice in one object is refused', () => {
  const text = JSON.stringify({ Statement: Allow }).replace('"Effect":', '"Effect":"Deny","Effect":');
  expect(() => IdentityPolicy.parse(text)).toThrow('The policy document has the key "Effect" twice in one object');
});
