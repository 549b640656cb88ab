import { CertificateAuthority } from '../../../lib/iot-core-local/registry/certificate-authority';
import { issue } from '../../support/iot-core-fixture';
import { roleOf } from '../../support/role-of';
import { Cloud, eventsOf, newCsr, type Resources } from './cloud';
import { deviceResources, policyDocument } from './device-resources';

let authority: CertificateAuthority;
let csr: string;
let cloud: Cloud;

beforeAll(async () => {
  authority = await CertificateAuthority.create();
  csr = await newCsr();
});

beforeEach(() => {
  cloud = new Cloud(authority);
});

const device = (changes: Readonly<Record<string, object>> = {}) => deviceResources(csr, changes);
const deploy = (Resources: Resources) => cloud.deploy({ Resources });

async function strangerArn(): Promise<string> {
  const { certificatePem } = await issue(authority, 'stranger');
  return cloud.registry.registerCertificate(certificatePem, 'ACTIVE').certificateArn;
}

test('A device is created whole, its attachments last', async () => {
  const { stack, failures } = await deploy(device());
  const { registry } = cloud;
  const [{ status, certificateArn }] = registry.listCertificates();
  expect(failures).toEqual([]);
  expect(stack.status).toBe('CREATE_COMPLETE');
  expect(registry.listThings()).toMatchObject([{ thingName: 'car1', attributes: { color: 'red' } }]);
  expect(status).toBe('ACTIVE');
  expect(registry.listAttachedPolicies(certificateArn)).toMatchObject([{ policyName: 'policy1' }]);
  expect(registry.listPrincipalThings(certificateArn)).toEqual([{ thingName: 'car1', type: 'NON_EXCLUSIVE_THING' }]);
  expect(cloud.calls).toEqual([
    'createPolicy',
    'createThing',
    'registerCertificate',
    'attachPolicy',
    'attachThingPrincipal',
  ]);
});

test('A device is deleted attachments first, and its certificate is deactivated before it is deleted', async () => {
  const { stack } = await deploy(device());
  cloud.calls.length = 0;
  expect(await cloud.destroy()).toEqual([]);
  expect(cloud.calls).toEqual([
    'detachThingPrincipal',
    'detachPolicy',
    'updateCertificate',
    'deleteCertificate',
    'deleteThing',
    'deletePolicy',
  ]);
  expect(stack.status).toBe('DELETE_COMPLETE');
  expect(cloud.census()).toEqual([0, 0, 0]);
});

test('The events of a stack say what happened to it and to its resources', async () => {
  const { stack } = await deploy({ Thing: { Type: 'AWS::IoT::Thing' } });
  await cloud.destroy();
  expect(eventsOf(stack)).toEqual([
    'Fleet REVIEW_IN_PROGRESS',
    'Fleet CREATE_IN_PROGRESS',
    'Thing CREATE_IN_PROGRESS',
    'Thing CREATE_COMPLETE',
    'Fleet CREATE_COMPLETE',
    'Fleet DELETE_IN_PROGRESS',
    'Thing DELETE_IN_PROGRESS',
    'Thing DELETE_COMPLETE',
    'Fleet DELETE_COMPLETE',
  ]);
  const times = stack.events.list().map(({ timestamp }) => timestamp.getTime());
  expect(times).toEqual([...new Set(times)].sort((a, b) => b - a));
});

test('A thing is attached exclusively if the template says so', async () => {
  await deploy(device({ ThingAttachment: { ThingPrincipalType: 'EXCLUSIVE_THING' } }));
  expect(cloud.registry.listThingPrincipals('car1')).toMatchObject([{ type: 'EXCLUSIVE_THING' }]);
});

const sniOnly = { CertificateSigningRequest: undefined, CertificateMode: 'SNI_ONLY' };

test('A certificate that the template holds is registered as it is', async () => {
  const { certificatePem } = await issue(authority, 'other');
  await deploy(device({ Certificate: { ...sniOnly, CertificatePem: certificatePem, Status: 'INACTIVE' } }));
  expect(cloud.registry.listCertificates()).toMatchObject([
    { certificatePem, status: 'INACTIVE', certificateMode: 'SNI_ONLY' },
  ]);
});

test('A certificate and its CA’s are taken together if one signed the other', async () => {
  const { certificatePem } = await issue(authority, 'other');
  const given = { CertificateSigningRequest: undefined, CertificatePem: certificatePem };
  const stranger = (await CertificateAuthority.create()).rootPem;
  const { failures } = await deploy(device({ Certificate: { ...given, CACertificatePem: stranger } }));
  expect(failures).toEqual([expect.stringContaining('CertificatePem is not signed by CACertificatePem')]);
  await cloud.destroy();
  await deploy(device({ Certificate: { ...given, CACertificatePem: authority.rootPem } }));
  expect(cloud.registry.listCertificates()).toMatchObject([
    { certificatePem, status: 'ACTIVE', certificateMode: 'DEFAULT' },
  ]);
});

test('One request makes two certificates', async () => {
  const Properties = { CertificateSigningRequest: csr, Status: 'ACTIVE' };
  const twin = { Type: 'AWS::IoT::Certificate', Properties };
  await deploy({ One: twin, Two: twin });
  expect(cloud.registry.listCertificates()).toHaveLength(2);
});

test('A thing without a name gets the name of its stack, its logical id and random characters', async () => {
  await deploy({ Unnamed: { Type: 'AWS::IoT::Thing' } });
  expect(cloud.registry.listThings()[0].thingName).toMatch(/^Fleet-Unnamed-[A-Z0-9]{12}$/);
});

test.each(['Unnamed', 'L'.repeat(200)])(
  'A policy without a name gets its logical id, cut to 115 characters, and random characters: %s',
  async (logicalId) => {
    await deploy({ [logicalId]: { Type: 'AWS::IoT::Policy', Properties: { PolicyDocument: policyDocument } } });
    const [prefix, suffix] = cloud.registry.listPolicies()[0].policyName.split('_');
    expect(prefix).toBe(logicalId.slice(0, 115));
    expect(suffix).toMatch(/^[A-Z0-9]{12}$/);
  },
);

test('The id of a thing is not its name', async () => {
  const Id = { 'Fn::GetAtt': ['Thing', 'Id'] };
  const { stack } = await cloud.deploy({
    Resources: { Thing: { Type: 'AWS::IoT::Thing' } },
    Outputs: { Id: { Value: Id } },
  });
  expect(stack.outputs).toMatchObject([{ value: cloud.registry.listThings()[0].thingId }]);
});

test('A thing that exists is not taken over, though it has the same attributes', async () => {
  cloud.registry.createThing('car1');
  await expect(
    deploy({ Thing: { Type: 'AWS::IoT::Thing', Properties: { ThingName: 'car1' } } }),
  ).resolves.toMatchObject({
    failures: [expect.stringMatching(/^Thing .*already exists/)],
  });
});

test('A generated name that would be too long is cut', async () => {
  await cloud.deploy({ Resources: { ['L'.repeat(200)]: { Type: 'AWS::IoT::Thing' } } }, { name: 'S'.repeat(128) });
  expect(cloud.registry.listThings()[0].thingName).toMatch(/^S{57}-L{57}-[A-Z0-9]{12}$/);
});

test.each([
  ['AWS::IoT::ThingType', { ThingTypeName: 'lamp' }, 'thingtype/lamp'],
  ['AWS::IoT::ThingGroup', { ThingGroupName: 'lamp' }, 'thinggroup/lamp'],
  ['AWS::IoT::BillingGroup', { BillingGroupName: 'lamp' }, 'billinggroup/lamp'],
  ['AWS::IoT::TopicRule', { RuleName: 'lamp' }, 'rule/lamp'],
])('An ignored %s has the name that the template gives it, in a policy, too', async (Type, Properties, arn) => {
  const [Resource, Other] = [
    { 'Fn::Sub': `arn:\${AWS::Partition}:iot:*:*:topic/\${Kind}` },
    { 'Fn::GetAtt': ['Kind', 'Arn'] },
  ];
  const PolicyDocument = {
    Version: '2012-10-17',
    Statement: { Effect: 'Deny', Action: 'iot:*', Resource: [Resource, Other] },
  };
  await deploy({ Kind: { Type, Properties }, Policy: { Type: 'AWS::IoT::Policy', Properties: { PolicyDocument } } });
  const [{ versions }] = cloud.registry.listPolicies();
  expect(JSON.parse(versions.get('1')!.document.text).Statement.Resource).toEqual([
    'arn:aws:iot:*:*:topic/lamp',
    `arn:aws:iot:us-east-1:123456789012:${arn}`,
  ]);
});

test('Resources of other services are ignored, and named', async () => {
  const Metadata = { Type: 'AWS::CDK::Metadata', Properties: { Analytics: { 'Fn::Cidr': ['x', 'y', 'z'] } } };
  const { stack } = await deploy({ ...device(), Metadata });
  expect(stack.ignoredResources).toMatchObject([{ logicalId: 'Metadata', type: 'AWS::CDK::Metadata' }]);
  expect(cloud.census()).toEqual([1, 1, 1]);
});

describe('Failed creations', () => {
  test.each<[string, Readonly<Record<string, object>>, RegExp]>([
    [
      'an invalid thing name',
      { Thing: { ThingName: 'car 1' } },
      /^Thing \(AWS::IoT::Thing\) could not be created: A thing name/,
    ],
    ['a thing name that is a list', { Thing: { ThingName: ['car1'] } }, /^Thing .*ThingName must be a string/],
    [
      'attributes that are a list',
      { Thing: { AttributePayload: { Attributes: ['a'] } } },
      /^Thing .*Attributes must be an/,
    ],
    [
      'a payload of attributes that is text',
      { Thing: { AttributePayload: 'a' } },
      /^Thing .*AttributePayload must be an/,
    ],
    [
      'an attribute that is an object',
      { Thing: { AttributePayload: { Attributes: { a: {} } } } },
      /^Thing .*attribute "a"/,
    ],
    [
      'an unknown part of a payload',
      { Thing: { AttributePayload: { Merge: true } } },
      /^Thing .*property Merge, which/,
    ],
    [
      'a certificate status that only AWS sets',
      { Certificate: { Status: 'PENDING_TRANSFER' } },
      /^Certificate .*Status is one of ACTIVE, INACTIVE, REVOKED, not/,
    ],
    ['a malformed policy', { Policy: { PolicyDocument: {} } }, /^Policy .*it has no Statement/],
    [
      'an unreadable certificate request',
      { Certificate: { CertificateSigningRequest: 'x' } },
      /^Certificate .*is not a certificate request in PEM/,
    ],
    [
      'an unreadable certificate',
      { Certificate: { ...sniOnly, CertificatePem: 'x' } },
      /^Certificate .*not an X\.509 certificate/,
    ],
    [
      'a certificate without a request',
      { Certificate: { CertificateSigningRequest: undefined } },
      /^Certificate .*needs exactly one of these: CertificateSigningRequest; .* It has the CertificateMode "DEFAULT"/,
    ],
    [
      'a request and a certificate',
      { Certificate: { CertificatePem: 'x' } },
      /^Certificate .* It has CertificateSigningRequest, CertificatePem, the CertificateMode "DEFAULT"/,
    ],
    [
      'a request in the mode SNI_ONLY',
      { Certificate: { CertificateMode: 'SNI_ONLY' } },
      /^Certificate .* It has CertificateSigningRequest, the CertificateMode "SNI_ONLY"/,
    ],
    [
      'a certificate without its CA’s in the mode DEFAULT',
      { Certificate: { CertificateSigningRequest: undefined, CertificatePem: 'x' } },
      /^Certificate .* It has CertificatePem, the CertificateMode "DEFAULT"/,
    ],
    [
      'an unreadable CA’s certificate',
      { Certificate: { CertificateSigningRequest: undefined, CertificatePem: 'x', CACertificatePem: 'y' } },
      /^Certificate .*CertificatePem or CACertificatePem is not an X\.509 certificate/,
    ],
    [
      'an unknown mode',
      { Certificate: { CertificateMode: 'NOPE' } },
      /^Certificate .*CertificateMode is one of DEFAULT, SNI_ONLY, not "NOPE"/,
    ],
    [
      'an unknown status',
      { Certificate: { Status: 'active' } },
      /^Certificate .*Status is one of ACTIVE, .*not "active"/,
    ],
    [
      'an unknown type of attachment',
      { ThingAttachment: { ThingPrincipalType: 'NOPE' } },
      /^ThingAttachment .*not "NOPE"/,
    ],
    ['tags of another shape', { Policy: { Tags: { a: 'b' } } }, /^Policy .*Tags are a list of objects/],
    ['a tag without a value', { Policy: { Tags: [{ Key: 'a' }] } }, /^Policy .*The tag "a" needs a Value/],
    [
      'a policy that is not there',
      { PolicyAttachment: { PolicyName: 'nobody' } },
      /^PolicyAttachment .*"nobody" does not exist/,
    ],
  ])('Nothing remains of a device that cannot be created because of %s', async (_, changes, message) => {
    const { stack, failures } = await deploy(device(changes));
    expect(failures).toEqual([expect.stringMatching(message)]);
    expect(stack.status).toBe('ROLLBACK_COMPLETE');
    expect(cloud.census()).toEqual([0, 0, 0]);
  });

  test('Nothing remains of a device if one of its names is taken', async () => {
    const Twin = { Type: 'AWS::IoT::Thing', DependsOn: 'Certificate', Properties: { ThingName: 'car1' } };
    const { stack, failures } = await deploy({ ...device(), Twin });
    expect(failures).toEqual([expect.stringMatching(/^Twin .*already exists/)]);
    expect(stack.events.list().map(({ reason }) => reason)).toContain(
      'The following resource(s) failed to create: [Twin]. Rollback requested by user.',
    );
    expect(cloud.census()).toEqual([0, 0, 0]);
  });
});

test('A number or boolean in a tag of a template is a text', async () => {
  const Tags = [
    { Key: 'a', Value: 1 },
    { Key: 'b', Value: false },
  ];
  expect((await deploy(device({ Policy: { Tags } }))).failures).toEqual([]);
});

test('A stack whose creation was rolled back can be deleted, and not updated', async () => {
  await deploy(device({ Thing: { ThingName: 'car 1' } }));
  await expect(deploy(device())).rejects.toThrow(
    /^Stack:arn:\S+ is in ROLLBACK_COMPLETE state and can not be updated\.$/,
  );
  expect(await cloud.destroy()).toEqual([]);
  expect((await deploy(device())).failures).toEqual([]);
});

test('A creation that cannot be rolled back leaves what could not be deleted, and a deletion goes on', async () => {
  const stays = jest.spyOn(cloud.registry, 'deleteThing').mockImplementation(() => {
    throw new Error('It stays.');
  });
  const { stack, failures } = await deploy(device({ PolicyAttachment: { PolicyName: 'nobody' } }));
  expect(failures).toEqual([
    expect.stringMatching(/^PolicyAttachment .*"nobody" does not exist/),
    'Thing (AWS::IoT::Thing) could not be deleted: It stays.',
  ]);
  expect(stack.status).toBe('ROLLBACK_FAILED');
  stays.mockRestore();
  expect(await cloud.destroy()).toEqual([]);
  expect(cloud.census()).toEqual([0, 0, 0]);
});

describe('Deletion policies', () => {
  const deviceWith = (DeletionPolicy: string, changes: Readonly<Record<string, object>> = {}) => {
    const resources = device(changes);
    return { ...resources, Thing: { ...resources.Thing, DeletionPolicy } };
  };

  test.each([
    ['Retain', 1],
    ['RetainExceptOnCreate', 1],
    ['Delete', 0],
  ])(
    'Of a stack with a thing of deletion policy %s, %i things remain after its deletion',
    async (deletionPolicy, left) => {
      await deploy(deviceWith(deletionPolicy));
      await cloud.destroy();
      expect(cloud.census()).toEqual([left, 0, 0]);
    },
  );

  test.each([
    ['Retain', 1],
    ['RetainExceptOnCreate', 0],
    ['Delete', 0],
  ])(
    'Of a stack with a thing of deletion policy %s, %i things remain after its creation failed',
    async (deletionPolicy, left) => {
      await deploy(deviceWith(deletionPolicy, { PolicyAttachment: { PolicyName: 'nobody' } }));
      expect(cloud.census()).toEqual([left, 0, 0]);
    },
  );
});

describe('Failed deletions', () => {
  test('A deletion fails if a thing is attached to another certificate, and goes on when it no longer is', async () => {
    const { stack } = await deploy(device());
    const arn = await strangerArn();
    cloud.registry.attachThingPrincipal('car1', arn);
    expect(await cloud.destroy()).toEqual([
      'Thing (AWS::IoT::Thing) could not be deleted: Cannot delete. Thing car1 is still attached to one or more principals',
    ]);
    expect([stack.status, stack.statusReason]).toEqual([
      'DELETE_FAILED',
      'The following resource(s) failed to delete: [Thing]. ',
    ]);
    expect(cloud.census()).toEqual([1, 1, 0]);
    cloud.registry.detachThingPrincipal('car1', arn);
    expect(await cloud.destroy()).toEqual([]);
    expect(cloud.census()).toEqual([0, 1, 0]);
  });

  test('A deletion fails if a policy is attached to another certificate', async () => {
    await deploy(device());
    cloud.registry.attachPolicy('policy1', await strangerArn());
    expect(await cloud.destroy()).toEqual([expect.stringMatching(/^Policy .*attached to one or more principals/)]);
    expect(cloud.census()).toEqual([0, 1, 1]);
  });

  test('A deletion fails if another thing is attached to a certificate, and keeps the certificate’s dependencies', async () => {
    await deploy(device());
    cloud.registry.createThing('stranger');
    const [{ certificateArn, certificateId }] = cloud.registry.listCertificates();
    cloud.registry.attachThingPrincipal('stranger', certificateArn);
    expect(await cloud.destroy()).toEqual([expect.stringMatching(/^Certificate .*Things must be detached/)]);
    expect(cloud.registry.describeCertificate(certificateId).status).toBe('INACTIVE');
    expect(cloud.census()).toEqual([2, 1, 1]);
  });

  test('A deletion fails if another policy is attached to a certificate', async () => {
    await deploy(device());
    cloud.registry.createPolicy('stranger', policyDocument);
    cloud.registry.attachPolicy('stranger', cloud.registry.listCertificates()[0].certificateArn);
    expect(await cloud.destroy()).toEqual([expect.stringMatching(/^Certificate .*policies must be detached/)]);
  });

  test('A deletion fails if a certificate that is INACTIVE in the template was activated by hand', async () => {
    await deploy(device({ Certificate: { Status: 'INACTIVE' } }));
    cloud.registry.updateCertificate(cloud.registry.listCertificates()[0].certificateId, 'ACTIVE');
    expect(await cloud.destroy()).toEqual([expect.stringMatching(/^Certificate .*must be deactivated/)]);
  });

  test('A protected stack is not deleted', async () => {
    const { stack } = await deploy(device());
    stack.isProtected = true;
    await expect(cloud.destroy()).rejects.toThrow(
      'Stack [Fleet] cannot be deleted while TerminationProtection is enabled',
    );
    expect(stack.status).toBe('CREATE_COMPLETE');
  });

  test('A policy is deleted with its further versions', async () => {
    await deploy(device());
    cloud.registry.createPolicyVersion('policy1', policyDocument, { setAsDefault: true });
    cloud.registry.createPolicyVersion('policy1', policyDocument);
    expect(await cloud.destroy()).toEqual([]);
  });

  test('A stack is deleted even if something of it was deleted or detached by hand before', async () => {
    await deploy(device());
    const [{ certificateArn }] = cloud.registry.listCertificates();
    cloud.registry.detachPolicy('policy1', certificateArn);
    cloud.registry.deletePolicy('policy1');
    cloud.registry.detachThingPrincipal('car1', certificateArn);
    cloud.registry.deleteThing('car1');
    expect(await cloud.destroy()).toEqual([]);
    expect(cloud.census()).toEqual([0, 0, 0]);
  });
});

test('A stack that is DELETE_FAILED can be deleted without the resources that are in the way', async () => {
  await deploy(device());
  await expect(cloud.destroy('Fleet', ['Thing'])).rejects.toThrow('only if the stack is in the DELETE_FAILED state');
  cloud.registry.attachThingPrincipal('car1', await strangerArn());
  await cloud.destroy();
  expect(await cloud.destroy('Fleet', ['Thing'])).toEqual([]);
  expect(cloud.census()).toEqual([1, 1, 0]);
});

test('A deleted stack is found by its id, and its name is free again', async () => {
  const { stack } = await deploy(device());
  await cloud.destroy();
  expect(cloud.cloudFormation.get(stack.id)).toBe(stack);
  expect(() => cloud.cloudFormation.get('Fleet')).toThrow('Stack with id Fleet does not exist');
  expect((await deploy(device())).stack).not.toBe(stack);
});

describe('Exports', () => {
  const exporter = (value: string, exportName = 'shared') => ({
    Resources: { Thing: { Type: 'AWS::IoT::Thing', Properties: { ThingName: 'car1' } } },
    Outputs: { Name: { Value: value, Export: { Name: exportName } }, Plain: { Value: { Ref: 'Thing' } } },
  });
  const importer = {
    Resources: { Thing: { Type: 'AWS::IoT::Thing', Properties: { ThingName: { 'Fn::ImportValue': 'shared' } } } },
  };

  beforeEach(async () => {
    await cloud.deploy(exporter('one'), { name: 'Exporter' });
    await cloud.deploy(importer, { name: 'Importer' });
  });

  test('A stack uses the export of another', () => {
    expect(cloud.registry.hasThing('one')).toBe(true);
    expect(cloud.cloudFormation.exports.importersOf('shared')).toEqual(['Importer']);
  });

  test.each([
    ['changed', () => exporter('two'), 'Export shared cannot be updated as it is in use by Importer'],
    ['removed', () => exporter('one', 'other'), 'Export shared cannot be deleted as it is in use by Importer'],
  ])('An export that is in use cannot be %s', async (_, template, reason) => {
    const { stack, failures } = await cloud.deploy(template(), { name: 'Exporter' });
    expect(failures).toEqual([reason]);
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(stack.outputs).toContainEqual(expect.objectContaining({ value: 'one', exportName: 'shared' }));
  });

  test('A stack whose export is in use cannot be deleted, and stays what it was', async () => {
    const reason = 'Delete canceled. Cannot delete export shared as it is in use by Importer.';
    expect(await cloud.destroy('Exporter')).toEqual([reason]);
    const { status, statusReason } = cloud.cloudFormation.get('Exporter');
    expect([status, statusReason]).toEqual(['CREATE_COMPLETE', reason]);
    await cloud.destroy('Importer');
    expect(await cloud.destroy('Exporter')).toEqual([]);
  });

  test('Two stacks cannot have the same export', async () => {
    const { failures } = await cloud.deploy(exporterOf('car2'), { name: 'Second' });
    expect(failures).toEqual([
      expect.stringContaining('Export with name shared is already exported by stack Exporter'),
    ]);
    expect(cloud.registry.hasThing('car2')).toBe(false);
  });

  test('A stack cannot have the same export twice', async () => {
    const template = exporterOf('car2');
    const Outputs = { One: { Value: 'a', Export: { Name: 'twice' } }, Two: { Value: 'b', Export: { Name: 'twice' } } };
    const { failures } = await cloud.deploy({ ...template, Outputs }, { name: 'Second' });
    expect(failures).toEqual([expect.stringContaining('Each export name must be unique: twice')]);
    expect(cloud.registry.hasThing('car2')).toBe(false);
  });

  test('An unknown export is refused before anything is created', async () => {
    const Resources = {
      Thing: { Type: 'AWS::IoT::Thing', Properties: { ThingName: { 'Fn::ImportValue': 'nobody' } } },
    };
    await expect(cloud.deploy({ Resources }, { name: 'Second' })).rejects.toThrow('No export named nobody found.');
    expect(cloud.cloudFormation.find('Second')).toBeUndefined();
  });

  function exporterOf(ThingName: string) {
    const template = exporter('x');
    return { ...template, Resources: { Thing: { Type: 'AWS::IoT::Thing', Properties: { ThingName } } } };
  }
});

test('A template with resources of IAM needs the capability that fits', async () => {
  const { Type, Properties } = roleOf([]);
  const role = (more: object) => ({ Resources: { Role: { Type, Properties: { ...Properties, ...more } } } });
  await expect(cloud.deploy(role({}))).rejects.toMatchObject({
    name: 'InsufficientCapabilitiesException',
    message: 'Requires capabilities : [CAPABILITY_IAM]',
  });
  await expect(cloud.deploy(role({ RoleName: 'role' }))).rejects.toThrow(
    'Requires capabilities : [CAPABILITY_NAMED_IAM]',
  );
  expect(cloud.cloudFormation.list()).toEqual([]);
});
