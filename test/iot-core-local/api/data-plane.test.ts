import {
  DeleteConnectionCommand,
  GetConnectionCommand,
  GetRetainedMessageCommand,
  InvalidRequestException,
  ListSubscriptionsCommand,
  PublishCommand,
  RequestEntityTooLargeException,
  ResourceNotFoundException,
} from '@aws-sdk/client-iot-data-plane';
import type { IClientOptions, MqttClient } from 'mqtt';
import { type Refusal, refusalOf } from '../../support/clients';
import { useAccount } from '../../support/use-account';
import { useDevice } from '../../support/use-iot-core';

const account = useAccount();
const car = useDevice(account.fixture, 'car1');

const persistent: IClientOptions = { clean: false, properties: { sessionExpiryInterval: 600 } };
const connect = (clientId: string, options: IClientOptions = {}) =>
  account.fixture.connect(car, 5, { clientId, ...options });
const payload = (text: string) => new TextEncoder().encode(text);

async function disconnect(client: MqttClient): Promise<void> {
  const { clientId } = client.options as { clientId: string };
  await client.endAsync();
  // The socket is closed on this side before IoT Core Local hears of it.
  while ((await connectionOf(clientId)).connected) await new Promise(setImmediate);
}

function event(client: MqttClient, name: 'close' | 'disconnect'): Promise<unknown> {
  return new Promise((resolve) => client.once(name, resolve));
}

function connectionOf(clientId: string) {
  return account.iotData.send(new GetConnectionCommand({ clientId }));
}

async function subscriptionsOf(clientId: string) {
  return (await account.iotData.send(new ListSubscriptionsCommand({ clientId }))).subscriptions;
}

function remove(clientId: string, options: { cleanSession?: boolean; preventWillMessage?: boolean } = {}) {
  return account.iotData.send(new DeleteConnectionCommand({ clientId, ...options }));
}

describe('publishing by the API', () => {
  test('A message reaches plain subscribers and groups, at the lower of both QoS', async () => {
    const client = await connect('listener');
    await client.subscribeAsync({ 'a/b': { qos: 1 }, '$share/g/a/b': { qos: 0 } });
    const received: [string, string, number, boolean][] = [];
    const both = new Promise<void>((resolve) =>
      client.on('message', (topic, content, { qos, retain }) => {
        received.push([topic, content.toString(), qos, retain]);
        if (received.length === 2) resolve();
      }),
    );
    await account.iotData.send(new PublishCommand({ topic: 'a/b', qos: 1, payload: payload('ö') }));
    await both;
    expect(received.sort()).toEqual([
      ['a/b', 'ö', 0, false],
      ['a/b', 'ö', 1, false],
    ]);
  });

  test('A message with retain is retained until an empty one clears it', async () => {
    const { iotData } = account;
    const topic = 'kept/until';
    await iotData.send(new PublishCommand({ topic, qos: 1, retain: true, payload: payload('x') }));
    const { payload: kept, qos, lastModifiedTime } = await iotData.send(new GetRetainedMessageCommand({ topic }));
    expect([Buffer.from(kept!).toString(), qos]).toEqual(['x', 1]);
    expect(lastModifiedTime).toBeCloseTo(Date.now(), -4);
    await iotData.send(new PublishCommand({ topic, payload: payload('not retained') }));
    expect((await iotData.send(new GetRetainedMessageCommand({ topic }))).payload).toEqual(kept);
    await iotData.send(new PublishCommand({ topic, retain: true, payload: new Uint8Array() }));
    await expect(iotData.send(new GetRetainedMessageCommand({ topic }))).rejects.toThrow(ResourceNotFoundException);
  });

  test('The payload of a retained message is told without the properties that a client gave it', async () => {
    const client = await connect('retainer');
    const properties = { contentType: 'text/plain', userProperties: { unit: 'km/h' } };
    await client.publishAsync('kept/properties', '75', { qos: 1, retain: true, properties });
    const { payload: kept } = await account.iotData.send(new GetRetainedMessageCommand({ topic: 'kept/properties' }));
    expect(Buffer.from(kept!).toString()).toBe('75');
  });
});

test('The log names a reserved topic that the API publishes to and that no service has here', async () => {
  await account.iotData.send(new PublishCommand({ topic: '$aws/rules/myRule/cars', payload: payload('x') }));
  expect(account.fixture.log.at(-1)).toEqual({
    level: 'warn',
    message:
      'The API published to "$aws/rules/myRule/cars", which on AWS belongs to rules (Basic Ingest); IoT Core Local has no such service.',
  });
});

test('The log says nothing of a message to a reserved topic that the API refuses', async () => {
  const { length } = account.fixture.log;
  const topic = '$aws/rules/myRule/cars';
  await expect(account.iotData.send(new PublishCommand({ topic, qos: 2 }))).rejects.toThrow(
    'AWS IoT Core publishes at QoS 0 or 1, not 2.',
  );
  expect(account.fixture.log.slice(length)).toEqual([]);
});

describe('GetConnection and ListSubscriptions', () => {
  test('GetConnection says whether a client is connected, and since when', async () => {
    const start = Date.now();
    const client = await connect('here', { keepalive: 60 });
    const here = await connectionOf('here');
    expect(here).toMatchObject({
      clientId: 'here',
      connected: true,
      cleanSession: true,
      keepAliveDuration: 60,
      sessionExpiry: 0,
    });
    expect(here.connectedSince).toBeGreaterThanOrEqual(start);
    expect(here.disconnectedSince).toBeUndefined();
    await disconnect(client);
    const gone = await connectionOf('here');
    expect(gone).toMatchObject({ connected: false, cleanSession: true });
    expect(gone.connectedSince).toBeUndefined();
    expect(gone.disconnectedSince).toBeGreaterThanOrEqual(here.connectedSince!);
    expect(await subscriptionsOf('here')).toEqual([]);
  });

  test.each([
    ['car1', 'car1'],
    ['another-id', undefined],
  ])('A client with the id %s has the thing name %s', async (clientId, thingName) => {
    await connect(clientId);
    expect((await connectionOf(clientId)).thingName).toBe(thingName);
  });

  test('Of two connections under one client id, GetConnection describes the newer one', async () => {
    const first = await connect('twice');
    const closed = event(first, 'close');
    await connect('twice', persistent);
    await closed;
    expect(await connectionOf('twice')).toMatchObject({ connected: true, cleanSession: false, sessionExpiry: 600 });
  });

  test('A disconnected client with a session keeps its subscriptions, shared ones too', async () => {
    const client = await connect('away', persistent);
    await client.subscribeAsync({ 'cars/data': { qos: 0 }, '$share/group2/cars/data': { qos: 1 } });
    await disconnect(client);
    expect(await connectionOf('away')).toMatchObject({ connected: false, cleanSession: false, sessionExpiry: 600 });
    expect(await subscriptionsOf('away')).toEqual([
      { topicFilter: 'cars/data', qos: 0 },
      { topicFilter: '$share/group2/cars/data', qos: 1 },
    ]);
  });
});

describe('DeleteConnection', () => {
  test.each([
    ['drops', true, []],
    ['keeps', false, [{ topicFilter: 'x', qos: 1 }]],
    ['keeps', undefined, [{ topicFilter: 'x', qos: 1 }]],
  ])(
    'DeleteConnection closes the connection and %s the session if cleanSession is %s',
    async (_fact, cleanSession, subscriptions) => {
      const clientId = `deleted-${cleanSession}`;
      const client = await connect(clientId, persistent);
      await client.subscribeAsync('x', { qos: 1 });
      const closed = event(client, 'close');
      const told = event(client, 'disconnect');
      await remove(clientId, { cleanSession });
      await closed;
      expect(await told).toMatchObject({ reasonCode: 0x98 });
      expect((await connectionOf(clientId)).connected).toBe(false);
      expect(await subscriptionsOf(clientId)).toEqual(subscriptions);
    },
  );

  test('DeleteConnection drops the session of a client that is not connected', async () => {
    const client = await connect('asleep', persistent);
    await client.subscribeAsync('x');
    await disconnect(client);
    await remove('asleep', { cleanSession: true });
    expect(await subscriptionsOf('asleep')).toEqual([]);
    await expect(remove('asleep', { cleanSession: true })).rejects.toThrow(ResourceNotFoundException);
  });

  test.each([
    ['not sent', true, ['after']],
    ['sent', false, ['will', 'after']],
    ['sent', undefined, ['will', 'after']],
  ])('After DeleteConnection a will is %s if preventWillMessage is %s', async (_fact, preventWillMessage, messages) => {
    const clientId = `will-${preventWillMessage}`;
    const topic = `wills/${clientId}`;
    const listener = await connect(`listener-${clientId}`);
    await listener.subscribeAsync(topic);
    const heard: string[] = [];
    const done = new Promise<void>((resolve) =>
      listener.on('message', (_topic, content) => {
        heard.push(content.toString());
        if (heard.at(-1) === 'after') resolve();
      }),
    );
    await connect(clientId, { will: { topic, payload: Buffer.from('will'), qos: 0, retain: false } });
    await remove(clientId, { preventWillMessage });
    await account.iotData.send(new PublishCommand({ topic, payload: payload('after') }));
    await done;
    expect(heard).toEqual(messages);
  });
});

const send = (input: Partial<ConstructorParameters<typeof PublishCommand>[0]>) =>
  account.iotData.send(new PublishCommand({ topic: 'a', ...input }));
const unknown = 'No client "nobody" is connected or has left a session.';

test.each<Refusal>([
  ['describing an unknown client', () => connectionOf('nobody'), ResourceNotFoundException, unknown],
  [
    'listing the subscriptions of an unknown client',
    () => subscriptionsOf('nobody'),
    ResourceNotFoundException,
    unknown,
  ],
  ['disconnecting an unknown client', () => remove('nobody'), ResourceNotFoundException, unknown],
  [
    'reading a retained message that does not exist',
    () => account.iotData.send(new GetRetainedMessageCommand({ topic: 'a/ä' })),
    ResourceNotFoundException,
    'No message is retained on "a/ä".',
  ],
  ['publishing at QoS 2', () => send({ qos: 2 }), InvalidRequestException, 'QoS 0 or 1, not 2'],
  ['publishing to a topic with a wildcard', () => send({ topic: 'a/#' }), InvalidRequestException, '"a/#" has one'],
  ['publishing to a reserved topic', () => send({ topic: '$SYS/x' }), InvalidRequestException, '"$SYS/x"'],
  [
    'publishing a retained message to a reserved topic',
    () => send({ topic: '$aws/rules/a/b', retain: true }),
    InvalidRequestException,
    'AWS retains no message',
  ],
  ['publishing to $share/…', () => send({ topic: '$share/g/t' }), InvalidRequestException, 'is for subscribing'],
  [
    'publishing to a topic with too many levels',
    () => send({ topic: 'a/b/c/d/e/f/g/h/i' }),
    InvalidRequestException,
    'a/b/c/d/e/f/g/h/i',
  ],
  [
    'publishing too large a payload',
    () => send({ payload: new Uint8Array(131_073) }),
    RequestEntityTooLargeException,
    '131073',
  ],
])('%s is refused', async (_fact, call, exception, says) => {
  const refusal = await refusalOf(call);
  expect(refusal).toBeInstanceOf(exception);
  expect(refusal.message).toMatch(says);
});

test.each([
  ['contentType', { contentType: 'text/plain' }],
  ['x-amz-mqtt5-correlation-data', { correlationData: 'eA==' }],
])('Publishing with %s is refused by name, and the property is not dropped silently', async (name, input) => {
  await expect(send(input)).rejects.toMatchObject({
    name: 'NotImplementedException',
    message: expect.stringContaining(name),
  });
});
