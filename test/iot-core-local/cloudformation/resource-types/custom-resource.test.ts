import type { LogEntry } from '../../../../lib/iot-core-local/log';
import { IotCoreFixture } from '../../../support/iot-core-fixture';
import { roleOf } from '../../../support/role-of';
import { useIotCore } from '../../../support/use-iot-core';

/** The beginning of each function's code: a function that answers. */
const prelude = `
  async function answer(event, Status, more) {
    const { StackId, RequestId, LogicalResourceId } = event;
    const body = JSON.stringify({ Status, StackId, RequestId, LogicalResourceId, PhysicalResourceId: 'physical', ...more });
    const { status } = await fetch(event.ResponseURL, { method: 'PUT', body: Buffer.from(body) });
    console.log(event.RequestType + ' was answered ' + Status + ': HTTP ' + status);
  }
`;

/** Creates a thing whose attributes record the function's input, and deletes the thing again. */
const thingMaker = `
  const { IoTClient, CreateThingCommand, DeleteThingCommand } = require('@aws-sdk/client-iot');
  exports.handler = async (event, context) => {
    const iot = new IoTClient();
    if (event.RequestType === 'Create') {
      const { ServiceToken, ...properties } = event.ResourceProperties;
      const told = { properties, physical: event.PhysicalResourceId, type: event.ResourceType, stack: event.StackId };
      const lives = context.getRemainingTimeInMillis();
      const attributes = { told: Buffer.from(JSON.stringify(told)).toString('base64url'), inTime: String(lives > 0 && lives <= 20000), of: process.env.OF };
      await iot.send(new CreateThingCommand({ thingName: 'made', attributePayload: { attributes } }));
      await answer(event, 'SUCCESS', { Data: { Thing: 'made' } });
    } else {
      if (event.PhysicalResourceId === 'physical') await iot.send(new DeleteThingCommand({ thingName: 'made' }));
      await answer(event, 'SUCCESS');
    }
  };
`;

function templateOf(code: string, settings: object = {}): object {
  return {
    Resources: {
      Role: roleOf([{ Effect: 'Allow', Action: 'iot:*', Resource: '*' }]),
      Bucket: {
        Type: 'AWS::S3::Bucket',
        Properties: { Of: { 'Fn::ImportValue': 'what is not resolved, for nobody asks' } },
      },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Timeout: 20,
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Code: { ZipFile: prelude + code },
          Environment: { Variables: { OF: 'the-template' } },
          ...settings,
        },
      },
      Custom: {
        Type: 'Custom::Thing',
        Properties: {
          ServiceToken: { 'Fn::GetAtt': ['Function', 'Arn'] },
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Count: 3,
          Flags: [true, { Deep: false }],
        },
      },
      After: {
        Type: 'AWS::IoT::Thing',
        Properties: { ThingName: { 'Fn::Join': ['-', [{ Ref: 'Custom' }, { 'Fn::GetAtt': ['Custom', 'Thing'] }]] } },
      },
    },
  };
}

const fixture = useIotCore({ forEachTest: true, apiPort: 0 });

const things = () => fixture.registry.listThings().map(({ thingName }) => thingName);

test('A function in the template creates a custom resource, and deletes it', async () => {
  const ignored = await fixture.iotCore.deploy(templateOf(thingMaker), 'Fleet');
  expect(ignored).toEqual(['Bucket']);
  // The resource After refers to the physical id and to the answer's data.
  expect(things()).toEqual(['made', 'physical-made']);
  const { told, ...attributes } = fixture.registry.describeThing('made').attributes;
  expect(attributes).toEqual({ inTime: 'true', of: 'the-template' });
  expect(JSON.parse(Buffer.from(told, 'base64url').toString())).toEqual({
    properties: {
      Role: expect.stringMatching(/^arn:aws:iam::123456789012:role\/Fleet-Role-[A-Z0-9]{12}$/),
      Count: '3',
      Flags: ['true', { Deep: 'false' }],
    },
    type: 'Custom::Thing',
    stack: expect.stringMatching(/^arn:aws:cloudformation:us-east-1:123456789012:stack\/Fleet\//),
  });
  await fixture.iotCore.destroy();
  expect(things()).toEqual([]);
});

test('The output of a function goes into the log', async () => {
  await fixture.iotCore.deploy(templateOf(thingMaker));
  expect(fixture.log).toContainEqual<LogEntry>({
    level: 'info',
    message: expect.stringMatching(/^local-Function-[A-Z0-9]{12}: Create was answered SUCCESS: HTTP 200$/),
  });
});

test('A failed creation is rolled back, including the custom resource that failed', async () => {
  const template = templateOf(`exports.handler = async (event) => {
    console.log(event.RequestType + ' ' + event.PhysicalResourceId);
    await answer(event, event.RequestType === 'Create' ? 'FAILED' : 'SUCCESS', { Reason: 'No room.', PhysicalResourceId: 'half' });
  };`);
  await expect(fixture.iotCore.deploy(template)).rejects.toMatchObject({
    name: 'TemplateError',
    message: 'Custom (Custom::Thing) could not be created: No room.',
  });
  expect(fixture.logText).toMatch('Delete half');
  expect(things()).toEqual([]);
});

test('A failed deletion leaves the custom resource and its dependencies, and can be repeated', async () => {
  const template = templateOf(`exports.handler = async (event) => {
    const headers = { authorization: 'a' };
    const { ok } = await fetch(process.env.AWS_ENDPOINT_URL + '/things/blocker', { headers });
    const more = { Reason: 'Something is in the way.', Data: { Thing: '1' } };
    await answer(event, ok ? 'FAILED' : 'SUCCESS', more);
  };`);
  await fixture.iotCore.deploy(template);
  fixture.registry.createThing('blocker');
  await expect(fixture.iotCore.destroy()).rejects.toThrow(
    'Custom (Custom::Thing) could not be deleted: Something is in the way.',
  );
  fixture.registry.deleteThing('blocker');
  await fixture.iotCore.destroy();
  await fixture.iotCore.deploy(template);
});

test.each([
  ['does not answer', 'exports.handler = async () => {};', 'Its function ended without an answer.'],
  ['throws', 'exports.handler = async () => { throw new Error("Oh dear"); };', /It failed: .*Oh dear/s],
  ['has no such handler', 'exports.other = async () => {};', /It failed: .*not a function/s],
  ['is not JavaScript', 'exports.handler = (;', /It failed: .*SyntaxError/s],
  ['ends itself', 'exports.handler = async () => process.exit(7);', 'It failed: exit code 7'],
  [
    'answers under another request id',
    'exports.handler = (event) => answer({ ...event, RequestId: "1" }, "SUCCESS");',
    'has another RequestId',
  ],
  [
    'answers without an id',
    'exports.handler = (event) => answer(event, "SUCCESS", { PhysicalResourceId: "" });',
    'has no PhysicalResourceId',
  ],
  [
    'does not answer with JSON',
    'exports.handler = (event) => fetch(event.ResponseURL, { method: "PUT", body: Buffer.from("OK") });',
    'not valid JSON',
  ],
  [
    'answers with a content type',
    'exports.handler = (event) => fetch(event.ResponseURL, { method: "PUT", body: "{}" });',
    'without an answer',
  ],
  ['fails without a reason', 'exports.handler = (event) => answer(event, "FAILED");', 'FAILED without a reason'],
])('A custom resource fails if its function %s', async (_fact, code, reason) => {
  const deployment = fixture.iotCore.deploy(templateOf(code));
  await expect(deployment).rejects.toThrow(reason);
  await expect(deployment).rejects.toThrow(/^Custom \(Custom::Thing\) could not be created: /);
});

test('A function is killed when its timeout has passed', async () => {
  const template = templateOf('exports.handler = () => new Promise(() => setInterval(() => {}, 1000));', {
    Timeout: 1,
  });
  await expect(fixture.iotCore.deploy(template)).rejects.toThrow('It timed out after 1 seconds.');
});

test.each([
  ['is in a bucket', { Code: { S3Bucket: 'b', S3Key: 'k' } }],
  ['is not JavaScript', { Runtime: 'python3.14' }],
])('A custom resource fails if its function’s code %s', async (_fact, settings) => {
  await expect(fixture.iotCore.deploy(templateOf('', settings))).rejects.toThrow(
    /^Custom \(Custom::Thing\) could not be created: "arn:aws:lambda:us-east-1:123456789012:function:local-Function-\w{12}" is not a function with inline Node\.js code\.$/,
  );
});

test('No function runs if IoT Core Local serves no API', async () => {
  const other = await IotCoreFixture.start();
  await expect(other.iotCore.deploy(templateOf(thingMaker))).rejects.toThrow('set apiPort');
  await other.stop();
});

test('A function does not see this process’s environment', async () => {
  const template = templateOf(`exports.handler = async (event) => {
    console.log(Object.keys(process.env).sort().join());
    await answer(event, 'SUCCESS', { Data: { Thing: '1' } });
  };`);
  await fixture.iotCore.deploy(template);
  expect(fixture.logText).toMatch(
    'AWS_ACCESS_KEY_ID,AWS_CONFIG_FILE,AWS_ENDPOINT_URL,AWS_LAMBDA_FUNCTION_NAME,AWS_REGION,AWS_SECRET_ACCESS_KEY,AWS_SESSION_TOKEN,AWS_SHARED_CREDENTIALS_FILE,NODE_NO_WARNINGS,OF',
  );
});

describe('Updates', () => {
  /** Records the requests, and answers as the property Answer says. */
  const recorder = `
    exports.handler = async (event) => {
      const { RequestType, PhysicalResourceId, ResourceProperties, OldResourceProperties } = event;
      const { Answer = 'SUCCESS', Id, Count } = ResourceProperties;
      console.log('REQUEST ' + JSON.stringify([RequestType, PhysicalResourceId, OldResourceProperties && OldResourceProperties.Count, Count]));
      const isRefused = RequestType === 'Update' && Answer !== 'SUCCESS';
      await answer(event, isRefused ? 'FAILED' : 'SUCCESS', { Reason: Answer, PhysicalResourceId: Id, Data: { Thing: Count } });
    };`;

  const templateWith = (properties: object, settings: object = {}) => {
    const template = templateOf(recorder, settings) as { Resources: Record<string, { Properties: object }> };
    const { Custom } = template.Resources;
    Custom.Properties = { ...Custom.Properties, ...properties };
    return template;
  };

  /** The requests that the function got: type, physical id, old count and new count. */
  const requests = () =>
    fixture.log.flatMap(({ message }) => {
      const [, json] = /: REQUEST (.*)$/.exec(message) ?? [];
      return json === undefined ? [] : [JSON.parse(json)];
    });

  test('An update of a custom resource gives its function the old properties, and what refers to it follows', async () => {
    await fixture.iotCore.deploy(templateWith({ Id: 'one', Count: 1 }), 'Fleet');
    await fixture.iotCore.deploy(templateWith({ Id: 'one', Count: 2 }), 'Fleet');
    expect(requests()).toEqual([
      ['Create', null, null, '1'],
      ['Update', 'one', '1', '2'],
    ]);
    expect(things()).toEqual(['one-2']);
  });

  test('An update of a custom resource that answers with another physical id has the old one deleted', async () => {
    await fixture.iotCore.deploy(templateWith({ Id: 'one', Count: 1 }), 'Fleet');
    await fixture.iotCore.deploy(templateWith({ Id: 'two', Count: 1 }), 'Fleet');
    expect(requests().slice(1)).toEqual([
      ['Update', 'one', '1', '1'],
      ['Delete', 'one', null, '1'],
    ]);
    expect(things()).toEqual(['two-1']);
  });

  test('An update of a custom resource that fails is undone by another update', async () => {
    await fixture.iotCore.deploy(templateWith({ Id: 'one', Count: 1 }), 'Fleet');
    const update = fixture.iotCore.deploy(templateWith({ Id: 'one', Count: 2, Answer: 'No room.' }), 'Fleet');
    await expect(update).rejects.toThrow('Custom (Custom::Thing) could not be updated: No room.');
    expect(requests().slice(1)).toEqual([
      ['Update', 'one', '1', '2'],
      ['Update', 'one', '2', '1'],
    ]);
    expect(things()).toEqual(['one-1']);
  });

  test('An update of a custom resource cannot change the function', async () => {
    await fixture.iotCore.deploy(templateWith({ Id: 'one', Count: 1 }, { FunctionName: 'a' }), 'Fleet');
    const update = fixture.iotCore.deploy(templateWith({ Id: 'one', Count: 1 }, { FunctionName: 'b' }), 'Fleet');
    await expect(update).rejects.toThrow('Modifying service token is not allowed.');
    expect(requests()).toHaveLength(1);
  });
});

test('A custom resource fails when its ServiceTimeout has passed, though its function could go on', async () => {
  const template = templateOf('exports.handler = () => new Promise(() => setInterval(() => {}, 1000));') as {
    Resources: { Custom: { Properties: { ServiceTimeout?: number } } };
  };
  template.Resources.Custom.Properties.ServiceTimeout = 1;
  await expect(fixture.iotCore.deploy(template)).rejects.toThrow(
    'CloudFormation did not receive a response from your Custom Resource.',
  );
});

test('A stop ends the functions that are running', async () => {
  const template = templateOf('exports.handler = () => new Promise(() => setInterval(() => {}, 1000));');
  const other = await IotCoreFixture.start({ apiPort: 0 });
  const deployment = other.iotCore.deploy(template);
  const failure = deployment.catch(({ message }: Error) => message);
  await other.stop();
  expect(await failure).toMatch(/^Custom /);
});
