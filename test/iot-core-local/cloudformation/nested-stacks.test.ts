import { Cloud, type Resources } from './cloud';

let cloud: Cloud;

beforeEach(async () => {
  cloud = await Cloud.open();
});

const thing = (ThingName: unknown) => ({ Type: 'AWS::IoT::Thing', Properties: { ThingName } });

/** A stack whose nested stack has a thing of this name, and that has a thing of its own. */
function parent(name: string, inner: Resources = { Thing: thing({ Ref: 'Name' }) }) {
  const nested = {
    Parameters: { Name: { Type: 'String' } },
    Resources: inner,
    Outputs: { Name: { Value: { Ref: 'Name' } } },
  };
  return {
    Resources: {
      Nested: {
        Type: 'AWS::CloudFormation::Stack',
        Properties: {
          TemplateURL: { 'Fn::Cidr': [] },
          TemplateBody: JSON.stringify(nested),
          Parameters: { Name: name },
        },
      },
      Outer: thing({ 'Fn::Join': ['-', ['outer', { 'Fn::GetAtt': ['Nested', 'Outputs.Name'] }]] }),
    },
  };
}

const names = () => cloud.registry.listThings().map(({ thingName }) => thingName);

test('A nested stack gets parameters and gives outputs', async () => {
  expect((await cloud.deploy(parent('a'))).failures).toEqual([]);
  expect(names()).toEqual(['a', 'outer-a']);
  expect(cloud.cloudFormation.list().map(({ name }) => name)).toEqual([
    'Fleet',
    expect.stringMatching(/^Fleet-Nested-[A-Z0-9]{12}$/),
  ]);
});

test('A nested stack is updated with its parent', async () => {
  await cloud.deploy(parent('a'));
  expect((await cloud.deploy(parent('b'))).failures).toEqual([]);
  expect(names().sort()).toEqual(['b', 'outer-b']);
});

test('A nested stack is deleted with its parent', async () => {
  await cloud.deploy(parent('a'));
  expect(await cloud.destroy()).toEqual([]);
  expect(cloud.census()).toEqual([0, 0, 0]);
  expect(cloud.cloudFormation.list()).toEqual([]);
});

test('Nothing remains of a stack whose nested stack fails', async () => {
  const { failures } = await cloud.deploy(parent('a', { Thing: thing('a'), Twin: thing('a') }));
  expect(failures[0]).toMatch(
    /^Nested \(AWS::CloudFormation::Stack\) could not be created: .*Thing "a" already exists/,
  );
  expect(cloud.census()).toEqual([0, 0, 0]);
});

test.each([
  ['that is not there', {}, /template of a nested stack is a file of its own/],
  ['that is not JSON', { TemplateBody: '{' }, /could not be created: .*JSON not well-formed/],
  ['that has a key twice', { TemplateBody: '{"Resources": {}, "Resources": {}}' }, /the key "Resources" twice/],
])('A nested stack with a template %s is refused', async (_, Properties, message) => {
  const { failures } = await cloud.deploy({
    Resources: { Nested: { Type: 'AWS::CloudFormation::Stack', Properties } },
  });
  expect(failures[0]).toMatch(message);
});
