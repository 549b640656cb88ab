import { paginateDescribeStacks } from '@aws-sdk/client-cloudformation';
import { useAccount } from '../../../support/use-account';

const account = useAccount({ forEachTest: true });

const thing = (ThingName: string) => ({ Type: 'AWS::IoT::Thing', Properties: { ThingName } });
const templateOf = (...names: string[]) =>
  JSON.stringify({
    Description: 'Things',
    Parameters: { Stage: { Type: 'String', Default: 'test' }, Key: { Type: 'String', Default: 'k', NoEcho: true } },
    Resources: Object.fromEntries(names.map((name) => [name, thing(name)])),
    Outputs: { First: { Value: { Ref: names[0] }, Description: 'The first', Export: { Name: 'first' } } },
  });

const create = (StackName: string, ...names: string[]) =>
  account.cloudFormation.createStack({ StackName, TemplateBody: templateOf(...names) });

test('A stack is created, described, updated and deleted', async () => {
  const { cloudFormation } = account;
  const tags = [{ Key: 'team', Value: 'cars' }];
  const body = templateOf('one');
  const { StackId } = await cloudFormation.createStack({
    StackName: 'Things',
    TemplateBody: body,
    Tags: tags,
    Parameters: [{ ParameterKey: 'Stage', ParameterValue: 'prod' }],
  });
  const { Stacks: [stack] = [] } = await cloudFormation.describeStacks({ StackName: 'Things' });
  expect(stack).toMatchObject({
    StackId,
    StackName: 'Things',
    Description: 'Things',
    StackStatus: 'CREATE_COMPLETE',
    Tags: tags,
    Parameters: [
      { ParameterKey: 'Stage', ParameterValue: 'prod' },
      { ParameterKey: 'Key', ParameterValue: '****' },
    ],
    Outputs: [{ OutputKey: 'First', OutputValue: 'one', Description: 'The first', ExportName: 'first' }],
  });
  expect(stack.CreationTime?.getTime()).toBeCloseTo(Date.now(), -4);
  expect((await cloudFormation.getTemplate({ StackName: 'Things' })).TemplateBody).toBe(body);
  await cloudFormation.updateStack({ StackName: 'Things', TemplateBody: templateOf('one', 'two') });
  expect(account.fixture.registry.hasThing('two')).toBe(true);
  await cloudFormation.deleteStack({ StackName: 'Things' });
  expect(account.fixture.registry.listThings()).toEqual([]);
  const { Stacks: deleted } = await cloudFormation.describeStacks({ StackName: StackId });
  expect(deleted).toMatchObject([{ StackStatus: 'DELETE_COMPLETE', DeletionTime: expect.any(Date) }]);
  await expect(cloudFormation.describeStacks({ StackName: 'Things' })).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'Stack with id Things does not exist',
  });
});

test('An update without tags keeps the stack’s tags, and an empty list of tags removes them', async () => {
  const { cloudFormation } = account;
  const tags = async () => (await cloudFormation.describeStacks({ StackName: 'Things' })).Stacks?.[0].Tags;
  const Tags = [{ Key: 'team', Value: 'cars' }];
  await cloudFormation.createStack({ StackName: 'Things', TemplateBody: bare('one'), Tags });
  await cloudFormation.updateStack({ StackName: 'Things', TemplateBody: bare('two') });
  expect(await tags()).toEqual(Tags);
  await cloudFormation.updateStack({ StackName: 'Things', UsePreviousTemplate: true, Tags: [] });
  expect(await tags()).toEqual([]);
});

test('Stacks are described without a name, in pages, and listed by their status', async () => {
  const { cloudFormation: client, controlPlane } = account;
  for (const name of ['One', 'Two', 'Three']) await client.createStack({ StackName: name, TemplateBody: bare(name) });
  await client.deleteStack({ StackName: 'Two' });
  controlPlane.faults.pageSize = 1;
  const pages: (string | undefined)[][] = [];
  for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {})) {
    pages.push(Stacks.map(({ StackName }) => StackName));
  }
  expect(pages).toEqual([['One'], ['Three']]);
  controlPlane.faults.pageSize = 250;
  const { StackSummaries: all = [] } = await client.listStacks({});
  expect(all.map(({ StackName }) => StackName)).toEqual(['One', 'Two', 'Three']);
  const { StackSummaries: deleted = [] } = await client.listStacks({ StackStatusFilter: ['DELETE_COMPLETE'] });
  expect(deleted.map(({ StackName }) => StackName)).toEqual(['Two']);
});

const bare = (name: string) => JSON.stringify({ Resources: { Thing: thing(name) } });

test('A stack’s resources and events are listed', async () => {
  const { cloudFormation } = account;
  await create('Things', 'one', 'two');
  const { StackResourceSummaries: listed = [] } = await cloudFormation.listStackResources({ StackName: 'Things' });
  expect(listed).toMatchObject([
    {
      LogicalResourceId: 'one',
      PhysicalResourceId: 'one',
      ResourceType: 'AWS::IoT::Thing',
      ResourceStatus: 'CREATE_COMPLETE',
    },
    { LogicalResourceId: 'two' },
  ]);
  expect(listed[0].LastUpdatedTimestamp?.getTime()).toBeCloseTo(Date.now(), -4);
  const { StackResources: byName } = await cloudFormation.describeStackResources({
    StackName: 'Things',
    LogicalResourceId: 'two',
  });
  const { StackResources: byId } = await cloudFormation.describeStackResources({ PhysicalResourceId: 'two' });
  expect(byName).toMatchObject([{ LogicalResourceId: 'two' }]);
  expect(byId?.map(({ LogicalResourceId }) => LogicalResourceId)).toEqual(['one', 'two']);
  const { StackResourceDetail } = await cloudFormation.describeStackResource({
    StackName: 'Things',
    LogicalResourceId: 'one',
  });
  expect(StackResourceDetail).toMatchObject({ PhysicalResourceId: 'one', StackName: 'Things' });
  const { StackEvents: events = [] } = await cloudFormation.describeStackEvents({ StackName: 'Things' });
  expect(events[0]).toMatchObject({ ResourceType: 'AWS::CloudFormation::Stack', ResourceStatus: 'CREATE_COMPLETE' });
  expect(new Set(events.map(({ EventId }) => EventId)).size).toBe(events.length);
});

test('Exports and their importers are listed', async () => {
  const { cloudFormation } = account;
  await create('Exporter', 'one');
  const Resources = {
    Thing: {
      Type: 'AWS::IoT::Thing',
      Properties: { ThingName: { 'Fn::Sub': ['$' + '{x}-2', { x: { 'Fn::ImportValue': 'first' } }] } },
    },
  };
  await cloudFormation.createStack({ StackName: 'Importer', TemplateBody: JSON.stringify({ Resources }) });
  expect((await cloudFormation.listExports({})).Exports).toMatchObject([{ Name: 'first', Value: 'one' }]);
  expect((await cloudFormation.listImports({ ExportName: 'first' })).Imports).toEqual(['Importer']);
  await expect(cloudFormation.listImports({ ExportName: 'x' })).rejects.toThrow(
    "Export 'x' is not imported by any stack.",
  );
  await cloudFormation.deleteStack({ StackName: 'Exporter' });
  const { Stacks } = await cloudFormation.describeStacks({ StackName: 'Exporter' });
  expect(Stacks).toMatchObject([
    { StackStatus: 'CREATE_COMPLETE', StackStatusReason: expect.stringContaining('in use by Importer') },
  ]);
});

test('A failed stack says why, keeps nothing, and can be deleted', async () => {
  const { cloudFormation } = account;
  const TemplateBody = JSON.stringify({
    Resources: { Bad: { Type: 'AWS::IoT::Thing', Properties: { ThingName: 'bad.name' } } },
  });
  await cloudFormation.createStack({ StackName: 'Things', TemplateBody });
  const { Stacks } = await cloudFormation.describeStacks({ StackName: 'Things' });
  expect(Stacks).toMatchObject([{ StackStatus: 'ROLLBACK_COMPLETE' }]);
  const { StackEvents: events = [] } = await cloudFormation.describeStackEvents({ StackName: 'Things' });
  expect(events).toContainEqual(
    expect.objectContaining({
      ResourceStatus: 'CREATE_FAILED',
      ResourceStatusReason: expect.stringContaining('A thing name is'),
    }),
  );
  expect(account.fixture.registry.listThings()).toEqual([]);
  await cloudFormation.deleteStack({ StackName: 'Things' });
});

test('A protected stack is not deleted', async () => {
  const { cloudFormation } = account;
  await cloudFormation.createStack({
    StackName: 'Things',
    TemplateBody: bare('one'),
    EnableTerminationProtection: true,
  });
  await expect(cloudFormation.deleteStack({ StackName: 'Things' })).rejects.toThrow('TerminationProtection is enabled');
  await cloudFormation.updateTerminationProtection({ StackName: 'Things', EnableTerminationProtection: false });
  await cloudFormation.deleteStack({ StackName: 'Things' });
});

test('A stack that is not there can be deleted', async () => {
  await account.cloudFormation.deleteStack({ StackName: 'nobody' });
});

test('A template is validated without a stack', async () => {
  const { Parameters, Description } = await account.cloudFormation.validateTemplate({
    TemplateBody: templateOf('one'),
  });
  expect(Description).toBe('Things');
  expect(Parameters).toMatchObject([
    { ParameterKey: 'Stage', DefaultValue: 'test' },
    { ParameterKey: 'Key', NoEcho: true },
  ]);
});

describe('Bad input', () => {
  beforeEach(() => create('Taken', 'taken'));

  test.each<[string, object, string]>([
    ['a name that is taken', { StackName: 'Taken', TemplateBody: bare('one') }, 'Stack [Taken] already exists'],
    ['a name that is none', { StackName: '1', TemplateBody: bare('one') }, "Value '1' at 'stackName'"],
    ['no template', { StackName: 'New' }, 'Either Template URL or Template Body must be specified.'],
    ['a template in a bucket', { StackName: 'New', TemplateURL: 'https://x' }, 'does not have TemplateURL'],
    [
      'a template that is too large',
      { StackName: 'New', TemplateBody: bare('x'.repeat(51_200)) },
      'less than or equal to 51200',
    ],
    [
      'a text that is not a template',
      { StackName: 'New', TemplateBody: 'text' },
      'A template is a JSON object with "Resources"',
    ],
    ['broken JSON', { StackName: 'New', TemplateBody: '{' }, 'JSON not well-formed'],
    [
      'an unknown parameter',
      { StackName: 'New', TemplateBody: bare('one'), Parameters: [{ ParameterKey: 'X', ParameterValue: '1' }] },
      'Parameters: [X] do not exist in the template',
    ],
    [
      'a transform',
      { StackName: 'New', TemplateBody: JSON.stringify({ Transform: 'x', Resources: {} }) },
      'The template has Transform',
    ],
    [
      'an option that IoT Core Local does not have',
      { StackName: 'New', TemplateBody: bare('one'), TimeoutInMinutes: 1 },
      'does not have TimeoutInMinutes',
    ],
  ])('A stack with %s is refused, and nothing is created', async (_, input, message) => {
    await expect(account.cloudFormation.createStack(input as never)).rejects.toMatchObject({
      name: expect.stringMatching(/^(ValidationError|AlreadyExistsException)$/),
      message: expect.stringContaining(message),
    });
    expect((await account.cloudFormation.listStacks({})).StackSummaries).toHaveLength(1);
    expect(account.fixture.registry.listThings()).toHaveLength(1);
  });

  test('A name that is taken has an error of its own', async () => {
    const call = account.cloudFormation.createStack({ StackName: 'Taken', TemplateBody: bare('one') });
    await expect(call).rejects.toMatchObject({ name: 'AlreadyExistsException' });
  });

  test('An update of a stack that is not there is refused', async () => {
    const call = account.cloudFormation.updateStack({ StackName: 'New', TemplateBody: bare('one') });
    await expect(call).rejects.toThrow('Stack [New] does not exist');
  });

  test('An update without a change is refused', async () => {
    const call = account.cloudFormation.updateStack({ StackName: 'Taken', UsePreviousTemplate: true });
    await expect(call).rejects.toThrow('No updates are to be performed.');
  });
});

test('A template is summarized, from the request or from a stack', async () => {
  const { cloudFormation } = account;
  await create('Things', 'one');
  const summary = {
    ResourceTypes: ['AWS::IoT::Thing'],
    Parameters: [{ ParameterKey: 'Stage', ParameterType: 'String' }, {}],
  };
  expect(await cloudFormation.getTemplateSummary({ TemplateBody: templateOf('one', 'two') })).toMatchObject(summary);
  expect(await cloudFormation.getTemplateSummary({ StackName: 'Things' })).toMatchObject(summary);
});
