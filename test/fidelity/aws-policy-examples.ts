// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are written so

/** What a client does: `connect`, `publish TOPIC`, `retain TOPIC`, `subscribe FILTER`, or `receive TOPIC by FILTER`. */
export type Deed = 'connect' | `${'publish' | 'retain' | 'subscribe'} ${string}` | `receive ${string} by ${string}`;

/** A client of an example, and what becomes of what it does. */
export interface ExampleClient {
  readonly who: string;
  readonly clientId: string;
  /** The thing that is attached to its certificate. @default - none */
  readonly thing?: { readonly name: string; readonly type?: string; readonly attributes?: Record<string, string> };
  /** Whether the thing is attached exclusively. @default false */
  readonly isExclusive?: boolean;
  /** The subject of its certificate, attribute by attribute. @default - the client id as its common name */
  readonly subject?: readonly Readonly<Record<string, readonly string[]>>[];
  /** Whether it asks for a persistent session. @default false */
  readonly isPersistent?: boolean;
  /** The topic of its will. @default - it has no will */
  readonly will?: string;
  /** The server name that it sends. @default - none */
  readonly serverName?: string;
  readonly may: readonly Deed[];
  readonly mayNot: readonly Deed[];
}

/** An example of AWS's developer guide: its page, what it shows, a policy that shows the same, and clients that pass or do not. */
export interface PolicyExample {
  readonly page: string;
  readonly what: string;
  readonly statements: readonly object[];
  readonly clients: readonly ExampleClient[];
}

const prefix = 'arn:aws:iot:us-east-1:123456789012:';

function statement(Effect: 'Allow' | 'Deny', Action: string, resource: string, Condition?: object) {
  const Resource = resource === '*' ? '*' : prefix + resource;
  return Condition ? { Effect, Action, Resource, Condition } : { Effect, Action, Resource };
}

const allow = (action: string, resource: string, condition?: object) => statement('Allow', action, resource, condition);
const deny = (action: string, resource: string, condition?: object) => statement('Deny', action, resource, condition);

const connectAs = (name: string) => allow('iot:Connect', `client/${name}`);
const connectAsThing = connectAs('${iot:Connection.Thing.ThingName}');

const attributes = (operator: string, ...values: string[]) => ({ [operator]: { 'iot:ConnectAttributes': values } });
const onlyWith = (...values: string[]) => attributes('ForAllValues:StringEquals', ...values);
const withAny = (...values: string[]) => attributes('ForAnyValue:StringEquals', ...values);

const willTopic = (topic: string) => ({ ArnEquals: { 'iot:LastWillTopic': `${prefix}topic/${topic}` } });

/** The four ways to connect that the connect policies tell apart, and which of them may. */
function connecting(...allowed: readonly ('plain' | 'persistent' | 'will' | 'both')[]): ExampleClient[] {
  const ways = [
    ['plain', {}],
    ['persistent', { isPersistent: true }],
    ['will', { will: 'gone' }],
    ['both', { isPersistent: true, will: 'gone' }],
  ] as const;
  return ways.map(([way, options]) => {
    const who = way === 'will' ? 'a client with a will' : `a ${way} client`;
    const isAllowed = allowed.includes(way);
    return {
      who,
      clientId: 'pump',
      ...options,
      may: isAllowed ? ['connect'] : [],
      mayNot: isAllowed ? [] : ['connect'],
    };
  });
}

const basic: readonly PolicyExample[] = [
  {
    page: 'basic-policy-variables',
    what: 'the client id in a topic, for one source address',
    statements: [
      connectAs('pump'),
      allow('iot:Publish', 'topic/state/${iot:ClientId}', { IpAddress: { 'aws:SourceIp': '127.0.0.1' } }),
    ],
    clients: [
      {
        who: 'a client of that address',
        clientId: 'pump',
        may: ['connect', 'publish state/pump'],
        mayNot: ['publish state/valve', 'publish state'],
      },
      { who: 'another client', clientId: 'valve', may: [], mayNot: ['connect'] },
    ],
  },
  {
    page: 'basic-policy-variables',
    what: 'another source address',
    statements: [
      connectAs('pump'),
      allow('iot:Publish', 'topic/state/${iot:ClientId}', { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }),
    ],
    clients: [{ who: 'a client', clientId: 'pump', may: ['connect'], mayNot: ['publish state/pump'] }],
  },
  {
    page: 'basic-policy-variables',
    what: 'a domain name',
    statements: [allow('iot:Connect', 'client/*', { StringEquals: { 'iot:DomainName': 'localhost' } })],
    clients: [
      { who: 'a client that sends the name', clientId: 'pump', serverName: 'localhost', may: ['connect'], mayNot: [] },
      {
        who: 'a client that sends another name',
        clientId: 'pump',
        serverName: 'example.com',
        may: [],
        mayNot: ['connect'],
      },
      { who: 'a client that sends no name', clientId: 'pump', may: [], mayNot: ['connect'] },
    ],
  },
  {
    page: 'basic-policy-variables',
    what: 'a client id that is a topic filter’s wildcard',
    statements: [connectAs('*'), allow('iot:Subscribe', 'topicfilter/state/${iot:ClientId}/all')],
    clients: [
      {
        who: 'the client +',
        clientId: '+',
        may: ['connect', 'subscribe state/+/all'],
        mayNot: ['subscribe state/x/all'],
      },
    ],
  },
];

const connect: readonly PolicyExample[] = [
  {
    page: 'connect-policy',
    what: 'one client id',
    statements: [connectAs('pump')],
    clients: [
      { who: 'the client', clientId: 'pump', may: ['connect'], mayNot: [] },
      { who: 'another client', clientId: 'pump2', may: [], mayNot: ['connect'] },
    ],
  },
  {
    page: 'connect-policy',
    what: 'things, but two client ids',
    statements: [deny('iot:Connect', 'client/pump'), deny('iot:Connect', 'client/valve'), connectAsThing],
    clients: [
      { who: 'a denied thing', clientId: 'pump', thing: { name: 'pump' }, may: [], mayNot: ['connect'] },
      { who: 'another thing', clientId: 'fan', thing: { name: 'fan' }, may: ['connect'], mayNot: [] },
      { who: 'a client without a thing', clientId: 'fan', may: [], mayNot: ['connect'] },
    ],
  },
  {
    page: 'connect-policy',
    what: 'ForAllValues of PersistentConnect',
    statements: [allow('iot:Connect', '*', onlyWith('PersistentConnect'))],
    clients: connecting('plain', 'persistent'),
  },
  {
    page: 'connect-policy',
    what: 'ForAllValues of anything but PersistentConnect',
    statements: [allow('iot:Connect', '*', attributes('ForAllValues:StringNotEquals', 'PersistentConnect'))],
    clients: connecting('plain', 'will'),
  },
  {
    page: 'connect-policy',
    what: 'a Deny of PersistentConnect',
    statements: [allow('iot:Connect', '*'), deny('iot:Connect', '*', withAny('PersistentConnect'))],
    clients: connecting('plain', 'will'),
  },
  {
    page: 'connect-policy',
    what: 'ForAllValues of PersistentConnect and LastWill',
    statements: [allow('iot:Connect', '*', onlyWith('PersistentConnect', 'LastWill'))],
    clients: connecting('plain', 'persistent', 'will', 'both'),
  },
  {
    page: 'connect-policy',
    what: 'ForAllValues of LastWill',
    statements: [allow('iot:Connect', '*', onlyWith('LastWill'))],
    clients: connecting('plain', 'will'),
  },
  {
    page: 'connect-policy',
    what: 'ForAllValues of nothing',
    statements: [allow('iot:Connect', '*', onlyWith())],
    clients: connecting('plain'),
  },
  {
    page: 'connect-policy',
    what: 'ForAnyValue of PersistentConnect',
    statements: [allow('iot:Connect', '*', withAny('PersistentConnect'))],
    clients: connecting('persistent', 'both'),
  },
  {
    page: 'connect-policy',
    what: 'PersistentConnect and LastWill together',
    statements: [
      allow('iot:Connect', '*', onlyWith('PersistentConnect', 'LastWill')),
      deny('iot:Connect', '*', onlyWith('PersistentConnect')),
      deny('iot:Connect', '*', onlyWith('LastWill')),
      deny('iot:Connect', '*', onlyWith()),
    ],
    clients: connecting('both'),
  },
  {
    page: 'connect-policy',
    what: 'LastWill without PersistentConnect',
    statements: [
      deny('iot:Connect', '*', withAny('PersistentConnect')),
      allow('iot:Connect', '*', onlyWith('LastWill')),
    ],
    clients: connecting('plain', 'will'),
  },
  {
    page: 'connect-policy',
    what: 'a will on one topic',
    statements: [allow('iot:Connect', '*', willTopic('gone'))],
    clients: [
      ...connecting('will', 'both'),
      { who: 'a client with another will', clientId: 'pump', will: 'away', may: [], mayNot: ['connect'] },
    ],
  },
  {
    page: 'connect-policy',
    what: 'a will on one topic, without PersistentConnect',
    statements: [allow('iot:Connect', '*', willTopic('gone')), deny('iot:Connect', '*', withAny('PersistentConnect'))],
    clients: connecting('will'),
  },
  {
    page: 'connect-policy',
    what: 'a thing that subscribes',
    statements: [connectAsThing, allow('iot:Subscribe', 'topicfilter/plan')],
    clients: [
      {
        who: 'the thing',
        clientId: 'pump',
        thing: { name: 'pump' },
        may: ['connect', 'subscribe plan'],
        mayNot: ['subscribe plan/2'],
      },
      { who: 'a client under another id', clientId: 'pump-1', thing: { name: 'pump' }, may: [], mayNot: ['connect'] },
    ],
  },
];

const publishAndSubscribe: readonly PolicyExample[] = [
  {
    page: 'pub-sub-policy',
    what: 'every topic under the thing’s name',
    statements: [connectAsThing, allow('iot:Publish', 'topic/${iot:Connection.Thing.ThingName}/*')],
    clients: [
      {
        who: 'the thing',
        clientId: 'pump',
        thing: { name: 'pump' },
        may: ['connect', 'publish pump/a', 'publish pump/a/b'],
        mayNot: ['publish pump', 'publish valve/a', 'retain pump/a', 'subscribe pump/a'],
      },
    ],
  },
  {
    page: 'pub-sub-policy',
    what: 'topics and topic filters by a prefix',
    statements: [
      connectAs('pump'),
      allow('iot:Subscribe', 'topicfilter/${iot:ClientId}/room*'),
      allow('iot:Receive', 'topic/${iot:ClientId}/room*'),
    ],
    clients: [
      {
        who: 'the client',
        clientId: 'pump',
        may: ['connect', 'subscribe pump/room1', 'subscribe pump/room/+', 'receive pump/room1 by pump/room1'],
        mayNot: ['subscribe pump/hall', 'subscribe valve/room1'],
      },
    ],
  },
  {
    page: 'pub-sub-policy',
    what: 'a Deny of Subscribe that a wider topic filter evades',
    statements: [
      connectAs('pump'),
      allow('iot:Subscribe', 'topicfilter/a/*'),
      deny('iot:Subscribe', 'topicfilter/a/restricted/*'),
      allow('iot:Receive', 'topic/*'),
    ],
    clients: [
      {
        who: 'the client',
        clientId: 'pump',
        may: ['connect', 'receive a/restricted/b by a/#'],
        mayNot: ['subscribe a/restricted/b'],
      },
    ],
  },
  {
    page: 'pub-sub-policy',
    what: 'Receive with NotResource',
    statements: [
      connectAs('pump'),
      allow('iot:Subscribe', 'topicfilter/a/*'),
      { Effect: 'Allow', Action: 'iot:Receive', NotResource: `${prefix}topic/a/restricted/*` },
    ],
    clients: [
      {
        who: 'the client',
        clientId: 'pump',
        may: ['connect', 'receive a/b by a/#'],
        mayNot: ['receive a/restricted/b by a/#'],
      },
    ],
  },
  {
    page: 'pub-sub-policy',
    what: 'a Deny of Receive',
    statements: [
      connectAs('pump'),
      allow('iot:Receive', 'topic/*'),
      allow('iot:Subscribe', 'topicfilter/update'),
      deny('iot:Receive', 'topic/update'),
    ],
    clients: [
      {
        who: 'the client',
        clientId: 'pump',
        may: ['connect', 'subscribe update'],
        mayNot: ['receive update by update'],
      },
    ],
  },
  {
    page: 'pub-sub-policy',
    what: 'an MQTT wildcard, which is a character',
    statements: [connectAsThing, allow('iot:Subscribe', 'topicfilter/some/+/topic')],
    clients: [
      {
        who: 'the thing',
        clientId: 'pump',
        thing: { name: 'pump' },
        may: ['connect', 'subscribe some/+/topic'],
        mayNot: ['subscribe some/x/topic', 'subscribe some/#'],
      },
    ],
  },
  {
    page: 'pub-sub-policy',
    what: 'a policy wildcard in a topic filter',
    statements: [connectAs('pump'), allow('iot:Subscribe', 'topicfilter/some/*/topic')],
    clients: [
      {
        who: 'the client',
        clientId: 'pump',
        may: ['connect', 'subscribe some/x/topic', 'subscribe some/x/y/topic', 'subscribe some/+/topic'],
        mayNot: ['subscribe some/topic'],
      },
    ],
  },
  {
    page: 'pub-sub-policy',
    what: 'question marks for one level',
    statements: [connectAs('pump'), allow('iot:Subscribe', 'topicfilter/some/sensor???/topic')],
    clients: [
      {
        who: 'the client',
        clientId: 'pump',
        may: ['connect', 'subscribe some/sensor123/topic'],
        mayNot: ['subscribe some/sensor12/topic', 'subscribe some/sensor1234/topic'],
      },
    ],
  },
  {
    page: 'pub-sub-policy',
    what: 'two topic filters',
    statements: [
      connectAs('pump'),
      allow('iot:Subscribe', 'topicfilter/plan'),
      allow('iot:Subscribe', 'topicfilter/log'),
    ],
    clients: [
      {
        who: 'the client',
        clientId: 'pump',
        may: ['connect', 'subscribe plan', 'subscribe log'],
        mayNot: ['subscribe +'],
      },
    ],
  },
  {
    page: 'pub-sub-policy',
    what: 'every topic under the client id but one',
    statements: [
      connectAs('pump'),
      connectAs('valve'),
      allow('iot:Publish', 'topic/${iot:ClientId}/*'),
      deny('iot:Publish', 'topic/${iot:ClientId}/bar'),
    ],
    clients: [
      {
        who: 'the client',
        clientId: 'pump',
        may: ['connect', 'publish pump/foo', 'publish pump/bar/x'],
        mayNot: ['publish pump/bar', 'publish valve/foo'],
      },
    ],
  },
  {
    page: 'pub-sub-policy',
    what: 'one topic to publish, subscribe and receive',
    statements: [
      connectAs('pump'),
      allow('iot:Publish', 'topic/setup/1'),
      allow('iot:Receive', 'topic/setup/1'),
      allow('iot:Subscribe', 'topicfilter/setup/1'),
    ],
    clients: [
      {
        who: 'the client',
        clientId: 'pump',
        may: ['connect', 'publish setup/1', 'subscribe setup/1', 'receive setup/1 by setup/1'],
        mayNot: ['publish setup/2', 'subscribe setup/+'],
      },
    ],
  },
  {
    page: 'pub-sub-policy',
    what: 'a thing that subscribes and receives',
    statements: [connectAsThing, allow('iot:Subscribe', 'topicfilter/plan'), allow('iot:Receive', 'topic/plan')],
    clients: [
      {
        who: 'the thing',
        clientId: 'pump',
        thing: { name: 'pump' },
        may: ['connect', 'receive plan by plan'],
        mayNot: ['subscribe log', 'publish plan'],
      },
    ],
  },
  {
    page: 'connect-and-pub',
    what: 'a topic that is the thing’s name',
    statements: [connectAsThing, allow('iot:Publish', 'topic/${iot:Connection.Thing.ThingName}')],
    clients: [
      {
        who: 'the thing',
        clientId: 'pump',
        thing: { name: 'pump' },
        may: ['connect', 'publish pump'],
        mayNot: ['publish valve'],
      },
    ],
  },
  {
    page: 'connect-and-pub',
    what: 'a variable in another case',
    statements: [connectAs('pump'), allow('iot:Publish', 'topic/${iot:clientId}')],
    clients: [{ who: 'the client', clientId: 'pump', may: ['connect', 'publish pump'], mayNot: ['publish valve'] }],
  },
  {
    page: 'retained-message-policy-examples',
    what: 'retained messages',
    statements: [connectAs('pump'), allow('iot:Publish', 'topic/setup'), allow('iot:RetainPublish', 'topic/setup')],
    clients: [
      {
        who: 'the client',
        clientId: 'pump',
        may: ['connect', 'publish setup', 'retain setup'],
        mayNot: ['retain other'],
      },
    ],
  },
  {
    page: 'retained-message-policy-examples',
    what: 'wills',
    statements: [
      allow('iot:Connect', 'client/*', onlyWith('LastWill')),
      allow('iot:Publish', 'topic/gone'),
      allow('iot:RetainPublish', 'topic/gone'),
    ],
    clients: connecting('plain', 'will'),
  },
  {
    page: 'mqtt#mqtt5-shared-subscription',
    what: 'a shared subscription',
    statements: [
      connectAs('pump'),
      allow('iot:Subscribe', 'topicfilter/$share/crew/jobs/#'),
      allow('iot:Receive', 'topic/jobs/*'),
    ],
    clients: [
      {
        who: 'a member',
        clientId: 'pump',
        may: ['connect', 'subscribe $share/crew/jobs/#', 'receive jobs/1 by $share/crew/jobs/#'],
        mayNot: ['subscribe jobs/#', 'subscribe $share/other/jobs/#', 'subscribe $share/crew/jobs/1'],
      },
    ],
  },
];

const isAttached = (value: string) => ({ Bool: { 'iot:Connection.Thing.IsAttached': value } });

const things: readonly PolicyExample[] = [
  {
    page: 'thing-policy-examples',
    what: 'a thing that is attached',
    statements: [allow('iot:Connect', '*', isAttached('true'))],
    clients: [
      { who: 'the thing', clientId: 'pump', thing: { name: 'pump' }, may: ['connect'], mayNot: [] },
      { who: 'a client under another id', clientId: 'fan', thing: { name: 'pump' }, may: [], mayNot: ['connect'] },
      { who: 'a client without a thing', clientId: 'pump', may: [], mayNot: ['connect'] },
    ],
  },
  {
    page: 'thing-policy-variables',
    what: 'a thing that is not attached',
    statements: [allow('iot:Connect', '*', isAttached('false'))],
    clients: [
      { who: 'the thing', clientId: 'pump', thing: { name: 'pump' }, may: [], mayNot: ['connect'] },
      { who: 'a client without a thing', clientId: 'pump', may: ['connect'], mayNot: [] },
    ],
  },
  {
    page: 'thing-policy-examples',
    what: 'a thing of a type, with an attribute',
    statements: [
      connectAs('*'),
      allow('iot:Publish', 'topic/stats', {
        StringEquals: {
          'iot:Connection.Thing.Attributes[site]': 'north',
          'iot:Connection.Thing.ThingTypeName': 'Pump',
        },
        ...isAttached('true'),
      }),
    ],
    clients: [
      {
        who: 'the thing',
        clientId: 'pump',
        thing: { name: 'pump', type: 'Pump', attributes: { site: 'north' } },
        may: ['connect', 'publish stats'],
        mayNot: ['publish stats/1'],
      },
      {
        who: 'a thing of another type',
        clientId: 'pump',
        thing: { name: 'pump', type: 'Fan', attributes: { site: 'north' } },
        may: ['connect'],
        mayNot: ['publish stats'],
      },
      {
        who: 'a thing without the attribute',
        clientId: 'pump',
        thing: { name: 'pump', type: 'Pump' },
        may: ['connect'],
        mayNot: ['publish stats'],
      },
    ],
  },
  {
    page: 'thing-policy-examples',
    what: 'topics under an attribute’s value',
    statements: [connectAs('*'), allow('iot:Publish', 'topic/${iot:Connection.Thing.Attributes[site]}/*')],
    clients: [
      {
        who: 'the thing',
        clientId: 'pump',
        thing: { name: 'pump', attributes: { site: 'north' } },
        may: ['connect', 'publish north/x'],
        mayNot: ['publish south/x'],
      },
      {
        who: 'a client without a thing',
        clientId: 'pump',
        may: ['connect'],
        mayNot: ['publish north/x'],
      },
    ],
  },
  {
    page: 'exclusive-thing',
    what: 'a thing’s name without its client id',
    statements: [connectAs('*'), allow('iot:Publish', 'topic/${iot:Connection.Thing.ThingName}')],
    clients: [
      {
        who: 'a thing that is attached exclusively',
        clientId: 'any',
        thing: { name: 'pump' },
        isExclusive: true,
        may: ['connect', 'publish pump'],
        mayNot: ['publish any'],
      },
      {
        who: 'a thing that is not',
        clientId: 'any',
        thing: { name: 'pump' },
        may: ['connect'],
        mayNot: ['publish pump', 'publish any'],
      },
    ],
  },
];

const organizations = {
  'ForAllValues:StringEquals': { 'iot:Certificate.Subject.Organization.List': ['Acme', 'Bolt'] },
};

const certificates: readonly PolicyExample[] = [
  {
    page: 'cert-policy-variables',
    what: 'two organizations',
    statements: [connectAs('pump'), allow('iot:Publish', 'topic/${iot:ClientId}', organizations)],
    clients: [
      {
        who: 'a certificate of one of them',
        clientId: 'pump',
        subject: [{ CN: ['x'] }, { O: ['Bolt'] }],
        may: ['connect', 'publish pump'],
        mayNot: ['publish x'],
      },
      {
        who: 'a certificate of another',
        clientId: 'pump',
        subject: [{ CN: ['x'] }, { O: ['Other'] }],
        may: ['connect'],
        mayNot: ['publish pump'],
      },
      {
        who: 'a certificate of both and another',
        clientId: 'pump',
        subject: [{ O: ['Acme'] }, { O: ['Other'] }],
        may: ['connect'],
        mayNot: ['publish pump'],
      },
      // ForAllValues holds for a key that is absent, as in IAM.
      {
        who: 'a certificate of none',
        clientId: 'pump',
        subject: [{ CN: ['x'] }],
        may: ['connect', 'publish pump'],
        mayNot: [],
      },
    ],
  },
  {
    page: 'certificate-policy-examples',
    what: 'the certificate’s common name in a topic',
    statements: [connectAsThing, allow('iot:Publish', 'topic/${iot:Certificate.Subject.CommonName}')],
    clients: [
      {
        who: 'the thing',
        clientId: 'pump',
        thing: { name: 'pump' },
        subject: [{ CN: ['north'] }],
        may: ['connect', 'publish north'],
        mayNot: ['publish pump'],
      },
      {
        who: 'a certificate without a common name',
        clientId: 'pump',
        thing: { name: 'pump' },
        subject: [{ O: ['north'] }],
        may: ['connect'],
        mayNot: ['publish north'],
      },
    ],
  },
  {
    page: 'certificate-policy-examples',
    what: 'the third common name',
    statements: [
      connectAs('pump'),
      allow('iot:Publish', 'topic/admin/*', { StringEquals: { 'iot:Certificate.Subject.CommonName.2': 'Admin' } }),
    ],
    clients: [
      {
        who: 'a certificate that has it',
        clientId: 'pump',
        subject: [{ CN: ['a'] }, { CN: ['b'] }, { CN: ['Admin'] }],
        may: ['connect', 'publish admin/x'],
        mayNot: ['publish x'],
      },
      {
        who: 'a certificate that has it second',
        clientId: 'pump',
        subject: [{ CN: ['a'] }, { CN: ['Admin'] }],
        may: ['connect'],
        mayNot: ['publish admin/x'],
      },
    ],
  },
  {
    page: 'certificate-policy-examples',
    what: 'any common name',
    statements: [
      connectAs('pump'),
      allow('iot:Publish', 'topic/admin', {
        'ForAnyValue:StringEquals': { 'iot:Certificate.Subject.CommonName.List': 'Admin' },
      }),
    ],
    clients: [
      {
        who: 'a certificate that has it',
        clientId: 'pump',
        subject: [{ CN: ['a'] }, { CN: ['Admin'] }],
        may: ['connect', 'publish admin'],
        mayNot: [],
      },
      {
        who: 'a certificate that does not',
        clientId: 'pump',
        subject: [{ CN: ['a'] }],
        may: ['connect'],
        mayNot: ['publish admin'],
      },
    ],
  },
];

/** @see https://docs.aws.amazon.com/iot/latest/developerguide/example-iot-policies.html */
export const policyExamples: readonly PolicyExample[] = [
  ...basic,
  ...connect,
  ...publishAndSubscribe,
  ...things,
  ...certificates,
];
