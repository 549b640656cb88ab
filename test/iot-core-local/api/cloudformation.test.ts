import {
  DescribeStacksCommand,
  ListStackResourcesCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { useAccount } from '../../support/use-account';

const account = useAccount();
beforeAll(async () => {
  const thing = (ThingName: string) => ({ Type: 'AWS::IoT::Thing', Properties: { ThingName } });
  const Resources = { One: thing('one'), Two: thing('two'), Role: { Type: 'AWS::IAM::Role' } };
  await account.fixture.iotCore.deploy({ Resources }, 'Fleet');
});

test('a stack’s resources are listed, the ignored ones too', async () => {
  const { cloudFormation } = account;
  const { StackResourceSummaries: listed = [] } = await cloudFormation.send(
    new ListStackResourcesCommand({ StackName: 'Fleet' }),
  );
  expect(listed.map(({ LogicalResourceId, PhysicalResourceId }) => [LogicalResourceId, PhysicalResourceId])).toEqual([
    ['One', 'one'],
    ['Two', 'two'],
    ['Role', expect.stringMatching(/^Fleet-Role-\w+$/)],
  ]);
  expect(listed[0]).toMatchObject({ ResourceType: 'AWS::IoT::Thing', ResourceStatus: 'CREATE_COMPLETE' });
  expect(listed[0].LastUpdatedTimestamp?.getTime()).toBeCloseTo(Date.now(), -4);
});

test('a long list comes in pages', async () => {
  const { cloudFormation: client, controlPlane } = account;
  controlPlane.faults.pageSize = 2;
  const pages: (string | undefined)[][] = [];
  for await (const page of paginateListStackResources({ client }, { StackName: 'Fleet' })) {
    pages.push((page.StackResourceSummaries ?? []).map(({ LogicalResourceId }) => LogicalResourceId));
  }
  expect(pages).toEqual([['One', 'Two'], ['Role']]);
});

test('an unknown stack is refused in CloudFormation’s own words', async () => {
  const call = account.cloudFormation.send(new ListStackResourcesCommand({ StackName: 'A<B&C' }));
  await expect(call).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'Stack with id A<B&C does not exist',
    $metadata: { httpStatusCode: 400 },
  });
});

test('an unknown operation is refused by name', async () => {
  await expect(account.cloudFormation.send(new DescribeStacksCommand({}))).rejects.toThrow('not DescribeStacks');
});

test('throttling is reported as CloudFormation reports it', async () => {
  account.controlPlane.faults.throttledOf = 1;
  const call = account.cloudFormation.send(new ListStackResourcesCommand({ StackName: 'Fleet' }));
  await expect(call).rejects.toMatchObject({ name: 'ThrottlingException' });
});
