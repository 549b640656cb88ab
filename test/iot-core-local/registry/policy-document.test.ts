// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are written so
import { IotError } from '../../../lib/iot-core-local/registry/iot-error';
import { PolicyDocument } from '../../../lib/iot-core-local/registry/policy-document';
import { contextOf } from '../../support/policy-context';

const good = { Effect: 'Allow', Action: 'iot:Publish', Resource: '*' };
const arn = 'arn:aws:iot:us-east-1:123456789012:topic/a';

/** A document of one statement. */
const withStatement = (statement: object) => ({ Version: '2012-10-17', Statement: { ...good, ...statement } });

const withCondition = (operator: string, key: string, value: unknown = 'x') =>
  withStatement({ Condition: { [operator]: { [key]: value } } });

test.each([
  ['no JSON', '{', 'not JSON'],
  ['nothing', undefined, 'not JSON'],
  ['an Effect twice', '{"Statement": {"Effect": "Deny", "Effect": "Allow"}}', 'the key "Effect" twice in one object'],
  ['a hundred thousand levels', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'more than 200 levels'],
  ['a list', [good], 'the document is not an object'],
  ['null', null, 'the document is not an object'],
  ['no Statement', { Version: '2012-10-17' }, 'no Statement'],
  ['another Version', { Version: '2020-01-01', Statement: good }, '"2020-01-01"'],
  ['variables under an old Version', { Statement: { ...good, Resource: '${iot:ClientId}' } }, 'Version "2012-10-17"'],
  ['a statement that is text', { Statement: [good, 'Allow'] }, 'statement 2 is not an object'],
  ['another Effect', withStatement({ Effect: 'allow' }), '"allow", not "Allow" or "Deny"'],
  ['no Effect', withStatement({ Effect: undefined }), 'statement 1 has no Effect'],
  ['no Action', withStatement({ Action: undefined }), 'the Action of statement 1'],
  ['an empty Action', withStatement({ Action: [] }), 'the Action of statement 1'],
  ['Action and NotAction', withStatement({ NotAction: 'iot:Connect' }), 'both Action and NotAction'],
  ['no Resource', withStatement({ Resource: undefined }), 'the Resource of statement 1'],
  ['Resource and NotResource', withStatement({ NotResource: '*' }), 'both Resource and NotResource'],
  ['a Resource that is unresolved', withStatement({ Resource: { Ref: 'X' } }), 'the Resource of statement 1'],
  ['a variable without its end', withStatement({ Resource: `${arn}\${iot:ClientId` }), 'has a "${" without its "}"'],
  ['a null character', withStatement({ Resource: `${arn}\u0000b` }), 'has the character U+0000'],
  [
    'a Resource that is a topic',
    withStatement({ Resource: ['*', 'cars/data'] }),
    'the resource "cars/data" of statement 1',
  ],
  ['a Resource that is a list as text', withStatement({ Resource: '["*"]' }), 'is not in valid ARN format'],
  ['a NotResource that is a topic', withStatement({ Resource: undefined, NotResource: 'cars/*' }), 'valid ARN format'],
  ['a Condition that is text', withStatement({ Condition: 'x' }), 'the Condition of statement 1'],
  ['an operator with a text', withStatement({ Condition: { Bool: 'x' } }), 'Bool of statement 1'],
  ['an object as a value', withCondition('StringEquals', 'iot:ClientId', { a: 1 }), 'iot:ClientId in the Condition'],
  [
    'a Bool that is neither',
    withCondition('Bool', 'iot:Connection.Thing.IsAttached', 'yes'),
    '"yes", not true or false',
  ],
  ['a Null that is neither', withCondition('Null', 'iot:ClientId', 'yes'), '"yes", not true or false'],
  ['a number that is none', withCondition('NumericEquals', 'iot:ClientId', 'two'), '"two", not a number'],
  ['a range that is none', withCondition('IpAddress', 'aws:SourceIp', '1.2.3.4/33'), 'not an IP address or a range'],
  ['a Sid that is no string', withStatement({ Sid: 1 }), 'the Sid of statement 1 is not a string'],
  [
    'a key twice, in another case',
    withStatement({ Condition: { StringEquals: { 'iot:ClientId': 'a', 'IOT:clientID': 'b' } } }),
    'StringEquals of statement 1 has the key "iot:clientid" twice',
  ],
  ['an ARN that is none', withCondition('ArnLike', 'iot:LastWillTopic', 'topic/a'), '"topic/a", not an ARN'],
])('A policy document with %s is malformed', (_, document, reason) => {
  const parse = () => PolicyDocument.parse(document);
  expect(parse).toThrow(IotError);
  expect(parse).toThrow(
    expect.objectContaining({ name: 'MalformedPolicyException', message: expect.stringContaining(reason) }),
  );
});

const unknown: [what: string, document: object, named: string][] = [
  ['element', { ...withStatement({}), Statements: [] }, 'the element "Statements" of the policy'],
  ['element of a statement', withStatement({ Principal: '*' }), 'the element "Principal" of statement 1'],
  ['operator', withCondition('DateGreaterThan', 'iot:ClientId'), 'the condition operator "DateGreaterThan"'],
  ['Binary operator', withCondition('BinaryEquals', 'iot:ClientId'), 'the condition operator "BinaryEquals"'],
  ['operator that every object has', withCondition('toString', 'iot:ClientId'), 'the condition operator "toString"'],
  ['operator without a key', withStatement({ Condition: { Bool: {} } }), 'the condition operator "Bool" without a key'],
  ['qualifier', withCondition('ForSome:Bool', 'iot:ClientId'), 'the condition operator "ForSome:Bool"'],
  [
    'qualifier of Null',
    withCondition('ForAllValues:Null', 'iot:ClientId'),
    'the condition operator "ForAllValues:Null"',
  ],
  ['mistyped operator', withCondition('StringEqual', 'iot:ClientId'), '"StringEqual" (did you mean "StringEquals"?)'],
  ['key', withCondition('ForAllValues:StringEquals', 'aws:CurrentTime'), 'the condition key "aws:CurrentTime"'],
  ['mistyped key', withCondition('StringEquals', 'iot:ClientID2'), '"iot:ClientID2" (did you mean "iot:ClientId"?)'],
  ['attribute', withCondition('StringEquals', 'iot:Certificate.Subject.Color'), '"iot:Certificate.Subject.Color"'],
  [
    'variable of a Resource',
    withStatement({ Resource: `${arn}\${aws:username}` }),
    'the policy variable "${aws:username}"',
  ],
  ...["Attributes['a']", 'Attributes[ a ]', 'Attributes.a', 'Attributes[]'].map((name): [string, object, string] => [
    `spelling of a thing’s attribute, ${name},`,
    withStatement({ Resource: `${arn}\${iot:Connection.Thing.${name}}` }),
    `the policy variable "\${iot:Connection.Thing.${name}}"`,
  ]),
  ['variable of a value', withCondition('StringEquals', 'iot:ClientId', '${x}'), 'the policy variable "${x}"'],
  [
    'default value',
    withStatement({ Resource: `${arn}\${iot:ClientId, 'a'}` }),
    `the policy variable "\${iot:ClientId, 'a'}"`,
  ],
  ...['iot:Certificate.Subject.CommonName.List', 'iot:Certificate.AvailableKeys', 'iot:connectAttributes'].map(
    (name): [string, object, string] => [
      `use of ${name}, which has several values, as a variable`,
      withStatement({ Resource: `${arn}\${${name}}` }),
      `the policy variable "\${${name}}"`,
    ],
  ),
  ['spelling of an escape', withStatement({ Resource: `${arn}$(*)` }), '"$(*)", which IAM writes as "${*}"'],
  [
    'meaning of an empty list of values',
    withCondition('StringNotEquals', 'iot:ClientId', []),
    'an empty list of values, as of iot:ClientId in StringNotEquals of statement 1',
  ],
  [
    'variable of an Fn::Sub',
    withStatement({ Resource: `${arn}\${!iot:ClientId}` }),
    '("${!" is right in an Fn::Sub only)',
  ],
];

test.each(unknown)('A policy document with an unknown %s is refused by its name', (_, document, named) => {
  const parse = () => PolicyDocument.parse(document);
  expect(parse).toThrow(expect.objectContaining({ name: 'NotImplementedException' }));
  expect(parse).toThrow(/^IoT Core Local does not know /);
  expect(parse).toThrow(named);
});

test.each(unknown)(
  'An unknown %s allows nothing and denies everything, if it is taken leniently',
  (_, document, named) => {
    for (const [Effect, expected] of [
      ['Allow', false],
      ['Deny', true],
    ] as const) {
      const source = { ...document, Statement: { ...(document as { Statement: object }).Statement, Effect } };
      const { statements, warnings } = PolicyDocument.parse(source, { isLenient: true });
      expect(statements.some((statement) => statement.applies('iot:Publish', arn, contextOf()))).toBe(expected);
      expect(warnings).toEqual([expect.stringMatching(/^IoT Core Local does not know .*, so it denies\.$/)]);
      expect(warnings[0]).toContain(named);
    }
  },
);

test('A Deny of NotResource with an unknown variable, taken leniently, denies everything', () => {
  const document = withStatement({ Effect: 'Deny', Resource: undefined, NotResource: [`${arn}\${x}`] });
  const [statement] = PolicyDocument.parse(document, { isLenient: true }).statements;
  expect(statement.applies('iot:Publish', arn, contextOf())).toBe(true);
});

test('Everything unknown in a document is listed', () => {
  const Condition = { Date: { a: 'b' }, Bool: { c: 'true' } };
  const { unknown: all } = PolicyDocument.parse(withStatement({ Condition, X: 1 }), { isLenient: true });
  expect(all).toEqual([
    'the element "X" of statement 1',
    'the condition operator "Date" of statement 1',
    'the condition key "a" of statement 1',
    'the condition key "c" of statement 1',
  ]);
});

test('A document warns of an action that AWS IoT does not have', () => {
  const document = { Version: '2012-10-17', Statement: [good, { ...good, Action: ['iot:Conect'] }] };
  expect(PolicyDocument.parse(document).warnings).toEqual([
    'Statement 2: AWS IoT policies have no action "iot:Conect". Did you mean "iot:Connect"?',
  ]);
});

test.each([
  [['a-b'], ['Statement 1: its Sid "a-b" has other characters than letters and digits, which IAM refuses.']],
  [['a', 'b', 'a'], ['Statement 3: its Sid "a" is also that of an earlier statement, which IAM refuses.']],
  [['a', 'A', 'B1', '', ''], []],
])('A document warns of a Sid that IAM refuses: %j', (sids, warnings) => {
  const document = { Version: '2012-10-17', Statement: sids.map((Sid) => ({ ...good, Sid })) };
  expect(PolicyDocument.parse(document).warnings).toEqual(warnings);
});

const sized = (size: number) => {
  const document = (Resource: string) =>
    JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 'iot:Publish', Resource }] });
  return document(arn + 'x'.repeat(size - document(arn).length));
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

test('White space is that of JSON: another space counts', () => {
  const withSpaces = (space: string) => JSON.stringify(withStatement({ Resource: arn + space.repeat(2048) }));
  expect(PolicyDocument.parse(withSpaces(' ')).statements).toHaveLength(1);
  expect(() => PolicyDocument.parse(withSpaces('\u00a0'))).toThrow('characters without white space');
});

test('Two attributes of a thing whose names differ in case are two keys', () => {
  const keys = { 'iot:Connection.Thing.Attributes[a]': 'x', 'iot:Connection.Thing.Attributes[A]': 'x' };
  const document = withStatement({ Condition: { StringEquals: keys } });
  expect(PolicyDocument.parse(document).statements).toHaveLength(1);
});

test('A document keeps the text that it was given', () => {
  const text = '{ "Statement": [] }';
  expect(PolicyDocument.parse(text).text).toBe(text);
});
