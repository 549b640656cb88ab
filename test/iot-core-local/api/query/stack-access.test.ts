import { useAccount } from '../../../support/use-account';

const arn = 'arn:aws:cloudformation:us-east-1:123456789012:stack';
const Action = ['cloudformation:DescribeStacks', 'cloudformation:DescribeChangeSet'];

/** An account whose user may read stacks like these. */
const accountFor = (Resource: string, ...denied: string[]) => {
  const denials = denied.map((denial) => ({ Effect: 'Deny', Action, Resource: denial }));
  const Statement = [{ Effect: 'Allow', Action, Resource }, ...denials];
  return useAccount({ userPolicy: { Version: '2012-10-17', Statement } });
};

const byName = accountFor(`${arn}/Fleet*/*`);
const byId = accountFor(`${arn}/Fleet/????????-????-????-????-????????????`);
const notById = accountFor(`${arn}/Fleet/*`, `${arn}/Fleet/????????-*`);
const template = { Resources: { Thing: { Type: 'AWS::IoT::Thing' } } };

beforeAll(async () => {
  for (const { fixture } of [byName, byId, notById]) await fixture.iotCore.deploy(template, 'Fleet');
});

async function idIn({ cloudFormation }: typeof byName): Promise<string> {
  const { Stacks } = await cloudFormation.describeStacks({ StackName: 'Fleet' });
  return Stacks![0].StackId!;
}

test('A stack that exists is authorized under its id and under its name', async () => {
  const id = await idIn(byName);
  expect((await byName.cloudFormation.describeStacks({ StackName: id })).Stacks).toHaveLength(1);
  await expect(byId.cloudFormation.describeStacks({ StackName: 'Fleet' })).rejects.toThrow(
    `on resource: ${arn}/Fleet/* because`,
  );
});

test('A stack that exists is denied by its name if its id is denied', async () => {
  await expect(notById.cloudFormation.describeStacks({ StackName: 'Fleet' })).rejects.toThrow(
    /on resource: \S+:stack\/Fleet\/[-0-9a-f]{36} with an explicit deny/,
  );
});

test('A stack that does not exist is authorized under its name, before anybody learns that it does not exist', async () => {
  await expect(byName.cloudFormation.describeStacks({ StackName: 'Fleet2' })).rejects.toThrow('does not exist');
  await expect(byName.cloudFormation.describeStacks({ StackName: 'Other' })).rejects.toThrow(
    `on resource: ${arn}/Other/* because`,
  );
});

test('All stacks also need the right to list stacks', async () => {
  await expect(byName.cloudFormation.describeStacks({})).rejects.toThrow(
    `cloudformation:DescribeStacks on resource: ${arn}/*/*`,
  );
});

test('A change set that is named by its ARN is authorized on its stack', async () => {
  const ChangeSetName = 'arn:aws:cloudformation:us-east-1:123456789012:changeSet/changes/1';
  await expect(byName.cloudFormation.describeChangeSet({ ChangeSetName })).rejects.toThrow(
    `cloudformation:DescribeChangeSet on resource: ${ChangeSetName}`,
  );
});
