import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CreateThingCommand,
  DescribeEndpointCommand,
  DetachPolicyCommand,
  DetachThingPrincipalCommand,
  InvalidRequestException,
  IoTClient,
  ListJobsCommand,
  ListThingsCommand,
  paginateListAttachedPolicies,
  paginateListCertificates,
  paginateListPolicies,
  paginateListPrincipalThings,
  paginateListTargetsForPolicy,
  paginateListThingPrincipals,
  paginateListThings,
  ThrottlingException,
} from '@aws-sdk/client-iot';
import { paginateListSubscriptions } from '@aws-sdk/client-iot-data-plane';
import { configOf, openAccount, refusalOf } from '../../support/clients';
import { IotCoreFixture, type TestDevice } from '../../support/iot-core-fixture';
import { useAccount } from '../../support/use-account';
import { useDevice } from '../../support/use-iot-core';

const account = useAccount();
const devices = ['car1', 'car2', 'car3'].map((name) => useDevice(account.fixture, name));

const usual = { pageSize: 250, throttledOf: 0, detachmentDelay: 0 };
afterEach(() => Object.assign(account.controlPlane.faults, usual));

const arnOf = ({ certificate }: TestDevice) => certificate.certificateArn;

test('The AWS SDK finds IoT Core Local by AWS_ENDPOINT_URL alone', async () => {
  const { env } = process;
  process.env = {
    ...env,
    AWS_ENDPOINT_URL: account.controlPlane.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
  };
  const client = new IoTClient();
  try {
    expect((await client.send(new ListThingsCommand())).things).toHaveLength(3);
  } finally {
    client.destroy();
    process.env = env;
  }
});

test('DescribeEndpoint returns IoT Core Local’s host for iot:Data-ATS, with its port if that is not AWS’s', async () => {
  const { iot } = account;
  expect(await iot.send(new DescribeEndpointCommand({ endpointType: 'iot:Data-ATS' }))).toMatchObject({
    endpointAddress: `127.0.0.1:${account.fixture.iotCore.port}`,
  });
});

test.each<[what: string, endpointType: string | undefined, name: string, message: string]>([
  [
    'no type',
    undefined,
    'InvalidRequestException',
    'no iot:Data endpoint any more. Ask for endpointType "iot:Data-ATS"',
  ],
  ['iot:Data', 'iot:Data', 'InvalidRequestException', 'no iot:Data endpoint any more'],
  ['iot:Jobs', 'iot:Jobs', 'InvalidRequestException', 'no iot:Jobs endpoint any more'],
  ['iot:CredentialProvider', 'iot:CredentialProvider', 'NotImplementedException', 'not iot:CredentialProvider'],
])('DescribeEndpoint refuses %s', async (_, endpointType, name, message) => {
  const answer = account.iot.send(new DescribeEndpointCommand({ endpointType }));
  await expect(answer).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
});

describe('lists', () => {
  beforeAll(async () => {
    const { iot } = account;
    for (const device of devices.slice(1)) {
      await iot.send(new AttachPolicyCommand({ policyName: device.thingName, target: arnOf(devices[0]) }));
      await iot.send(new AttachPolicyCommand({ policyName: 'car1', target: arnOf(device) }));
      await iot.send(new AttachThingPrincipalCommand({ thingName: device.thingName, principal: arnOf(devices[0]) }));
      await iot.send(new AttachThingPrincipalCommand({ thingName: 'car1', principal: arnOf(device) }));
    }
    const client = await account.fixture.connect(devices[0], 5);
    for (const topic of ['car1', 'car2', 'car3']) await client.subscribeAsync(topic);
  });

  const names = ['car1', 'car2', 'car3'];
  const arns = () => devices.map(arnOf);
  const paging = () => ({ client: account.iot });

  test.each<[string, () => AsyncIterable<object>, (page: never) => (string | undefined)[] | undefined, () => string[]]>(
    [
      [
        'things',
        () => paginateListThings(paging(), {}),
        ({ things }: { things: { thingName: string }[] }) => things.map(({ thingName }) => thingName),
        () => names,
      ],
      [
        'certificates',
        () => paginateListCertificates(paging(), {}),
        ({ certificates }: { certificates: { certificateArn: string }[] }) =>
          certificates.map(({ certificateArn }) => certificateArn),
        arns,
      ],
      [
        'policies',
        () => paginateListPolicies(paging(), {}),
        ({ policies }: { policies: { policyName: string }[] }) => policies.map(({ policyName }) => policyName),
        () => names,
      ],
      [
        'a thing’s principals',
        () => paginateListThingPrincipals(paging(), { thingName: 'car1' }),
        ({ principals }: { principals: string[] }) => principals,
        arns,
      ],
      [
        'a principal’s things',
        () => paginateListPrincipalThings(paging(), { principal: arnOf(devices[0]) }),
        ({ things }: { things: string[] }) => things,
        () => names,
      ],
      [
        'a target’s policies',
        () => paginateListAttachedPolicies(paging(), { target: arnOf(devices[0]) }),
        ({ policies }: { policies: { policyName: string }[] }) => policies.map(({ policyName }) => policyName),
        () => names,
      ],
      [
        'a policy’s targets',
        () => paginateListTargetsForPolicy(paging(), { policyName: 'car1' }),
        ({ targets }: { targets: string[] }) => targets,
        arns,
      ],
      [
        'a client’s subscriptions',
        () => paginateListSubscriptions({ client: account.iotData }, { clientId: 'car1' }),
        ({ subscriptions }: { subscriptions: { topicFilter: string }[] }) =>
          subscriptions.map(({ topicFilter }) => topicFilter),
        () => names,
      ],
    ],
  )('A list of %s is complete and in order if it comes in pages', async (_list, paginate, entriesOf, expected) => {
    account.controlPlane.faults.pageSize = 2;
    const pages: (readonly (string | undefined)[] | undefined)[] = [];
    for await (const page of paginate()) pages.push(entriesOf(page as never));
    expect(pages).toEqual([expected().slice(0, 2), expected().slice(2)]);
  });
});

test('A caller can ask for smaller pages, but not for larger ones', async () => {
  const { iot, controlPlane } = account;
  expect((await iot.send(new ListThingsCommand({ maxResults: 1 }))).things).toHaveLength(1);
  controlPlane.faults.pageSize = 2;
  expect((await iot.send(new ListThingsCommand({ maxResults: 3 }))).things).toHaveLength(2);
});

test.each([
  ['maxResults', { maxResults: 0 }, '"0" is not a number of entries.'],
  ['maxResults', { maxResults: 251 }, 'A page has at most 250 entries, not 251.'],
  ['nextToken', { nextToken: 'x' }, 'is not a page token.'],
])('A bad %s is refused', async (_name, input, says) => {
  const refusal = await refusalOf(() => account.iot.send(new ListThingsCommand(input)));
  expect(refusal).toBeInstanceOf(InvalidRequestException);
  expect(refusal.message).toMatch(says);
});

describe('throttling', () => {
  test('Every third request is throttled if throttledOf is 3', async () => {
    account.controlPlane.faults.throttledOf = 3;
    const outcomes: unknown[] = [];
    for (let call = 0; call < 6; call += 1) {
      outcomes.push(
        await account.iot.send(new ListThingsCommand()).then(
          () => 'answered',
          (error) => error.constructor,
        ),
      );
    }
    expect(outcomes.filter((outcome) => outcome === ThrottlingException)).toHaveLength(2);
    expect(outcomes.indexOf(ThrottlingException) + 3).toBe(outcomes.lastIndexOf(ThrottlingException));
  });

  test('A throttled request has the status 400', async () => {
    account.controlPlane.faults.throttledOf = 1;
    await expect(account.iot.send(new ListThingsCommand())).rejects.toMatchObject({
      name: 'ThrottlingException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  test('The SDK repeats a throttled request', async () => {
    account.controlPlane.faults.throttledOf = 2;
    const client = new IoTClient(configOf(account.fixture));
    await client.send(new ListThingsCommand());
    await client.send(new ListThingsCommand());
    client.destroy();
  });
});

describe('detachments', () => {
  const thing = () => ({ thingName: 'car2', principal: arnOf(devices[1]) });
  const policy = () => ({ policyName: 'car2', target: arnOf(devices[1]) });

  test.each([
    [
      'a thing',
      () => new DetachThingPrincipalCommand(thing()),
      () =>
        account.fixture.registry.listThingPrincipals('car2').some(({ principal }) => principal === arnOf(devices[1])),
    ],
    [
      'a policy',
      () => new DetachPolicyCommand(policy()),
      () => account.fixture.registry.listTargetsForPolicy('car2').includes(arnOf(devices[1])),
    ],
  ])('%s is detached after as many further requests as detachmentDelay says', async (_what, command, isAttached) => {
    account.controlPlane.faults.detachmentDelay = 2;
    await account.iot.send(command() as DetachPolicyCommand);
    const seen: boolean[] = [];
    for (let call = 0; call < 3; call += 1) {
      await account.iot.send(new ListThingsCommand());
      seen.push(isAttached());
    }
    expect(seen).toEqual([true, true, false]);
  });

  test('A detachment does no harm if the thing was deleted in the meantime', async () => {
    const { registry } = account.fixture;
    account.controlPlane.faults.detachmentDelay = 1;
    await account.iot.send(new CreateThingCommand({ thingName: 'short-lived' }));
    await account.iot.send(new DetachThingPrincipalCommand({ thingName: 'short-lived', principal: arnOf(devices[0]) }));
    registry.deleteThing('short-lived');
    for (let call = 0; call < 2; call += 1) await account.iot.send(new ListThingsCommand());
  });
});

describe('requests', () => {
  const signed = { authorization: 'AWS4-HMAC-SHA256 Credential=a' };
  const request = (path: string, init: RequestInit) => fetch(`${account.controlPlane.url}${path}`, init);

  test('A request for an unknown operation is refused by name', async () => {
    await expect(account.iot.send(new ListJobsCommand())).rejects.toMatchObject({
      name: 'NotImplementedException',
      message: 'IoT Core Local has no GET /jobs.',
      $metadata: { httpStatusCode: 501 },
    });
  });

  test('A request with an unknown query parameter is refused by name', async () => {
    await expect(account.iot.send(new ListThingsCommand({ usePrefixAttributeValue: true }))).rejects.toMatchObject({
      name: 'NotImplementedException',
      message: 'IoT Core Local\'s GET /things does not take "usePrefixAttributeValue".',
    });
  });

  test('An unsigned request is refused', async () => {
    const response = await request('/things', {});
    expect(response.status).toBe(403);
    expect(response.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
  });

  test.each([
    ['evil.example', 403],
    ['127.0.0.1.evil.example:80', 403],
    ['localhost', 200],
    ['iot.localhost:8884', 200],
    ['[::1]:8884', 200],
  ])(
    'A request for the host %s is answered with status %i, so that no page in a browser reaches the API',
    async (host, status) => {
      const { port } = account.controlPlane;
      const sent = get({ host: '127.0.0.1', port, path: '/things', headers: { ...signed, host } });
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      response.resume();
      expect(response.statusCode).toBe(status);
    },
  );

  test.each([
    ['is not JSON', 'POST', '/policies/p', '{', 'not JSON'],
    [
      'is nested too deeply',
      'POST',
      '/policies/p',
      '['.repeat(100_000) + ']'.repeat(100_000),
      'has more than 200 levels',
    ],
    ['is a text in JSON', 'POST', '/policies/p', '"x"', 'not a JSON object'],
    ['is null in JSON', 'POST', '/policies/p', 'null', 'not a JSON object'],
    ['is a list in JSON', 'POST', '/policies/p', '["x"]', 'not a JSON object'],
    ['lacks a required field', 'POST', '/policies/p', '{}', '"policyDocument" must be text; it is undefined.'],
    [
      'has a field of another type',
      'POST',
      '/policies/p',
      '{"policyDocument":{}}',
      '"policyDocument" must be text; it is {}.',
    ],
    [
      'has a key twice in its body',
      'POST',
      '/things/t',
      '{"attributePayload":{"attributes":{"a":"b","a":"c"}}}',
      'The body of the request has the key "a" twice in one object.',
    ],
    [
      'has a question mark in its query',
      'GET',
      '/things?maxResults=1?2',
      undefined,
      '"1?2" is not a number of entries',
    ],
    ['is empty', 'POST', '/certificates', '', 'not JSON'],
    [
      'has no principal in its headers',
      'PUT',
      '/things/car1/principals',
      '',
      '"x-amzn-principal" must be text; it is undefined.',
    ],
    [
      'has a path that is badly encoded',
      'DELETE',
      '/things/%C3',
      '',
      '"%C3" in the path is not percent-encoded UTF-8.',
    ],
  ])('A request that %s is an InvalidRequestException', async (_fact, method, path, body, says) => {
    expect(await refusalOfBad(method, path, body)).toContain(says);
  });

  test.each([
    ['POST', '/certificates?setAsActive=yes', '{"certificateSigningRequest":"x"}'],
    ['POST', '/keys-and-certificate?setAsActive=1', '{}'],
    ['DELETE', '/certificates/x?forceDelete=', ''],
    ['POST', '/policies/p/version?setAsDefault=TRUE', '{"policyDocument":"{}"}'],
    ['POST', '/topics/t?retain=1', 'x'],
    ['POST', '/attached-policies/x?recursive=1', ''],
    ['DELETE', '/connections/c?cleanSession=no', ''],
    ['DELETE', '/connections/c?preventWillMessage=0', ''],
  ])('The flag in %s %s is refused, because it is neither true nor false', async (method, path, body) => {
    const [name, value] = path.split('?')[1].split('=');
    expect(await refusalOfBad(method, path, body)).toBe(`"${name}" must be true or false; it is "${value}".`);
  });

  test('A parameter that a request has twice is refused, as it is not clear which one counts', async () => {
    const path = '/certificates/a?forceDelete=false&forceDelete=true';
    expect(await refusalOfBad('DELETE', path)).toBe('The request has the parameter "forceDelete" twice.');
  });

  test.each(['"x"', 'null', '{"attributes":["a"]}', '{"attributes":{"a":1}}', '{"merge":"yes"}', '{"attribute":{}}'])(
    'The attributes %s of a thing are refused, also in an update',
    async (payload) => {
      for (const method of ['POST', 'PATCH']) {
        expect(await refusalOfBad(method, '/things/car1', `{"attributePayload":${payload}}`)).toBe(
          `"attributePayload" has "attributes", each of them text, and "merge", true or false; it is ${payload}.`,
        );
      }
    },
  );

  /** The message of the InvalidRequestException with which a request is refused. */
  async function refusalOfBad(method: string, path: string, body?: string): Promise<string> {
    const response = await request(path, { method, headers: signed, body });
    const name = response.headers.get('x-amzn-errortype');
    expect([response.status, name]).toEqual([400, 'InvalidRequestException']);
    return ((await response.json()) as { message: string }).message;
  }

  test('The API keeps an idle connection without an end, so a client that keeps it too never meets the end of it', async () => {
    const { port } = account.controlPlane;
    const agent = new Agent({ keepAlive: true });
    const sent = get({ host: '127.0.0.1', port, path: '/things', headers: signed, agent });
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    // Node.js's server tells its time for idle connections here, if it has one.
    expect(response.headers).toMatchObject({ connection: 'keep-alive' });
    expect(response.headers).not.toHaveProperty('keep-alive');
    agent.destroy();
  });

  test('A request that is too large is refused', async () => {
    const response = await request('/policies/p', { method: 'POST', headers: signed, body: 'x'.repeat(5_000_000) });
    expect(response.status).toBe(413);
  });

  test('A request that its client breaks off is not logged as a failure', async () => {
    const socket = connect(account.controlPlane.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('POST /policies/p HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{');
    socket.destroy();
    await account.iot.send(new ListThingsCommand());
    expect(account.fixture.logText).not.toContain('failed');
  });

  test('A request that makes IoT Core Local fail is answered, and the failure is logged', async () => {
    const listing = jest.spyOn(account.fixture.registry, 'listThings').mockImplementation(() => {
      throw new TypeError('x is not a function');
    });
    const call = account.iot.send(new ListThingsCommand());
    await expect(call).rejects.toMatchObject({
      name: 'InternalFailureException',
      message: 'IoT Core Local failed: x is not a function',
    });
    listing.mockRestore();
    expect(account.fixture.logText).toContain('error IoT Core Local failed: TypeError: x is not a function');
  });
});

test('IoT Core Local serves no API without an API port', async () => {
  const fixture = await IotCoreFixture.start();
  expect([fixture.iotCore.apiUrl, fixture.iotCore.controlPlane]).toEqual([undefined, undefined]);
  await fixture.stop();
});

test('A start names the port that is taken, and leaves nothing running', async () => {
  const { port } = account.controlPlane;
  const start = IotCoreFixture.start({ apiPort: port });
  await expect(start).rejects.toMatchObject({
    name: 'PortError',
    message: `Port ${port} of 127.0.0.1 cannot be opened: something listens on it already. Choose another with --api-port, or 0 for a free one.`,
  });
});

test('A stop closes the API and the connections that clients keep alive', async () => {
  const other = await openAccount();
  await other.iot.send(new ListThingsCommand());
  await other.fixture.stop();
  await expect(fetch(other.controlPlane.url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  await other.close();
});
