import { once } from 'node:events';
import { connect } from 'node:net';
import type { Capability } from '@aws-sdk/client-cloudformation';
import { roleOf } from '../../../support/role-of';
import { useAccount } from '../../../support/use-account';

const account = useAccount({ forEachTest: true });

const bodyOf = (ThingName: string) =>
  JSON.stringify({ Resources: { Thing: { Type: 'AWS::IoT::Thing', Properties: { ThingName } } } });

const prepare = (StackName: string, ThingName: string, ChangeSetType: 'CREATE' | 'UPDATE' = 'CREATE') =>
  account.cloudFormation.createChangeSet({
    StackName,
    ChangeSetName: 'changes',
    ChangeSetType,
    TemplateBody: bodyOf(ThingName),
  });
const execute = (StackName: string) => account.cloudFormation.executeChangeSet({ StackName, ChangeSetName: 'changes' });
const things = () => account.fixture.registry.listThings().map(({ thingName }) => thingName);

test('A change set makes a stack that waits, and creates its resources when it is executed', async () => {
  const { cloudFormation } = account;
  const { Id, StackId } = await prepare('Things', 'one');
  const { Stacks } = await cloudFormation.describeStacks({ StackName: 'Things' });
  expect(Stacks).toMatchObject([{ StackId, StackStatus: 'REVIEW_IN_PROGRESS' }]);
  expect((await cloudFormation.getTemplate({ StackName: 'Things' })).TemplateBody).toBe('{}');
  expect(await cloudFormation.describeChangeSet({ ChangeSetName: Id })).toMatchObject({
    ChangeSetName: 'changes',
    StackName: 'Things',
    Status: 'CREATE_COMPLETE',
    ExecutionStatus: 'AVAILABLE',
    Changes: [
      {
        Type: 'Resource',
        ResourceChange: { Action: 'Add', LogicalResourceId: 'Thing', ResourceType: 'AWS::IoT::Thing' },
      },
    ],
  });
  expect(things()).toEqual([]);
  await execute('Things');
  expect(things()).toEqual(['one']);
  await expect(execute('Things')).rejects.toMatchObject({ name: 'InvalidChangeSetStatusException' });
});

test('A change set of an update says what it replaces', async () => {
  await prepare('Things', 'one');
  await execute('Things');
  await account.cloudFormation.deleteChangeSet({ StackName: 'Things', ChangeSetName: 'changes' });
  await prepare('Things', 'two', 'UPDATE');
  const { Changes } = await account.cloudFormation.describeChangeSet({ StackName: 'Things', ChangeSetName: 'changes' });
  expect(Changes).toMatchObject([
    {
      ResourceChange: {
        Action: 'Modify',
        PhysicalResourceId: 'one',
        Replacement: 'True',
        Scope: ['Properties'],
        Details: [
          {
            Target: { Attribute: 'Properties', Name: 'ThingName', RequiresRecreation: 'Always' },
            Evaluation: 'Static',
            ChangeSource: 'DirectModification',
          },
        ],
      },
    },
  ]);
  expect(
    (await account.cloudFormation.getTemplate({ StackName: 'Things', ChangeSetName: 'changes' })).TemplateBody,
  ).toBe(bodyOf('two'));
});

test('Change sets are listed, and a deleted one is gone', async () => {
  const { cloudFormation } = account;
  await prepare('Things', 'one');
  expect((await cloudFormation.listChangeSets({ StackName: 'Things' })).Summaries).toMatchObject([
    { ChangeSetName: 'changes' },
  ]);
  await cloudFormation.deleteChangeSet({ StackName: 'Things', ChangeSetName: 'changes' });
  await cloudFormation.deleteChangeSet({ StackName: 'Things', ChangeSetName: 'changes' });
  expect((await cloudFormation.listChangeSets({ StackName: 'Things' })).Summaries).toEqual([]);
  await cloudFormation.deleteStack({ StackName: 'Things' });
});

test('A change set of another stack is not found', async () => {
  const { Id } = await prepare('One', 'one');
  await account.cloudFormation.createStack({ StackName: 'Two', TemplateBody: bodyOf('two') });
  for (const ChangeSetName of ['changes', Id]) {
    const call = account.cloudFormation.executeChangeSet({ StackName: 'Two', ChangeSetName });
    await expect(call).rejects.toMatchObject({ name: 'ChangeSetNotFoundException' });
  }
  expect(things()).toEqual(['two']);
});

test('A change set is obsolete once another one has been executed', async () => {
  const { cloudFormation } = account;
  await prepare('Things', 'one');
  await cloudFormation.createChangeSet({
    StackName: 'Things',
    ChangeSetName: 'other',
    ChangeSetType: 'CREATE',
    TemplateBody: bodyOf('two'),
  });
  await execute('Things');
  const call = cloudFormation.executeChangeSet({ StackName: 'Things', ChangeSetName: 'other' });
  await expect(call).rejects.toThrow('execution status [OBSOLETE]');
  expect(things()).toEqual(['one']);
});

test('Of two deployments at once, the second is refused', async () => {
  const { cloudFormation, fixture } = account;
  await prepare('Things', 'one');
  await execute('Things');
  await cloudFormation.deleteChangeSet({ StackName: 'Things', ChangeSetName: 'changes' });
  const update = (ChangeSetName: string, TemplateBody: string) => {
    const Capabilities: Capability[] = ['CAPABILITY_IAM'];
    const input = { StackName: 'Things', ChangeSetName, TemplateBody, Capabilities };
    return cloudFormation.createChangeSet({ ...input, ChangeSetType: 'UPDATE' });
  };
  const slow = JSON.stringify({
    Resources: {
      Role: roleOf([]),
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Code: { ZipFile: 'exports.handler = async () => {};' },
        },
      },
      Custom: { Type: 'Custom::Slow', Properties: { ServiceToken: { 'Fn::GetAtt': ['Function', 'Arn'] } } },
    },
  });
  await update('slow', slow);
  const first = cloudFormation.executeChangeSet({ StackName: 'Things', ChangeSetName: 'slow' });
  for (let status = ''; status !== 'UPDATE_IN_PROGRESS'; ) {
    status = (await cloudFormation.describeStacks({ StackName: 'Things' })).Stacks?.[0].StackStatus ?? '';
  }
  await expect(update('second', bodyOf('two'))).rejects.toThrow(
    'is in UPDATE_IN_PROGRESS state and can not be updated.',
  );
  await expect(cloudFormation.deleteStack({ StackName: 'Things' })).rejects.toThrow(
    'cannot be deleted while in status UPDATE_IN_PROGRESS',
  );
  await first;
  expect(fixture.registry.listThings()).toHaveLength(1);
});

test('A deployment goes on when its client hangs up', async () => {
  await prepare('Things', 'one');
  const { port } = account.controlPlane;
  const form = 'Action=ExecuteChangeSet&Version=2010-05-15&StackName=Things&ChangeSetName=changes';
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    `POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: AWS4\r\nContent-Length: ${form.length}\r\n\r\n${form}`,
    () => socket.destroy(),
  );
  for (let status = ''; status !== 'CREATE_COMPLETE'; ) {
    status = (await account.cloudFormation.describeStacks({ StackName: 'Things' })).Stacks?.[0].StackStatus ?? '';
  }
  expect(things()).toEqual(['one']);
});

test.each([
  ['an import of resources', { ImportExistingResources: true }, 'does not have ImportExistingResources'],
  ['a type that IoT Core Local does not have', { ChangeSetType: 'IMPORT' as const }, 'and not IMPORT'],
  ['notifications', { NotificationARNs: ['arn'] }, 'does not have NotificationARNs'],
  ...(['DO_NOTHING', 'DELETE'] as const).map((OnStackFailure): [string, object, string] => [
    `${OnStackFailure} on a failure`,
    { OnStackFailure },
    'does not have OnStackFailure',
  ]),
  ...['my_changes', '1st', 'a'.repeat(129)].map((ChangeSetName): [string, object, string] => [
    `the name ${ChangeSetName}`,
    { ChangeSetName },
    `Value '${ChangeSetName}' at 'changeSetName' failed to satisfy constraint`,
  ]),
])('A change set with %s is refused, and makes no stack', async (_, more, message) => {
  const input = {
    StackName: 'Things',
    ChangeSetName: 'changes',
    TemplateBody: bodyOf('one'),
    ChangeSetType: 'CREATE' as const,
  };
  await expect(account.cloudFormation.createChangeSet({ ...input, ...more })).rejects.toThrow(message);
  expect((await account.cloudFormation.listStacks({})).StackSummaries).toEqual([]);
});

test('A change set that asks for a rollback on a failure, and has a name of 128 characters, is made', async () => {
  const ChangeSetName = 'a'.repeat(128);
  const more = { ChangeSetName, ChangeSetType: 'CREATE', OnStackFailure: 'ROLLBACK' } as const;
  await account.cloudFormation.createChangeSet({ StackName: 'Things', TemplateBody: bodyOf('one'), ...more });
  const { Summaries } = await account.cloudFormation.listChangeSets({ StackName: 'Things' });
  expect(Summaries).toMatchObject([{ ChangeSetName }]);
});
