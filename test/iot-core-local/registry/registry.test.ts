import { defaultLocation } from '../../../lib/iot-core-local/registry/arns';
import { type Certificate, certificateIdFrom } from '../../../lib/iot-core-local/registry/certificate';
import { CertificateAuthority } from '../../../lib/iot-core-local/registry/certificate-authority';
import type { IotErrorName } from '../../../lib/iot-core-local/registry/iot-error';
import { Registry } from '../../../lib/iot-core-local/registry/registry';
import { issue, policyOf } from '../../support/iot-core-fixture';

const document = policyOf(['iot:Connect client/car1']);

let pems: string[];
let registry: Registry;
let certificate: Certificate;
let other: Certificate;

beforeAll(async () => {
  const authority = await CertificateAuthority.create();
  pems = [(await issue(authority, 'car1')).certificatePem, (await issue(authority, 'car2')).certificatePem];
});

beforeEach(() => {
  registry = new Registry(defaultLocation);
  [certificate, other] = pems.map((pem) => registry.registerCertificate(pem, 'ACTIVE'));
  registry.createThing('car1');
  registry.createPolicy('policy1', document);
});

/** The name and message of what an action throws. */
function failure(action: () => unknown): [IotErrorName, string] | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    const { name, message } = error as { name: IotErrorName; message: string };
    return [name, message];
  }
}

test('ARNs are spelled as AWS spells them', () => {
  expect(registry.describeThing('car1').thingArn).toBe('arn:aws:iot:us-east-1:123456789012:thing/car1');
  expect(registry.getPolicy('policy1').policyArn).toBe('arn:aws:iot:us-east-1:123456789012:policy/policy1');
  const { certificateId, certificateArn } = certificate;
  expect(certificateId).toMatch(/^[0-9a-f]{64}$/);
  expect(certificateArn).toBe(`arn:aws:iot:us-east-1:123456789012:cert/${certificateId}`);
  expect(certificateIdFrom(certificateArn)).toBe(certificateId);
});

describe.each([
  ['Thing', () => registry.describeThing('nobody')],
  ['Thing', () => registry.attachThingPrincipal('nobody', certificate.certificateArn)],
  ['Thing', () => registry.detachThingPrincipal('nobody', certificate.certificateArn)],
  ['Thing', () => registry.listThingPrincipals('nobody')],
  ['Policy', () => registry.getPolicy('nobody')],
  ['Policy', () => registry.attachPolicy('nobody', certificate.certificateArn)],
  ['Policy', () => registry.detachPolicy('nobody', certificate.certificateArn)],
  ['Policy', () => registry.deletePolicy('nobody')],
  ['Policy', () => registry.listTargetsForPolicy('nobody')],
  ['Policy', () => registry.createPolicyVersion('nobody', document)],
  ['Certificate', () => registry.describeCertificate('nobody')],
  ['Certificate', () => registry.updateCertificate('nobody', 'ACTIVE')],
  ['Certificate', () => registry.deleteCertificate('nobody')],
  ['Certificate', () => registry.attachPolicy('policy1', 'arn:aws:iot:us-east-1:123456789012:cert/nobody')],
  ['Certificate', () => registry.attachThingPrincipal('car1', 'arn:aws:iot:us-east-1:123456789012:cert/nobody')],
])('a %s that does not exist', (kind, use) => {
  test(`A ${kind} that does not exist is named by ${use}`, () => {
    expect(failure(use)).toEqual(['ResourceNotFoundException', `${kind} "nobody" does not exist.`]);
  });
});

test.each([
  ['thing with another configuration', () => registry.createThing('car1', { attributes: { color: 'red' } })],
  ['thing with another type', () => registry.createThing('car1', { thingTypeName: 'car' })],
  ['policy', () => registry.createPolicy('policy1', document)],
  ['certificate', () => registry.registerCertificate(pems[0])],
])('A %s is not made twice', (_, create) => {
  expect(failure(create)?.[0]).toBe('ResourceAlreadyExistsException');
});

test.each(['', 'car 1', 'car/1', 'cär', 'x'.repeat(129)])('A thing name %j is refused', (name) => {
  expect(failure(() => registry.createThing(name))?.[0]).toBe('InvalidRequestException');
});

test.each(['', 'policy 1', 'policy:1', 'x'.repeat(129)])('A policy name %j is refused', (name) => {
  expect(failure(() => registry.createPolicy(name, document))?.[0]).toBe('InvalidRequestException');
});

test.each([
  ['a thing type name', { thingTypeName: 'a b' }, 'A thing type name'],
  ['four attributes without a type', { attributes: { a: '1', b: '2', c: '3', d: '4' } }, 'at most 3 attributes'],
  ['an attribute name', { attributes: { 'a b': '1' } }, "A thing's attribute name"],
  ['an attribute value', { attributes: { a: 'b c' } }, "A thing's attribute value"],
  ['a long attribute value', { attributes: { a: 'x'.repeat(801) } }, "A thing's attribute value"],
])('A thing with %s that AWS refuses is refused', (_, options, reason) => {
  const [name, message] = failure(() => registry.createThing('car2', options))!;
  expect(name).toBe('InvalidRequestException');
  expect(message).toContain(reason);
});

test('A thing with a type has up to 50 attributes', () => {
  const attributes = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, '1']));
  const create = (count: number) => () =>
    registry.createThing(`t${count}`, { thingTypeName: 'Car', attributes: attributes(count) });
  expect(failure(create(50))).toBeUndefined();
  expect(failure(create(51))?.[0]).toBe('InvalidRequestException');
});

const arn = (end: string, location = 'us-east-1:123456789012') => `arn:aws:iot:${location}:${end}`;

test.each([
  ['text', 'car1', 'InvalidRequestException', '"car1" is not the ARN of a certificate'],
  ['a policy’s ARN', arn('policy/p'), 'InvalidRequestException', 'is not the ARN of a certificate'],
  ['a thing’s ARN', arn('thing/car1'), 'InvalidRequestException', 'is not the ARN of a certificate'],
  ['an IAM role', 'arn:aws:iam::123456789012:role/x', 'InvalidRequestException', 'is not the ARN of a certificate'],
  ['a thing group', arn('thinggroup/Cars'), 'NotImplementedException', 'is the ARN of a thing group'],
  [
    'an identity',
    'us-east-1:12345678-1234-1234-1234-123456789012',
    'NotImplementedException',
    'Amazon Cognito identity',
  ],
  [
    'another account',
    arn('cert/x', 'us-east-1:111122223333'),
    'InvalidRequestException',
    'of account 111122223333 in us-east-1',
  ],
  [
    'another Region',
    arn('cert/x', 'eu-west-1:123456789012'),
    'InvalidRequestException',
    'in eu-west-1; IoT Core Local is account',
  ],
])('Nothing is attached to %s', (_, principal, name, reason) => {
  for (const attach of [
    () => registry.attachPolicy('policy1', principal),
    () => registry.attachThingPrincipal('car1', principal),
  ]) {
    expect(failure(attach)).toEqual([name, expect.stringContaining(reason)]);
  }
});

test('A certificate has at most ten policies', () => {
  const attach = (name: string) => () => registry.attachPolicy(name, certificate.certificateArn);
  for (let index = 0; index < 11; index += 1) registry.createPolicy(`p${index}`, document);
  for (let index = 0; index < 10; index += 1) expect(failure(attach(`p${index}`))).toBeUndefined();
  expect(failure(attach('p10'))?.[0]).toBe('LimitExceededException');
  expect(failure(attach('p0'))).toBeUndefined();
});

test('A certificate that is REVOKED stays so, and can be deleted', () => {
  const { certificateId } = certificate;
  registry.updateCertificate(certificateId, 'REVOKED');
  for (const status of ['ACTIVE', 'INACTIVE'] as const) {
    expect(failure(() => registry.updateCertificate(certificateId, status))?.[0]).toBe('CertificateStateException');
  }
  expect(failure(() => registry.updateCertificate(certificateId, 'REVOKED'))).toBeUndefined();
  expect(failure(() => registry.deleteCertificate(certificateId))).toBeUndefined();
});

test('A thing name can have every character that AWS takes', () => {
  expect(registry.createThing(`aZ09:_-${'x'.repeat(121)}`).attributes).toEqual({});
});

test.each(['', 'garbage', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])(
  'A certificate %j is refused',
  (pem) => {
    expect(failure(() => registry.registerCertificate(pem))?.[0]).toBe('CertificateValidationException');
  },
);

test('A policy with a malformed document is not made', () => {
  expect(failure(() => registry.createPolicy('policy2', {}))?.[0]).toBe('MalformedPolicyException');
  expect(registry.listPolicies().map(({ policyName }) => policyName)).toEqual(['policy1']);
});

test('A certificate is INACTIVE by default', () => {
  const { certificateId } = new Registry(defaultLocation).registerCertificate(pems[0]);
  expect(certificateId).toBe(certificate.certificateId);
  expect(new Registry(defaultLocation).registerCertificate(pems[0]).status).toBe('INACTIVE');
});

describe('a thing', () => {
  test('An attached thing is not deleted, and is deleted once it is detached', () => {
    registry.attachThingPrincipal('car1', certificate.certificateArn);
    expect(failure(() => registry.deleteThing('car1'))).toEqual([
      'InvalidRequestException',
      'Cannot delete. Thing car1 is still attached to one or more principals',
    ]);
    registry.detachThingPrincipal('car1', certificate.certificateArn);
    registry.deleteThing('car1');
    expect(registry.listThings()).toEqual([]);
  });

  test('Deleting a thing that does not exist succeeds', () => {
    expect(failure(() => registry.deleteThing('nobody'))).toBeUndefined();
  });

  test('A thing and a certificate list each other while they are attached', () => {
    registry.attachThingPrincipal('car1', certificate.certificateArn);
    const type = 'NON_EXCLUSIVE_THING';
    expect(registry.listThingPrincipals('car1')).toEqual([{ principal: certificate.certificateArn, type }]);
    expect(registry.listPrincipalThings(certificate.certificateArn)).toEqual([{ thingName: 'car1', type }]);
    registry.detachThingPrincipal('car1', certificate.certificateArn);
    expect(registry.listThingPrincipals('car1')).toEqual([]);
    expect(registry.listPrincipalThings(certificate.certificateArn)).toEqual([]);
  });

  test.each([
    ['beside another', 'NON_EXCLUSIVE_THING', 'EXCLUSIVE_THING'],
    ['beside an exclusive one', 'EXCLUSIVE_THING', 'NON_EXCLUSIVE_THING'],
    ['beside an exclusive one, exclusively', 'EXCLUSIVE_THING', 'EXCLUSIVE_THING'],
  ] as const)('A thing is not attached %s', (_, first, second) => {
    registry.createThing('car2');
    registry.attachThingPrincipal('car1', certificate.certificateArn, first);
    const attach = (principal: string) => registry.attachThingPrincipal('car2', principal, second);
    expect(failure(() => attach(certificate.certificateArn))?.[0]).toBe('InvalidRequestException');
    expect(failure(() => attach(other.certificateArn))).toBeUndefined();
  });

  test('A thing can be attached beside others, and become exclusive when it is alone', () => {
    registry.createThing('car2');
    registry.attachThingPrincipal('car1', certificate.certificateArn);
    registry.attachThingPrincipal('car2', certificate.certificateArn);
    registry.detachThingPrincipal('car1', certificate.certificateArn);
    registry.attachThingPrincipal('car2', certificate.certificateArn, 'EXCLUSIVE_THING');
    const expected = [{ thingName: 'car2', type: 'EXCLUSIVE_THING' }];
    expect(registry.listPrincipalThings(certificate.certificateArn)).toEqual(expected);
  });
});

describe('a certificate is not deleted', () => {
  test('A certificate is not deleted while it is ACTIVE', () => {
    expect(failure(() => registry.deleteCertificate(certificate.certificateId))?.[0]).toBe('CertificateStateException');
  });

  test('A certificate is not deleted while a thing is attached, even by force', () => {
    registry.attachThingPrincipal('car1', certificate.certificateArn);
    registry.updateCertificate(certificate.certificateId, 'INACTIVE');
    for (const forceDelete of [false, true]) {
      const remove = () => registry.deleteCertificate(certificate.certificateId, { forceDelete });
      expect(failure(remove)?.[0]).toBe('DeleteConflictException');
    }
  });

  test('A certificate is not deleted while a policy is attached, except by force', () => {
    registry.attachPolicy('policy1', certificate.certificateArn);
    registry.updateCertificate(certificate.certificateId, 'INACTIVE');
    const remove = (forceDelete: boolean) => registry.deleteCertificate(certificate.certificateId, { forceDelete });
    expect(failure(() => remove(false))).toEqual([
      'DeleteConflictException',
      `Certificate policies must be detached before deletion (arn: ${certificate.certificateArn})`,
    ]);
    expect(failure(() => remove(true))).toBeUndefined();
    expect(registry.listTargetsForPolicy('policy1')).toEqual([]);
    expect(registry.listCertificates()).toEqual([other]);
    expect(registry.findCertificate(certificate.certificateId)).toBeUndefined();
  });
});

describe('a policy', () => {
  test('An attached policy is not deleted, and is deleted once it is detached', () => {
    registry.attachPolicy('policy1', certificate.certificateArn);
    expect(registry.listTargetsForPolicy('policy1')).toEqual([certificate.certificateArn]);
    expect(registry.listAttachedPolicies(certificate.certificateArn)).toEqual([registry.getPolicy('policy1')]);
    expect(failure(() => registry.deletePolicy('policy1'))?.[0]).toBe('DeleteConflictException');
    registry.detachPolicy('policy1', certificate.certificateArn);
    registry.deletePolicy('policy1');
    expect(registry.listPolicies()).toEqual([]);
  });

  test('A policy with several versions is not deleted, nor is its default version', () => {
    const { versionId } = registry.createPolicyVersion('policy1', document);
    expect(versionId).toBe('2');
    expect(failure(() => registry.deletePolicy('policy1'))?.[0]).toBe('DeleteConflictException');
    expect(failure(() => registry.deletePolicyVersion('policy1', '1'))?.[0]).toBe('DeleteConflictException');
    expect(failure(() => registry.deletePolicyVersion('policy1', '3'))?.[0]).toBe('ResourceNotFoundException');
    registry.deletePolicyVersion('policy1', '2');
    expect(failure(() => registry.deletePolicy('policy1'))).toBeUndefined();
  });

  test('A policy has at most five versions', () => {
    for (let version = 2; version <= 5; version += 1) registry.createPolicyVersion('policy1', document);
    const create = () => registry.createPolicyVersion('policy1', document);
    expect(failure(create)?.[0]).toBe('VersionsLimitExceededException');
    registry.deletePolicyVersion('policy1', '3');
    expect(failure(create)).toBeUndefined();
  });

  test('A person is warned of a policy’s version once it is there, and not of one that is refused', () => {
    const warnings: string[] = [];
    registry = new Registry(defaultLocation, { warn: (message) => warnings.push(message) });
    const misspelt = policyOf(['iot:Conect client/car1']);
    registry.createPolicy('policy1', misspelt);
    for (let version = 2; version <= 5; version += 1) registry.createPolicyVersion('policy1', misspelt);
    expect(warnings).toHaveLength(5);
    expect(failure(() => registry.createPolicyVersion('policy1', misspelt))?.[0]).toBe(
      'VersionsLimitExceededException',
    );
    expect(failure(() => registry.createPolicy('policy1', misspelt))?.[0]).toBe('ResourceAlreadyExistsException');
    expect(failure(() => registry.createPolicyVersion('policy2', misspelt))?.[0]).toBe('ResourceNotFoundException');
    expect(warnings).toHaveLength(5);
  });

  test('A policy keeps its default version by default', () => {
    registry.createPolicyVersion('policy1', document);
    expect(registry.getPolicy('policy1').defaultVersionId).toBe('1');
    registry.createPolicyVersion('policy1', document, { setAsDefault: true });
    expect(registry.getPolicy('policy1').defaultVersionId).toBe('3');
  });
});

test.each([
  ['Attaching a policy', () => registry.attachPolicy('policy1', certificate.certificateArn)],
  ['Detaching a policy', () => registry.detachPolicy('policy1', certificate.certificateArn)],
  ['A new default version', () => registry.createPolicyVersion('policy1', document, { setAsDefault: true })],
  ['A certificate’s new status', () => registry.updateCertificate(certificate.certificateId, 'INACTIVE')],
  ['Attaching a thing', () => registry.attachThingPrincipal('car1', certificate.certificateArn)],
  ['Detaching a thing', () => registry.detachThingPrincipal('car1', certificate.certificateArn)],
])('%s is reported to listeners', (_, change) => {
  const listener = jest.fn();
  const forget = registry.onChange(listener);
  const before = registry.revision;
  change();
  expect(listener).toHaveBeenCalledTimes(1);
  expect(registry.revision).toBeGreaterThan(before);
  forget();
  change();
  expect(listener).toHaveBeenCalledTimes(1);
});

test('Setting the status that a certificate already has changes nothing', () => {
  const before = registry.revision;
  registry.updateCertificate(certificate.certificateId, 'ACTIVE');
  expect(registry.revision).toBe(before);
});
