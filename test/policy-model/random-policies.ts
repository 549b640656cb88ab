// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are written so
import fc from 'fast-check';
import type { IotAction } from '../../lib/iot-core-local/registry/policy-actions';
import { PolicyDocument } from '../../lib/iot-core-local/registry/policy-document';
import { contextOf, thing } from '../support/policy-context';
import { isAllowed, type PlainContext, type PlainStatement } from './plain-evaluator';

/** A connection and its certificate. */
interface Facts {
  readonly clientId: string;
  readonly connectAttributes: readonly ('PersistentConnect' | 'LastWill')[];
  readonly lastWillTopic?: string;
  readonly domainName?: string;
  readonly sourceIp: string;
  readonly thing?: { readonly name: string; readonly type?: string; readonly attributes: Record<string, string> };
  readonly commonNames: readonly string[];
}

interface Case {
  readonly statements: readonly PlainStatement[];
  readonly facts: Facts;
  readonly action: IotAction;
  readonly name: string;
}

const arn = 'arn:aws:iot:us-east-1:123456789012:';

/** Names from few letters, so that they meet. The wildcards are characters here. */
const names = fc.constantFrom('a', 'b', 'ab', 'A', '*', 'a*', '?', 'a:b', 'a/b', '1', '2.5');

const facts: fc.Arbitrary<Facts> = fc.record({
  clientId: names,
  connectAttributes: fc.subarray(['PersistentConnect', 'LastWill'] as const),
  lastWillTopic: fc.option(names, { nil: undefined }),
  domainName: fc.option(fc.constantFrom('a', 'localhost'), { nil: undefined }),
  sourceIp: fc.constantFrom('127.0.0.1', '10.1.2.3', '::1', 'fe80::1:2'),
  thing: fc.option(
    fc.record({
      name: names,
      type: fc.option(names, { nil: undefined }),
      attributes: fc.dictionary(fc.constantFrom('a', 'b'), names, { noNullPrototype: true }),
    }),
    { nil: undefined },
  ),
  commonNames: fc.array(fc.oneof(fc.constantFrom('a', 'b'), names), { maxLength: 3 }),
});

const keys = [
  'iot:ClientId',
  'iot:ConnectAttributes',
  'iot:LastWillTopic',
  'iot:DomainName',
  'aws:SourceIp',
  'aws:SourceVpc',
  'iot:CertificateId',
  'iot:Connection.Thing.ThingName',
  'iot:Connection.Thing.ThingTypeName',
  'iot:Connection.Thing.IsAttached',
  'iot:Connection.Thing.Attributes[a]',
  'iot:Connection.Thing.Attributes[b]',
  'iot:Certificate.Subject.CommonName',
  'iot:Certificate.Subject.CommonName.1',
  'iot:Certificate.Subject.CommonName.List',
];

/** Those that may have several values. */
const severalValued = ['iot:ConnectAttributes', 'iot:Certificate.Subject.CommonName.List'];

/** Mostly keys that are known, in any case but for the names of attributes. */
const key = fc
  .tuple(fc.constantFrom(...keys, ...keys, 'aws:username'), fc.boolean())
  .map(([name, isLower]) => (isLower ? name.replace(/^[^[]+/, (text) => text.toLowerCase()) : name));

const variables = key.map((name) => `\${${name}}`);

/** Text of a policy: letters, wildcards and variables. */
const text = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('a', 'b', 'A', '/', ':', '1', '*', '?', '${*}', '${?}') },
      { weight: 1, arbitrary: variables },
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) => parts.join(''));

const resource = fc.oneof(
  { weight: 1, arbitrary: fc.constant('*') },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constantFrom('topic/', 'client/', '*/'), text).map(([kind, name]) => `${arn}${kind}${name}`),
  },
);

/** The operators that take a kind of value, and such values. */
const kinds: readonly (readonly [names: readonly string[], values: fc.Arbitrary<string>])[] = [
  [
    [
      'StringEquals',
      'StringNotEquals',
      'StringEqualsIgnoreCase',
      'StringNotEqualsIgnoreCase',
      'StringLike',
      'StringNotLike',
    ],
    fc.oneof(text, names, fc.constantFrom('PersistentConnect', 'LastWill', 'localhost', 'true')),
  ],
  [
    [
      'NumericEquals',
      'NumericNotEquals',
      'NumericLessThan',
      'NumericLessThanEquals',
      'NumericGreaterThan',
      'NumericGreaterThanEquals',
    ],
    fc.oneof(fc.constantFrom('1', '2', '2.5', '-3'), variables),
  ],
  [['Bool'], fc.oneof(fc.constantFrom('true', 'false', 'TRUE'), variables)],
  [['Null'], fc.constantFrom('true', 'false')],
  [
    ['IpAddress', 'NotIpAddress'],
    fc.oneof(
      fc.constantFrom('127.0.0.1', '127.0.0.0/8', '10.1.0.0/17', '0.0.0.0/0', '::1', 'fe80::/10', '::/0'),
      variables,
    ),
  ],
  [
    ['ArnEquals', 'ArnNotEquals', 'ArnLike', 'ArnNotLike'],
    fc.oneof(
      fc.constantFrom(`${arn}topic/a`, 'arn:*:*:*:*:*', 'arn:aws:iot:*:1*:topic/a*', 'a:b:c:d:e:f'),
      text.map((name) => `${arn}topic/${name}`),
      variables.map((name) => `arn:aws:iot:${name}:123456789012:topic/*`),
    ),
  ],
  [['DateGreaterThan'], fc.constant('2026-01-01')],
];

const condition = fc.constantFrom(...kinds).chain(([operators, values]) =>
  fc
    .record({
      set: fc.constantFrom('', '', 'ForAllValues:', 'ForAnyValue:', 'foranyvalue:'),
      operator: fc.constantFrom(...operators),
      ifExists: fc.constantFrom('', '', 'IfExists'),
      key,
      values: fc.array(values, { maxLength: 3 }),
    })
    .map(({ set, operator, ifExists, key: name, values: expected }) => {
      const whole = operator === 'Null' ? operator : `${set}${operator}${ifExists}`;
      return [whole, { [name]: expected }] as const;
    }),
);

/** A condition whose key often has several values, some of which fit. */
const severalCondition = fc
  .record({
    set: fc.constantFrom('', '', 'ForAllValues:', 'ForAnyValue:'),
    operator: fc.constantFrom('StringEquals', 'StringNotEquals', 'StringLike'),
    key: fc.constantFrom(...severalValued),
    values: fc.array(fc.constantFrom('a', 'b', 'PersistentConnect', 'LastWill'), { minLength: 1, maxLength: 2 }),
  })
  .map(({ set, operator, key: name, values }) => [`${set}${operator}`, { [name]: values }] as const);

const actions = ['iot:Connect', 'iot:Publish', 'iot:Receive'] as const;

const actionPatterns = fc.array(fc.constantFrom(...actions, 'iot:*', 'iot:P*', 'IOT:connect', '*'), {
  minLength: 1,
  maxLength: 2,
});
const resources = fc.array(resource, { minLength: 1, maxLength: 2 });

const statement: fc.Arbitrary<PlainStatement> = fc
  .record({
    Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
    action: actionPatterns,
    resource: resources,
    isNotAction: fc.nat(4),
    isNotResource: fc.nat(3),
    conditions: fc.array(fc.oneof(condition, condition, severalCondition), { maxLength: 2 }),
  })
  .map(({ Effect, action, resource: names, isNotAction, isNotResource, conditions }) => ({
    Effect,
    ...(isNotAction === 0 ? { NotAction: action } : { Action: action }),
    ...(isNotResource === 0 ? { NotResource: names } : { Resource: names }),
    ...(conditions.length > 0 && { Condition: Object.fromEntries(conditions) }),
  }));

/** A random policy, connection and request. */
export const policyCases: fc.Arbitrary<Case> = fc.record({
  statements: fc.array(statement, { minLength: 1, maxLength: 4 }),
  facts,
  action: fc.constantFrom(...actions),
  name: names,
});

/** What both evaluators answer: whether the request is allowed. */
export function answersOf({ statements, facts: given, action, name }: Case): { plain: boolean; own: boolean } {
  const resource = `${arn}${action === 'iot:Connect' ? 'client' : 'topic'}/${name}`;
  return {
    plain: isAllowed(statements, { action, resource }, plainContextOf(given, action)),
    own: ownAnswer(statements, given, action, resource),
  };
}

function ownAnswer(statements: readonly PlainStatement[], given: Facts, action: IotAction, resource: string): boolean {
  const { thing: known, commonNames, ...connection } = given;
  const context = contextOf(
    {
      ...connection,
      thing: known && thing(known.name, known.attributes, known.type),
      fakeCertificate: { attributes: { 'subject.commonname': commonNames } },
    },
    action,
  );
  const document = PolicyDocument.parse({ Version: '2012-10-17', Statement: statements }, { isLenient: true });
  const applies = (effect: string) =>
    document.statements.some((one) => one.effect === effect && one.applies(action, resource, context));
  return applies('Allow') && !applies('Deny');
}

/** The same connection for the plain evaluator, worked out anew. */
function plainContextOf(given: Facts, action: IotAction): PlainContext {
  const { thing: known, commonNames, lastWillTopic, domainName } = given;
  const some = (value: string | undefined) => (value === undefined ? [] : [value]);
  const values: Record<string, readonly string[]> = {
    'iot:clientid': [given.clientId],
    'iot:connectattributes': given.connectAttributes,
    'iot:lastwilltopic': lastWillTopic === undefined ? [] : [`${arn}topic/${lastWillTopic}`],
    'iot:domainname': some(domainName),
    'aws:sourceip': [given.sourceIp],
    'aws:sourcevpc': [],
    'iot:certificateid': ['abc'],
    'iot:connection.thing.thingname': some(known?.name),
    'iot:connection.thing.thingtypename': some(known?.type),
    'iot:connection.thing.isattached': [known ? 'true' : 'false'],
    'iot:connection.thing.attributes[a]': some(known?.attributes.a),
    'iot:connection.thing.attributes[b]': some(known?.attributes.b),
    'iot:certificate.subject.commonname': commonNames.slice(0, 1),
    'iot:certificate.subject.commonname.1': commonNames.slice(1, 2),
    'iot:certificate.subject.commonname.list': commonNames,
  };
  const hasWildcard = (name: string) => values[name].some((value) => /[*?]/.test(value));
  const ofCertificate = Object.keys(values).filter((name) => name.startsWith('iot:certificate.'));
  const ofConnect = action === 'iot:Connect' ? [] : ['iot:connectattributes', 'iot:lastwilltopic'];
  return {
    values,
    known: Object.keys(values),
    uncertain: [...ofConnect, ...ofCertificate.filter(hasWildcard)],
    unusable: ofCertificate.filter(hasWildcard),
  };
}
