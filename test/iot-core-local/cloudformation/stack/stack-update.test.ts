import { CertificateAuthority } from '../../../../lib/iot-core-local/registry/certificate-authority';
import { Registry } from '../../../../lib/iot-core-local/registry/registry';
import { issue, policyOf } from '../../../support/iot-core-fixture';
import { Cloud, eventsOf, newCsr, type Resources } from '../cloud';
import { deviceResources } from '../device-resources';

let authority: CertificateAuthority;
let csr: string;
let otherCsr: string;
let otherPem: string;
let cloud: Cloud;

const otherDocument = policyOf(['iot:Connect client/car2']);

beforeAll(async () => {
  authority = await CertificateAuthority.create();
  [csr, otherCsr] = [await newCsr(), await newCsr()];
  otherPem = (await issue(authority, 'other')).certificatePem;
});

beforeEach(async () => {
  cloud = new Cloud(authority);
  await cloud.deploy({ Resources: deviceResources(csr) });
  cloud.calls.length = 0;
});

const update = (changes: Readonly<Record<string, object>>, more: Resources = {}) =>
  cloud.deploy({ Resources: { ...deviceResources(csr, changes), ...more } });

/** The physical ids of a stack's resources, by logical id. */
const idsOf = (name = 'Fleet') =>
  Object.fromEntries(
    [...cloud.cloudFormation.get(name).resources].map(([logicalId, { created }]) => [logicalId, created.ref]),
  );

/** The logical ids of the resources whose physical ids differ. */
function replacedSince(before: Record<string, string>): string[] {
  const after = idsOf();
  return Object.keys(after).filter((logicalId) => after[logicalId] !== before[logicalId]);
}

describe('Changed properties', () => {
  const replaceThing = ['createThing', 'attachThingPrincipal', 'detachThingPrincipal', 'deleteThing'];
  const replacePolicy = ['createPolicy', 'attachPolicy', 'detachPolicy', 'deletePolicy'];
  const replaceCertificate = [
    'registerCertificate',
    'attachPolicy',
    'attachThingPrincipal',
    'detachThingPrincipal',
    'detachPolicy',
    'updateCertificate',
    'deleteCertificate',
  ];

  test.each<[string, string, () => object, string[], string[]]>([
    ['Thing', 'ThingName', () => ({ ThingName: 'car2' }), ['Thing', 'ThingAttachment'], replaceThing],
    ['Thing', 'AttributePayload', () => ({ AttributePayload: { Attributes: { size: 1 } } }), [], ['updateThing']],
    ['Policy', 'PolicyName', () => ({ PolicyName: 'policy2' }), ['Policy', 'PolicyAttachment'], replacePolicy],
    ['Policy', 'PolicyDocument', () => ({ PolicyDocument: otherDocument }), [], ['createPolicyVersion']],
    ['Policy', 'Tags', () => ({ Tags: [{ Key: 'a', Value: 'b' }] }), [], []],
    [
      'Certificate',
      'CertificateSigningRequest',
      () => ({ CertificateSigningRequest: otherCsr }),
      ['Certificate', 'PolicyAttachment', 'ThingAttachment'],
      replaceCertificate,
    ],
    [
      'Certificate',
      'CertificatePem',
      () => ({ CertificateSigningRequest: undefined, CertificateMode: 'SNI_ONLY', CertificatePem: otherPem }),
      ['Certificate', 'PolicyAttachment', 'ThingAttachment'],
      replaceCertificate,
    ],
    ['Certificate', 'Status', () => ({ Status: 'INACTIVE' }), [], ['updateCertificate']],
    [
      'ThingAttachment',
      'ThingPrincipalType',
      () => ({ ThingPrincipalType: 'EXCLUSIVE_THING' }),
      [],
      ['attachThingPrincipal'],
    ],
  ])(
    'A change of %s.%s replaces what the registry schema says, and calls the services in CloudFormation’s order',
    async (logicalId, _property, properties, replaced, calls) => {
      const before = idsOf();
      const { stack, failures } = await update({ [logicalId]: properties() });
      expect(failures).toEqual([]);
      expect(stack.status).toBe('UPDATE_COMPLETE');
      expect(replacedSince(before).sort()).toEqual(replaced.sort());
      expect(cloud.calls).toEqual(calls);
      expect(await cloud.destroy()).toEqual([]);
      expect(cloud.census()).toEqual([0, 0, 0]);
    },
  );
});

test('An update without a change is refused, and calls nothing', async () => {
  const { failures, stack } = await update({});
  expect([failures, stack.status, cloud.calls]).toEqual([[], 'CREATE_COMPLETE', []]);
});

test('An update of a thing replaces its attributes', async () => {
  await update({ Thing: { AttributePayload: { Attributes: { size: 1 } } } });
  expect(cloud.registry.describeThing('car1').attributes).toEqual({ size: '1' });
});

test.each([
  ['of five versions the first one goes', 6, '1', ['3', '4', '5', '6', '7']],
  ['the first one goes, too, if somebody made it the default', 5, '1', ['2', '3', '4', '5', '6']],
  ['of the versions 6 to 10, number 10 goes', 10, '10', ['6', '7', '8', '9', '11']],
])('A new policy document becomes the default version, and %s', async (_which, updates, madeDefault, left) => {
  const change = (client: number) =>
    update({ Policy: { PolicyDocument: policyOf([`iot:Connect client/new${client}`]) } });
  for (let client = 1; client < updates; client += 1) await change(client);
  if (cloud.registry.getPolicy('policy1').versions.has(madeDefault)) {
    cloud.registry.setDefaultPolicyVersion('policy1', madeDefault);
  }
  await change(updates);
  const { versions, defaultVersionId } = cloud.registry.getPolicy('policy1');
  expect([...versions.keys()]).toEqual(left);
  expect(defaultVersionId).toBe(left.at(-1));
});

test('Resources that the new template does not have are deleted last, in the reverse order of their creation', async () => {
  const Extra = { Type: 'AWS::IoT::Thing', Properties: { ThingName: 'extra' } };
  const Last = { Type: 'AWS::IoT::Thing', Properties: { ThingName: 'last' }, DependsOn: 'Extra' };
  const { stack } = await update({}, { Extra, Last });
  await update({ Thing: { ThingName: 'car2' } });
  expect(eventsOf(stack).slice(-15)).toEqual([
    'Fleet UPDATE_IN_PROGRESS',
    'Thing UPDATE_IN_PROGRESS',
    'Thing UPDATE_COMPLETE',
    'ThingAttachment UPDATE_IN_PROGRESS',
    'ThingAttachment UPDATE_COMPLETE',
    'Fleet UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'Last DELETE_IN_PROGRESS',
    'Last DELETE_COMPLETE',
    'Extra DELETE_IN_PROGRESS',
    'Extra DELETE_COMPLETE',
    'ThingAttachment DELETE_IN_PROGRESS',
    'ThingAttachment DELETE_COMPLETE',
    'Thing DELETE_IN_PROGRESS',
    'Thing DELETE_COMPLETE',
    'Fleet UPDATE_COMPLETE',
  ]);
});

test('A removed resource with the deletion policy Retain stays, and its stack does not own it any more', async () => {
  const Extra = { Type: 'AWS::IoT::Thing', Properties: { ThingName: 'extra' }, DeletionPolicy: 'Retain' };
  await update({}, { Extra });
  const { stack } = await update({});
  expect(cloud.registry.hasThing('extra')).toBe(true);
  expect(stack.resources.has('Extra')).toBe(false);
});

test('A replaced resource with the update replace policy Retain stays', async () => {
  const resources = deviceResources(csr, { Policy: { PolicyName: 'policy2' } });
  await cloud.deploy({ Resources: { ...resources, Policy: { ...resources.Policy, UpdateReplacePolicy: 'Retain' } } });
  expect(cloud.registry.listPolicies().map(({ policyName }) => policyName)).toEqual(['policy1', 'policy2']);
});

test('A superfluous resource that cannot be deleted stays, and the update succeeds nevertheless', async () => {
  const { certificateArn } = cloud.registry.registerCertificate(otherPem, 'ACTIVE');
  cloud.registry.attachThingPrincipal('car1', certificateArn);
  const { stack, failures } = await update({ Thing: { ThingName: 'car2' } });
  expect([failures, stack.status, stack.statusReason]).toEqual([
    [],
    'UPDATE_COMPLETE',
    'The following resource(s) failed to delete: [Thing]. ',
  ]);
  expect(cloud.registry.listThings().map(({ thingName }) => thingName)).toEqual(['car1', 'car2']);
});

test('A resource whose type changes is refused before anything is changed', async () => {
  const Thing = { Type: 'AWS::IoT::Policy', Properties: { PolicyDocument: otherDocument } };
  await expect(update({}, { Thing })).rejects.toThrow(
    'Update of resource type is not permitted. The new template modifies resource type of the following resources: [Thing]',
  );
  expect(cloud.calls).toEqual([]);
});

test('A parameter that is not given keeps its default, and its new value changes what refers to it', async () => {
  const template = {
    Parameters: { Name: { Type: 'String', Default: 'one' } },
    Resources: { Thing: { Type: 'AWS::IoT::Thing', Properties: { ThingName: { Ref: 'Name' } } } },
  };
  await cloud.deploy(template, { name: 'Named' });
  expect(idsOf('Named')).toEqual({ Thing: 'one' });
  await cloud.deploy(template, { name: 'Named', parameters: { Name: 'two' } });
  expect(idsOf('Named')).toEqual({ Thing: 'two' });
  expect(cloud.registry.hasThing('one')).toBe(false);
});

test('A condition that no longer holds removes its resource', async () => {
  const template = {
    Parameters: { Stage: { Type: 'String', Default: 'test' } },
    Conditions: { IsTest: { 'Fn::Equals': [{ Ref: 'Stage' }, 'test'] } },
    Resources: {
      Always: { Type: 'AWS::IoT::Thing', Properties: { ThingName: 'always' } },
      Thing: { Type: 'AWS::IoT::Thing', Condition: 'IsTest', Properties: { ThingName: 'sometimes' } },
    },
  };
  await cloud.deploy(template, { name: 'Conditional' });
  await cloud.deploy(template, { name: 'Conditional', parameters: { Stage: 'prod' } });
  expect(idsOf('Conditional')).toEqual({ Always: 'always' });
  expect(cloud.registry.hasThing('sometimes')).toBe(false);
});

describe('Failed updates', () => {
  const Bad = {
    Type: 'AWS::IoT::Thing',
    DependsOn: ['PolicyAttachment', 'ThingAttachment'],
    Properties: { ThingName: 'bad name' },
  };
  const everything = () => ({
    // The version counts the update and its undoing.
    things: cloud.registry.listThings().map(({ version: _version, ...thing }) => thing),
    certificates: cloud.registry.listCertificates(),
    policies: cloud.registry.listPolicies().map(({ policyName, versions, defaultVersionId }) => ({
      policyName,
      document: versions.get(defaultVersionId)!.document.text,
      targets: cloud.registry.listTargetsForPolicy(policyName),
    })),
    principals: cloud.registry.listThings().map(({ thingName }) => cloud.registry.listThingPrincipals(thingName)),
  });

  test.each<[string, () => Readonly<Record<string, object>>]>([
    ['a new certificate', () => ({ Certificate: { CertificateSigningRequest: otherCsr } })],
    ['a new policy document', () => ({ Policy: { PolicyDocument: otherDocument } })],
    ['a new thing', () => ({ Thing: { ThingName: 'car2' } })],
    ['other attributes', () => ({ Thing: { AttributePayload: {} } })],
    ['another status', () => ({ Certificate: { Status: 'INACTIVE' } })],
    ['another type of attachment', () => ({ ThingAttachment: { ThingPrincipalType: 'EXCLUSIVE_THING' } })],
    [
      'all at once',
      () => ({
        Certificate: { CertificateSigningRequest: otherCsr },
        Policy: { PolicyName: 'policy2' },
        Thing: { ThingName: 'car2' },
      }),
    ],
  ])(
    'An update that fails after %s leaves everything as it was before, and the next update works',
    async (_, changes) => {
      const before = structuredClone(everything());
      const ids = idsOf();
      const { stack, failures } = await update(changes(), { Bad });
      expect(failures).toEqual([expect.stringMatching(/^Bad \(AWS::IoT::Thing\) could not be created: A thing name/)]);
      expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
      expect(everything()).toEqual(before);
      expect(idsOf()).toEqual(ids);
      expect((await update(changes())).failures).toEqual([]);
      expect(stack.status).toBe('UPDATE_COMPLETE');
      expect(await cloud.destroy()).toEqual([]);
      expect(cloud.census()).toEqual([0, 0, 0]);
    },
  );

  test('An update that fails says which resource failed, and undoes the others in their reverse order', async () => {
    const { stack } = await update({ Thing: { AttributePayload: {} }, Policy: { PolicyName: 'policy2' } }, { Bad });
    const events = eventsOf(stack);
    expect(events.slice(events.indexOf('Bad CREATE_FAILED'))).toEqual([
      'Bad CREATE_FAILED',
      'Fleet UPDATE_ROLLBACK_IN_PROGRESS',
      'Thing UPDATE_IN_PROGRESS',
      'Thing UPDATE_COMPLETE',
      'Fleet UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
      'PolicyAttachment DELETE_IN_PROGRESS',
      'PolicyAttachment DELETE_COMPLETE',
      'Policy DELETE_IN_PROGRESS',
      'Policy DELETE_COMPLETE',
      'Fleet UPDATE_ROLLBACK_COMPLETE',
    ]);
    const reasons = stack.events.list().map(({ reason }) => reason);
    expect(reasons).toContain('The following resource(s) failed to create: [Bad]. ');
  });

  test('An update that cannot be undone is UPDATE_ROLLBACK_FAILED, and its rollback can be continued', async () => {
    const { stack } = await update({ Thing: { AttributePayload: { Attributes: { size: 1 } } } });
    const refusal = jest.spyOn(cloud.registry, 'updateThing').mockImplementation((thingName, options) => {
      if (Number(options.attributes?.size) === 1) throw new Error('Not now.');
      return Registry.prototype.updateThing.call(cloud.registry, thingName, options);
    });
    const { failures } = await update({ Thing: { AttributePayload: { Attributes: { size: 2 } } } }, { Bad });
    expect(failures).toEqual([
      expect.stringMatching(/^Bad /),
      'Thing (AWS::IoT::Thing) could not be updated: Not now.',
    ]);
    expect(stack.status).toBe('UPDATE_ROLLBACK_FAILED');
    await expect(update({})).rejects.toThrow('is in UPDATE_ROLLBACK_FAILED state and can not be updated');
    refusal.mockImplementation((...call) => Registry.prototype.updateThing.apply(cloud.registry, call));
    expect(await cloud.cloudFormation.continueUpdateRollback(stack, [])).toEqual([]);
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(cloud.registry.describeThing('car1').attributes).toEqual({ size: '1' });
    expect(() => cloud.cloudFormation.continueUpdateRollback(stack, [])).toThrow('its rollback can not be continued');
  });

  test('An update that cannot be undone can be rolled back without the resource that is in the way', async () => {
    const { stack } = await update({ Thing: { AttributePayload: { Attributes: { size: 1 } } } });
    jest.spyOn(cloud.registry, 'updateThing').mockImplementation(() => {
      throw new Error('Never.');
    });
    await update({ Thing: { AttributePayload: { Attributes: { size: 2 } } } });
    expect(stack.status).toBe('UPDATE_ROLLBACK_FAILED');
    expect(await cloud.cloudFormation.continueUpdateRollback(stack, ['Thing'])).toEqual([]);
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  test('An update that fails keeps a new resource with the deletion policy Retain', async () => {
    const Kept = { Type: 'AWS::IoT::Thing', Properties: { ThingName: 'kept' }, DeletionPolicy: 'Retain' };
    await update({}, { Kept, Bad });
    expect(cloud.registry.hasThing('kept')).toBe(true);
  });
});
