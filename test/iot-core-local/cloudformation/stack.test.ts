import { createPrivateKey } from 'node:crypto';
import { newCertificateRequest } from '../../../lib/devices/certificate-request';
import { Lambda } from '../../../lib/iot-core-local/cloudformation/lambda/lambda';
import { Stack } from '../../../lib/iot-core-local/cloudformation/stack';
import { BoundTemplate } from '../../../lib/iot-core-local/cloudformation/template/bound-template';
import { Template } from '../../../lib/iot-core-local/cloudformation/template/template';
import { defaultLocation, newStack } from '../../../lib/iot-core-local/registry/arns';
import { CertificateAuthority } from '../../../lib/iot-core-local/registry/certificate-authority';
import { Registry } from '../../../lib/iot-core-local/registry/registry';
import { newPrivateKey } from '../../../lib/util/private-key';
import { issue, policyOf } from '../../support/iot-core-fixture';

const document = policyOf(['iot:Connect client/car1']);

let certificateAuthority: CertificateAuthority;
let csr: string;
let registry: Registry;

beforeAll(async () => {
  certificateAuthority = await CertificateAuthority.create();
  csr = await newCertificateRequest(createPrivateKey(newPrivateKey()), 'car1');
});

beforeEach(() => {
  registry = new Registry(defaultLocation);
});

/** A device's resources as the project's template has them, attachments first, with changes to their properties. */
function device(changes: Record<string, object> = {}) {
  const certificateArn = { 'Fn::GetAtt': ['Certificate', 'Arn'] };
  const resources: Record<string, { Type: string; Properties: object; DependsOn?: string[] }> = {
    PolicyAttachment: {
      Type: 'AWS::IoT::PolicyPrincipalAttachment',
      Properties: { PolicyName: { Ref: 'Policy' }, Principal: certificateArn },
    },
    ThingAttachment: {
      Type: 'AWS::IoT::ThingPrincipalAttachment',
      Properties: { ThingName: { Ref: 'Thing' }, Principal: certificateArn },
    },
    Certificate: {
      Type: 'AWS::IoT::Certificate',
      Properties: { CertificateSigningRequest: csr, Status: 'ACTIVE' },
      DependsOn: ['Policy', 'Thing'],
    },
    Policy: { Type: 'AWS::IoT::Policy', Properties: { PolicyName: 'policy1', PolicyDocument: document } },
    Thing: {
      Type: 'AWS::IoT::Thing',
      Properties: { ThingName: 'car1', AttributePayload: { Attributes: { colour: 'red' } } },
    },
  };
  for (const [logicalId, properties] of Object.entries(changes)) {
    resources[logicalId].Properties = { ...resources[logicalId].Properties, ...properties };
  }
  return resources;
}

async function deploy(resources: object): Promise<Stack> {
  const stack = newStack(defaultLocation, 'Fleet');
  const lambda = new Lambda({ location: defaultLocation, log: () => {} });
  const bound = new BoundTemplate(new Template({ Resources: resources }), {
    stack,
    parameters: new Map(),
    exports: new Map(),
  });
  return Stack.create(bound, { registry, certificateAuthority, lambda, stack });
}

/** How many things, certificates and policies there are. */
const census = () => [registry.listThings().length, registry.listCertificates().length, registry.listPolicies().length];

/** What can change a registry, in the order in which it did. */
function recordCalls(): string[] {
  const calls: string[] = [];
  for (const name of [
    'createThing',
    'deleteThing',
    'registerCertificate',
    'updateCertificate',
    'deleteCertificate',
    'createPolicy',
    'deletePolicy',
    'deletePolicyVersion',
    'attachPolicy',
    'detachPolicy',
    'attachThingPrincipal',
    'detachThingPrincipal',
  ] as const) {
    const original = registry[name].bind(registry) as (...args: unknown[]) => unknown;
    jest.spyOn(registry, name).mockImplementation((...args: unknown[]) => {
      calls.push(name);
      return original(...args) as never;
    });
  }
  return calls;
}

test('a device is created whole', async () => {
  await deploy(device());
  const [certificate] = registry.listCertificates();
  expect(registry.listThings()).toMatchObject([{ thingName: 'car1', attributes: { colour: 'red' } }]);
  expect(certificate.status).toBe('ACTIVE');
  expect(registry.listAttachedPolicies(certificate.certificateArn)).toMatchObject([{ policyName: 'policy1' }]);
  expect(registry.listPrincipalThings(certificate.certificateArn)).toEqual([
    { thingName: 'car1', type: 'NON_EXCLUSIVE_THING' },
  ]);
});

test('its attachments are created last and deleted first, and its certificate is deactivated before it is deleted', async () => {
  const calls = recordCalls();
  const deployment = await deploy(device());
  expect(calls).toEqual(['createPolicy', 'createThing', 'registerCertificate', 'attachPolicy', 'attachThingPrincipal']);
  calls.length = 0;
  await deployment.delete();
  expect(calls).toEqual([
    'detachThingPrincipal',
    'detachPolicy',
    'updateCertificate',
    'deleteCertificate',
    'deleteThing',
    'deletePolicy',
  ]);
  expect(census()).toEqual([0, 0, 0]);
});

test('an exclusive thing is attached so', async () => {
  await deploy(device({ ThingAttachment: { ThingPrincipalType: 'EXCLUSIVE_THING' } }));
  expect(registry.listThingPrincipals('car1')).toMatchObject([{ type: 'EXCLUSIVE_THING' }]);
});

const sniOnly = { CertificateSigningRequest: undefined, CertificateMode: 'SNI_ONLY' };

test('a certificate that is given is registered as it is', async () => {
  const { certificatePem } = await issue(certificateAuthority, 'other');
  await deploy(device({ Certificate: { ...sniOnly, CertificatePem: certificatePem, Status: 'INACTIVE' } }));
  expect(registry.listCertificates()).toMatchObject([{ certificatePem, status: 'INACTIVE' }]);
});

test('a certificate and its CA’s are taken together if one signed the other', async () => {
  const { certificatePem } = await issue(certificateAuthority, 'other');
  const given = { CertificateSigningRequest: undefined, CertificatePem: certificatePem };
  const stranger = (await CertificateAuthority.create()).rootPem;
  await expect(deploy(device({ Certificate: { ...given, CACertificatePem: stranger } }))).rejects.toThrow(
    'CertificatePem is not signed by CACertificatePem',
  );
  await deploy(device({ Certificate: { ...given, CACertificatePem: certificateAuthority.rootPem } }));
  expect(registry.listCertificates()).toMatchObject([{ certificatePem, status: 'ACTIVE' }]);
});

test('one request makes two certificates', async () => {
  const Properties = { CertificateSigningRequest: csr, Status: 'ACTIVE' };
  const twin = { Type: 'AWS::IoT::Certificate', Properties };
  await deploy({ One: twin, Two: twin });
  expect(registry.listCertificates()).toHaveLength(2);
});

test('what is not AWS IoT’s is passed over, and named', async () => {
  const deployment = await deploy({
    ...device(),
    Metadata: {
      Type: 'AWS::CDK::Metadata',
      Properties: { Analytics: { 'Fn::Cidr': ['x', 'y', 'z'] } },
    },
  });
  expect(deployment.ignored).toEqual(['Metadata']);
  expect(census()).toEqual([1, 1, 1]);
});

describe('nothing stays of a device that cannot be created because of', () => {
  test.each<[string, () => object, RegExp]>([
    [
      'a thing’s name',
      () => device({ Thing: { ThingName: 'car 1' } }),
      /^Thing \(AWS::IoT::Thing\) could not be created: A thing name is/,
    ],
    [
      'a thing’s name that is a list',
      () => device({ Thing: { ThingName: ['car1'] } }),
      /^Thing .*ThingName must be a string/,
    ],
    ['a malformed policy', () => device({ Policy: { PolicyDocument: {} } }), /^Policy .*it has no Statement/],
    [
      'a request that is none',
      () => device({ Certificate: { CertificateSigningRequest: 'garbage' } }),
      /^Certificate .*is not a certificate request in PEM/,
    ],
    [
      'a certificate that is none',
      () => device({ Certificate: { ...sniOnly, CertificatePem: 'garbage' } }),
      /^Certificate .*not an X\.509 certificate/,
    ],
    [
      'a certificate without a request',
      () => device({ Certificate: { CertificateSigningRequest: undefined } }),
      /^Certificate .*needs exactly one of these: CertificateSigningRequest; .* It has the CertificateMode "DEFAULT"/,
    ],
    [
      'a request and a certificate',
      () => device({ Certificate: { CertificatePem: 'x' } }),
      /^Certificate .* It has CertificateSigningRequest, CertificatePem, the CertificateMode "DEFAULT"/,
    ],
    [
      'a request in the mode SNI_ONLY',
      () => device({ Certificate: { CertificateMode: 'SNI_ONLY' } }),
      /^Certificate .* It has CertificateSigningRequest, the CertificateMode "SNI_ONLY"/,
    ],
    [
      'a certificate without its CA’s in the mode DEFAULT',
      () => device({ Certificate: { CertificateSigningRequest: undefined, CertificatePem: 'x' } }),
      /^Certificate .* It has CertificatePem, the CertificateMode "DEFAULT"/,
    ],
    [
      'a CA’s certificate that is none',
      () =>
        device({ Certificate: { CertificateSigningRequest: undefined, CertificatePem: 'x', CACertificatePem: 'y' } }),
      /^Certificate .*CertificatePem or CACertificatePem is not an X\.509 certificate/,
    ],
    [
      'a mode that is none',
      () => device({ Certificate: { CertificateMode: 'NOPE' } }),
      /^Certificate .*CertificateMode is one of DEFAULT, SNI_ONLY, not "NOPE"/,
    ],
    [
      'a status that is none',
      () => device({ Certificate: { Status: 'active' } }),
      /^Certificate .*Status is one of ACTIVE, .*not "active"/,
    ],
    [
      'an attachment’s type that is none',
      () => device({ ThingAttachment: { ThingPrincipalType: 'NOPE' } }),
      /^ThingAttachment .*not "NOPE"/,
    ],
    [
      'an attachment to a policy that is not there',
      () => device({ PolicyAttachment: { PolicyName: 'nobody' } }),
      /^PolicyAttachment .*Policy "nobody" does not exist/,
    ],
    [
      'a name that is taken',
      () => ({
        ...device(),
        Twin: { Type: 'AWS::IoT::Thing', DependsOn: 'Certificate', Properties: { ThingName: 'car1' } },
      }),
      /^Twin .*already exists/,
    ],
    [
      'a type that IoT Core Local does not have',
      () => ({ ...device(), Rule: { Type: 'AWS::IoT::TopicRule', DependsOn: 'Certificate' } }),
      /^IoT Core Local has no AWS::IoT::TopicRule, which Rule is\.$/,
    ],
    [
      'an unknown condition',
      () => ({ ...device(), Twin: { Type: 'AWS::IoT::Thing', DependsOn: 'Certificate', Condition: 'HasTwin' } }),
      /^The template has no condition "HasTwin"\.$/,
    ],
    [
      'a value that is not to be had',
      () => device({ ThingAttachment: { Principal: { 'Fn::ImportValue': 'x' } } }),
      /^No export named x found\.$/,
    ],
  ])('%s', async (_, resources, message) => {
    await expect(deploy(resources())).rejects.toMatchObject({
      name: 'TemplateError',
      message: expect.stringMatching(message),
    });
    expect(census()).toEqual([0, 0, 0]);
  });
});

test('what then cannot be deleted is told beside what could not be created', async () => {
  jest.spyOn(registry, 'deleteThing').mockImplementation(() => {
    throw new Error('It stays.');
  });
  await expect(deploy(device({ PolicyAttachment: { PolicyName: 'nobody' } }))).rejects.toMatchObject({
    name: 'TemplateError',
    message: expect.stringMatching(
      /^PolicyAttachment .*"nobody" does not exist.* Thing .*could not be deleted: It stays\.$/,
    ),
  });
});

describe('a thing whose deletion policy is', () => {
  /** A device whose thing has a deletion policy, and whose policy's attachment has a change. */
  function deviceWith(DeletionPolicy: string, change: object = {}) {
    const resources = device({ PolicyAttachment: change });
    return { ...resources, Thing: { ...resources.Thing, DeletionPolicy } };
  }

  test.each([
    ['Retain', 1],
    ['RetainExceptOnCreate', 1],
    ['Delete', 0],
  ])('%s: %i are left of a stack that was deleted', async (deletionPolicy, left) => {
    const deployment = await deploy(deviceWith(deletionPolicy));
    await deployment.delete();
    expect(census()).toEqual([left, 0, 0]);
  });

  test.each([
    ['Retain', 1],
    ['RetainExceptOnCreate', 0],
    ['Delete', 0],
  ])('%s: %i are left of a stack that could not be created', async (deletionPolicy, left) => {
    await expect(deploy(deviceWith(deletionPolicy, { PolicyName: 'nobody' }))).rejects.toThrow(/"nobody"/);
    expect(census()).toEqual([left, 0, 0]);
  });
});

describe('deleting fails as AWS’s own does', () => {
  /** What could not be deleted, and why. */
  async function failures(deployment: Stack): Promise<string[]> {
    const error = await deployment.delete().then(
      () => undefined,
      (reason: AggregateError) => reason,
    );
    return error?.errors.map(({ message }: Error) => message) ?? [];
  }

  async function stranger() {
    const { certificatePem } = await issue(certificateAuthority, 'stranger');
    return registry.registerCertificate(certificatePem, 'ACTIVE').certificateArn;
  }

  test('when a thing is attached to a stranger’s certificate, and goes on once it no longer is', async () => {
    const deployment = await deploy(device());
    const arn = await stranger();
    registry.attachThingPrincipal('car1', arn);
    expect(await failures(deployment)).toEqual([
      'Thing (AWS::IoT::Thing) could not be deleted: Cannot delete. Thing car1 is still attached to one or more principals',
    ]);
    expect(census()).toEqual([1, 1, 0]);
    registry.detachThingPrincipal('car1', arn);
    expect(await failures(deployment)).toEqual([]);
    expect(census()).toEqual([0, 1, 0]);
  });

  test('when a policy is attached to a stranger’s certificate', async () => {
    const deployment = await deploy(device());
    registry.attachPolicy('policy1', await stranger());
    expect(await failures(deployment)).toEqual([expect.stringMatching(/^Policy .*attached to one or more principals/)]);
    expect(census()).toEqual([0, 1, 1]);
  });

  test('when a stranger’s thing is attached to its certificate, and leaves what that needs', async () => {
    const deployment = await deploy(device());
    registry.createThing('stranger');
    const [{ certificateArn, certificateId }] = registry.listCertificates();
    registry.attachThingPrincipal('stranger', certificateArn);
    expect(await failures(deployment)).toEqual([expect.stringMatching(/^Certificate .*Things must be detached/)]);
    expect(registry.describeCertificate(certificateId).status).toBe('INACTIVE');
    expect(census()).toEqual([2, 1, 1]);
  });

  test('when a stranger’s policy is attached to its certificate', async () => {
    const deployment = await deploy(device());
    registry.createPolicy('stranger', document);
    registry.attachPolicy('stranger', registry.listCertificates()[0].certificateArn);
    expect(await failures(deployment)).toEqual([expect.stringMatching(/^Certificate .*policies must be detached/)]);
  });

  test('when its certificate, INACTIVE in the template, was activated by someone', async () => {
    const deployment = await deploy(device({ Certificate: { Status: 'INACTIVE' } }));
    registry.updateCertificate(registry.listCertificates()[0].certificateId, 'ACTIVE');
    expect(await failures(deployment)).toEqual([expect.stringMatching(/^Certificate .*must be deactivated/)]);
  });

  test('but not because of further versions of its policy', async () => {
    const deployment = await deploy(device());
    registry.createPolicyVersion('policy1', document, { setAsDefault: true });
    registry.createPolicyVersion('policy1', document);
    expect(await failures(deployment)).toEqual([]);
  });

  test('nor because someone has deleted or detached something before', async () => {
    const deployment = await deploy(device());
    const [{ certificateArn }] = registry.listCertificates();
    registry.detachPolicy('policy1', certificateArn);
    registry.deletePolicy('policy1');
    registry.detachThingPrincipal('car1', certificateArn);
    registry.deleteThing('car1');
    expect(await failures(deployment)).toEqual([]);
    expect(census()).toEqual([0, 0, 0]);
  });
});
