// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are written so
import { defaultLocation } from '../../../lib/iot-core-local/registry/arns';
import { Authorizer } from '../../../lib/iot-core-local/registry/authorizer';
import { CertificateAuthority } from '../../../lib/iot-core-local/registry/certificate-authority';
import { Registry, type RegistryOptions } from '../../../lib/iot-core-local/registry/registry';
import { issue } from '../../support/iot-core-fixture';

let certificatePem: string;

beforeAll(async () => {
  ({ certificatePem } = await issue(await CertificateAuthority.create(), 'car1'));
});

const arn = (resource: string) => `arn:aws:iot:us-east-1:123456789012:${resource}`;
const allow = (Action: string, resource: string) => ({ Effect: 'Allow', Action, Resource: arn(resource) });
const deny = (Action: string, resource: string) => ({ Effect: 'Deny', Action, Resource: arn(resource) });

/** A registry with a certificate that has these policies, each a list of statements. */
function registryWith(policies: Record<string, object[]>, options: RegistryOptions = {}) {
  const registry = new Registry(defaultLocation, options);
  const { certificateArn } = registry.registerCertificate(certificatePem, 'ACTIVE');
  for (const [name, Statement] of Object.entries(policies)) {
    registry.createPolicy(name, { Version: '2012-10-17', Statement });
    registry.attachPolicy(name, certificateArn);
  }
  const authorizer = new Authorizer(registry);
  return { registry, authorizer, certificateArn, car1: { certificateArn, clientId: 'car1' } };
}

describe('the resource', () => {
  test.each([
    ['iot:Connect', 'car1', 'client/car1'],
    ['iot:Publish', 'cars/data', 'topic/cars/data'],
    ['iot:RetainPublish', 'cars/data', 'topic/cars/data'],
    ['iot:Receive', 'cars/data', 'topic/cars/data'],
    ['iot:Subscribe', 'cars/data', 'topicfilter/cars/data'],
    ['iot:Subscribe', '$share/group2/cars/data', 'topicfilter/$share/group2/cars/data'],
  ] as const)('The resource of %s on %s is %s', (action, name, resource) => {
    const { authorizer, car1 } = registryWith({ policy1: [allow(action, resource)] });
    expect(authorizer.authorize(car1, action, name).allowed).toBe(true);
    const other = registryWith({ policy1: [allow(action, `${resource}2`), allow('iot:Other', resource)] });
    expect(other.authorizer.authorize(other.car1, action, name).allowed).toBe(false);
  });
});

describe('an explicit Deny', () => {
  const statements = [allow('iot:Publish', 'topic/*'), deny('iot:Publish', 'topic/secret')];
  test.each([
    ['after it', { policy1: statements }],
    ['before it', { policy1: [...statements].reverse() }],
    ['in another policy', { policy1: [statements[0]], policy2: [statements[1]] }],
  ])('An explicit Deny overrides an Allow, also %s', (_, policies) => {
    const { authorizer, car1 } = registryWith(policies);
    expect(authorizer.authorize(car1, 'iot:Publish', 'secret').allowed).toBe(false);
    expect(authorizer.authorize(car1, 'iot:Publish', 'other').allowed).toBe(true);
  });

  test('A Deny whose condition does not hold denies nothing', () => {
    const Condition = { 'ForAnyValue:StringEquals': { 'iot:ConnectAttributes': ['PersistentConnect'] } };
    const { authorizer, car1 } = registryWith({
      policy1: [allow('iot:Connect', 'client/car1'), { ...deny('iot:Connect', 'client/*'), Condition }],
    });
    const persistent = { ...car1, connectAttributes: ['PersistentConnect'] } as const;
    expect(authorizer.authorize(car1, 'iot:Connect', 'car1').allowed).toBe(true);
    expect(authorizer.authorize(persistent, 'iot:Connect', 'car1').allowed).toBe(false);
  });
});

describe('a decision names', () => {
  const policies = { rights: [allow('iot:Publish', 'topic/a'), deny('iot:Publish', 'topic/b')] };
  test.each([
    ['the statement that allowed', 'a', 'statement 1 of policy rights allows it'],
    ['the statement that denied', 'b', 'statement 2 of policy rights denies it'],
    [
      'the statement that would have allowed',
      'c',
      `no statement of policy rights allows it; this one would: ${JSON.stringify(allow('iot:Publish', 'topic/c'))}`,
    ],
  ])('A decision names %s', (_, topic, reason) => {
    const { authorizer, car1 } = registryWith(policies);
    expect(authorizer.authorize(car1, 'iot:Publish', topic).reason).toBe(reason);
  });

  test('A decision says that the certificate has no policy', () => {
    const { authorizer, car1 } = registryWith({});
    const decision = authorizer.authorize(car1, 'iot:Publish', 'a');
    expect(decision.allowed).toBe(false);
    expect(decision.reason).toContain('its certificate has no policy');
  });
});

describe('a denial', () => {
  const connect = (Condition: object, Effect = 'Allow') => ({ ...allow('iot:Connect', 'client/*'), Effect, Condition });
  const onlyPersistent = { 'ForAllValues:StringEquals': { 'iot:ConnectAttributes': ['PersistentConnect'] } };

  test('A denial says which condition of an Allow failed, and does not propose the Allow without it', () => {
    const { authorizer, car1 } = registryWith({ rights: [connect(onlyPersistent)] });
    const withWill = { ...car1, connectAttributes: ['LastWill'] } as const;
    expect(authorizer.authorize(withWill, 'iot:Connect', 'car1')).toEqual({
      allowed: false,
      reason:
        'statement 1 of policy rights does not allow it: its condition ForAllValues:StringEquals does not hold: iot:ConnectAttributes is "LastWill", and the policy has "PersistentConnect"',
    });
  });

  test('A denial says why a condition’s key has no value', () => {
    const Condition = { StringEquals: { 'iot:DomainName': 'example.com' } };
    const { authorizer, car1 } = registryWith({ rights: [connect(Condition)] });
    expect(authorizer.authorize(car1, 'iot:Connect', 'car1').reason).toBe(
      'statement 1 of policy rights does not allow it: its condition StringEquals does not hold: iot:DomainName has no value, as the client sent no server name (SNI), and the policy has "example.com"',
    );
  });

  test('A denial names a policy variable that has no value, with the reason', () => {
    const resource = 'client/${iot:Connection.Thing.ThingName}';
    const { registry, authorizer, certificateArn, car1 } = registryWith({ rights: [allow('iot:Connect', resource)] });
    const reason = () => authorizer.authorize(car1, 'iot:Connect', 'car1').reason;
    const start = 'statement 1 of policy rights does not allow it: ${iot:Connection.Thing.ThingName} has no value, as ';
    expect(reason()).toBe(`${start}no thing is attached to the certificate`);
    registry.createThing('truck1');
    registry.attachThingPrincipal('truck1', certificateArn);
    expect(reason()).toBe(`${start}the certificate's thing truck1 does not have the client id "car1" as its name`);
  });

  test('A denial by a Deny whose condition cannot be decided says so', () => {
    const Condition = { StringNotEquals: { 'iot:ClientId': '${iot:Connection.Thing.ThingName}' } };
    const { authorizer, car1 } = registryWith({
      rights: [allow('iot:Connect', 'client/*'), connect(Condition, 'Deny')],
    });
    expect(authorizer.authorize(car1, 'iot:Connect', 'car1').reason).toBe(
      'statement 2 of policy rights denies it: its condition StringNotEquals cannot be decided: iot:ClientId is "car1", and the policy has "${iot:Connection.Thing.ThingName}"',
    );
  });

  test('A denial says that an Allow was taken leniently and has something unknown', () => {
    const Condition = { StringEquals: { 'aws:username': 'x' } };
    const { authorizer, car1 } = registryWith({ rights: [connect(Condition)] }, { isLenient: true });
    expect(authorizer.authorize(car1, 'iot:Connect', 'car1').reason).toBe(
      'statement 1 of policy rights does not allow it: IoT Core Local does not know the condition key "aws:username"',
    );
  });
});

test('A person is warned once of what IoT Core Local does not know of a policy, and of unknown actions', () => {
  const warn = jest.fn();
  const Condition = { StringEquals: { 'aws:username': 'x' } };
  const { authorizer, car1 } = registryWith(
    { rights: [{ ...allow('iot:Conect', 'client/*'), Condition }] },
    { isLenient: true, warn },
  );
  for (const name of ['car1', 'car2']) authorizer.authorize(car1, 'iot:Connect', name);
  expect(warn.mock.calls).toEqual([
    ['Policy "rights": IoT Core Local does not know the condition key "aws:username" of statement 1, so it denies.'],
    ['Policy "rights": Statement 1: AWS IoT policies have no action "iot:Conect". Did you mean "iot:Connect"?'],
  ]);
});

test('The default version of a policy counts', () => {
  const { registry, authorizer, car1 } = registryWith({ policy1: [allow('iot:Publish', 'topic/a')] });
  const newer = { Statement: [allow('iot:Publish', 'topic/b')] };
  registry.createPolicyVersion('policy1', newer);
  expect(['a', 'b'].map((topic) => authorizer.authorize(car1, 'iot:Publish', topic).allowed)).toEqual([true, false]);
  registry.createPolicyVersion('policy1', newer, { setAsDefault: true });
  expect(['a', 'b'].map((topic) => authorizer.authorize(car1, 'iot:Publish', topic).allowed)).toEqual([false, true]);
});

test('A policy of another certificate does not count', async () => {
  const { registry, authorizer, certificateArn } = registryWith({ policy1: [allow('iot:Publish', 'topic/a')] });
  const { certificatePem: other } = await issue(await CertificateAuthority.create(), 'car2');
  const stranger = registry.registerCertificate(other, 'ACTIVE');
  expect(stranger.certificateArn).not.toBe(certificateArn);
  const principal = { certificateArn: stranger.certificateArn, clientId: 'car1' };
  expect(authorizer.authorize(principal, 'iot:Publish', 'a').allowed).toBe(false);
});

describe('the variables of a connection', () => {
  const named = (name: string) => [allow('iot:Publish', `topic/\${${name}}`)];
  const isAttached = [
    { ...allow('iot:Publish', 'topic/a'), Condition: { Bool: { 'iot:Connection.Thing.IsAttached': ['true'] } } },
  ];

  test('The client id is a policy variable', () => {
    const { authorizer, certificateArn } = registryWith({ policy1: named('iot:ClientId') });
    const may = (clientId: string) => authorizer.authorize({ certificateArn, clientId }, 'iot:Publish', 'car1').allowed;
    expect([may('car1'), may('car2')]).toEqual([true, false]);
  });

  test.each([
    ['if the client id is its name', 'car1', undefined, true],
    ['under no other client id', 'car1-sub', undefined, false],
    ['under every client id, if it is exclusive', 'car1-sub', 'EXCLUSIVE_THING', true],
  ] as const)('The policy variables of an attached thing have values %s', (_, clientId, type, known) => {
    const { registry, authorizer, certificateArn } = registryWith({
      name: named('iot:Connection.Thing.ThingName'),
      type: named('iot:Connection.Thing.ThingTypeName'),
      attribute: named('iot:Connection.Thing.Attributes[color]'),
      attached: isAttached,
    });
    registry.createThing('car1', { thingTypeName: 'car', attributes: { color: 'red' } });
    registry.attachThingPrincipal('car1', certificateArn, type);
    const principal = { certificateArn, clientId };
    const allowed = ['car1', 'car', 'red', 'a', 'other'].map(
      (topic) => authorizer.authorize(principal, 'iot:Publish', topic).allowed,
    );
    expect(allowed).toEqual([known, known, known, known, false]);
  });

  test('A thing that is not attached has no policy variables', () => {
    const { registry, authorizer, car1 } = registryWith({
      name: named('iot:Connection.Thing.ThingName'),
      attached: isAttached,
    });
    registry.createThing('car1');
    expect(authorizer.authorize(car1, 'iot:Publish', 'car1').allowed).toBe(false);
    expect(authorizer.authorize(car1, 'iot:Publish', 'a').allowed).toBe(false);
  });

  test('Of several attached things, the one that the client id names has policy variables', () => {
    const { registry, authorizer, certificateArn, car1 } = registryWith({
      name: named('iot:Connection.Thing.ThingName'),
    });
    for (const thingName of ['car0', 'car1']) {
      registry.createThing(thingName);
      registry.attachThingPrincipal(thingName, certificateArn);
    }
    const allowed = ['car0', 'car1'].map((topic) => authorizer.authorize(car1, 'iot:Publish', topic).allowed);
    expect(allowed).toEqual([false, true]);
  });
});
