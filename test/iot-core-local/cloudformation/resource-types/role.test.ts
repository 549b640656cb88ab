import { decide } from '../../../../lib/iot-core-local/iam/identity-policy';
import { roleOf } from '../../../support/role-of';
import { useAccount } from '../../../support/use-account';
import { useIotCore } from '../../../support/use-iot-core';

const fixture = useIotCore({ forEachTest: true });

const allow = (...actions: string[]) => ({ Effect: 'Allow', Action: actions, Resource: '*' });
const documentOf = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const named = (more: object = {}, statements: object[] = []) => {
  const { Type, Properties } = roleOf(statements);
  return { Type, Properties: { ...Properties, RoleName: 'role', ...more } };
};
const policy = (Type: string, Properties: object) => ({ Type: `AWS::IAM::${Type}`, Properties });

const deploy = (Resources: object) => fixture.iotCore.deploy({ Resources }, 'Stack');

/** Which of some actions of AWS IoT the role may do. */
function rights(): string[] {
  const { roles } = fixture.iotCore.iam;
  const actions = ['iot:CreateThing', 'iot:DeleteThing', 'iot:ListThings', 'iot:UpdateThing'];
  return actions.filter((action) => decide(roles.policiesOf({ name: 'role' }), { action, resource: '*' }).isAllowed);
}

test('A role has its own policies, those of other resources, and managed policies', async () => {
  const Roles = [{ Ref: 'Role' }];
  await deploy({
    Role: named({}, [allow('iot:CreateThing')]),
    Inline: policy('Policy', { PolicyName: 'inline', Roles, PolicyDocument: documentOf(allow('iot:DeleteThing')) }),
    OfRole: policy('RolePolicy', {
      PolicyName: 'of-role',
      RoleName: { Ref: 'Role' },
      PolicyDocument: documentOf(allow('iot:ListThings')),
    }),
    Managed: policy('ManagedPolicy', { Roles, PolicyDocument: documentOf(allow('iot:UpdateThing')) }),
  });
  expect(rights()).toEqual(['iot:CreateThing', 'iot:DeleteThing', 'iot:ListThings', 'iot:UpdateThing']);
  await deploy({ Role: named() });
  expect(rights()).toEqual([]);
  await fixture.iotCore.destroy('Stack');
  expect(() => fixture.iotCore.iam.roles.getRole('role')).toThrow('cannot be found');
});

test('An update of a role or policy changes its rights, and takes away those that are left out', async () => {
  const inline = (PolicyName: string, action: string) =>
    policy('Policy', { PolicyName, Roles: ['role'], PolicyDocument: documentOf(allow(action)) });
  const Managed = policy('ManagedPolicy', { PolicyDocument: documentOf(allow('iot:ListThings')) });
  const ManagedPolicyArns = [{ Ref: 'Managed' }];
  await deploy({ Role: named({ ManagedPolicyArns }, [allow('iot:CreateThing')]), Managed });
  await deploy({
    Role: named({ ManagedPolicyArns }, [allow('iot:CreateThing')]),
    Managed,
    Inline: inline('a', 'iot:DeleteThing'),
  });
  expect(rights()).toEqual(['iot:CreateThing', 'iot:DeleteThing', 'iot:ListThings']);
  const Policies = [{ PolicyName: 'Other', PolicyDocument: documentOf(allow('iot:UpdateThing')) }];
  await deploy({ Role: named({ Policies }), Managed, Inline: inline('b', 'iot:CreateThing') });
  expect(rights()).toEqual(['iot:CreateThing', 'iot:UpdateThing']);
});

test('A role that cannot have its policies is not created', async () => {
  await expect(
    deploy({ Role: named({ ManagedPolicyArns: ['arn:aws:iam::123456789012:policy/none'] }) }),
  ).rejects.toThrow(
    'Role (AWS::IAM::Role) could not be created: Policy arn:aws:iam::123456789012:policy/none does not exist',
  );
  await expect(
    deploy({ Role: named({}, [{ ...allow('iot:*'), Condition: { Bool: { 'aws:ViaAWSService': 'true' } } }]) }),
  ).rejects.toThrow('could not be created: IoT Core Local\'s IAM does not have the condition operator "Bool"');
  await deploy({ Role: named() });
});

test('A permissions boundary is refused by name', async () => {
  await expect(deploy({ Role: named({ PermissionsBoundary: 'arn' }) })).rejects.toThrow('PermissionsBoundary');
});

test('A policy of a role that is not there is refused, and given to no other role', async () => {
  const Roles = [{ Ref: 'Role' }, 'none'];
  const Inline = policy('Policy', {
    PolicyName: 'inline',
    Roles,
    PolicyDocument: documentOf(allow('iot:CreateThing')),
  });
  await deploy({ Role: named() });
  await expect(deploy({ Role: named(), Inline })).rejects.toThrow('The role with name none cannot be found.');
  expect(rights()).toEqual([]);
});

describe('A user who deploys with a policy', () => {
  const account = useAccount({
    userPolicy: documentOf(allow('cloudformation:*', 'iot:CreateThing', 'iot:DescribeThing')),
  });
  const create = async (StackName: string, Resources: object) => {
    await account.cloudFormation.createStack({ StackName, TemplateBody: JSON.stringify({ Resources }) });
    const { StackEvents = [] } = await account.cloudFormation.describeStackEvents({ StackName });
    return StackEvents.flatMap(({ ResourceStatus, ResourceStatusReason }) =>
      ResourceStatus === 'CREATE_FAILED' ? [ResourceStatusReason] : [],
    );
  };

  test('A user who deploys without a right that a handler needs is denied in the stack’s events', async () => {
    expect(await create('Things', { Thing: { Type: 'AWS::IoT::Thing', Properties: { ThingName: 'car1' } } })).toEqual(
      [],
    );
    const Policy = {
      Type: 'AWS::IoT::Policy',
      Properties: { PolicyName: 'car1', PolicyDocument: documentOf(allow('iot:Connect')) },
    };
    expect(await create('Policies', { Policy })).toEqual([
      expect.stringMatching(
        /^User: \S+ is not authorized to perform: iot:CreatePolicy on resource: \S+:policy\/car1 because/,
      ),
    ]);
    expect(account.fixture.registry.listPolicies()).toEqual([]);
  });

  test('A type whose handlers are not known is refused to anyone but an administrator', async () => {
    expect(await create('Topic', { Topic: { Type: 'AWS::SNS::Topic' } })).toEqual([
      'IoT Core Local does not know which rights CloudFormation needs for AWS::SNS::Topic.',
    ]);
  });
});
