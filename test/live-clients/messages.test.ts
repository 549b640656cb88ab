import type { MqttClient } from 'mqtt';
import type { Packet } from 'mqtt-packet';
import { event } from '../support/iot-core-fixture';
import type { RawClient, Version } from '../support/raw-client';
import { useDevice, useIotCore } from '../support/use-iot-core';
import { versions } from '../support/versions';

const fixture = useIotCore();
const device = useDevice(fixture, 'car1');
const connectOnly = useDevice(fixture, 'shadowless', ['iot:Connect client/*']);

/** A client under a name of its own, and the payloads that it receives. */
async function connect(clientId: string, version: Version) {
  const client = await fixture.connect(device, version, { clientId: `${clientId} ${version}` });
  const received: string[] = [];
  client.on('message', (_topic, payload) => received.push(String(payload)));
  return { client, received };
}

async function open(clientId: string, version: Version, fields: object = {}): Promise<RawClient> {
  const raw = await fixture.open(device.credentials, version);
  expect(await raw.connect({ clientId: `${clientId} ${version}`, ...fields })).toMatchObject({ cmd: 'connack' });
  return raw;
}

/** A round trip: all earlier messages for the client have arrived. */
const settle = (client: MqttClient) => client.unsubscribeAsync('nothing');

const publish = (fields: object): Packet =>
  ({ cmd: 'publish', topic: 't', payload: 'x', qos: 0, dup: false, retain: false, ...fields }) as Packet;

describe.each(versions)('under MQTT %s', (_, version) => {
  describe.each([0, 1] as const)('at QoS %i', (qos) => {
    test('Each message reaches one member of a group, and every plain subscriber', async () => {
      const members = [await connect('a', version), await connect('b', version)];
      const consumer = await connect('consumer', version);
      const publisher = await connect('publisher', version);
      for (const { client } of members) await client.subscribeAsync('$share/group2/cars/data', { qos });
      await consumer.client.subscribeAsync('cars/data', { qos });
      const payloads = Array.from({ length: 200 }, (_, index) => `${index}`.padStart(3, '0'));
      for (const payload of payloads) publisher.client.publish('cars/data', payload, { qos });
      while (consumer.received.length < payloads.length) await event(consumer.client, 'message');
      for (const { client } of [...members, consumer]) await settle(client);
      expect(consumer.received).toEqual(payloads);
      expect(members.flatMap(({ received }) => received).sort()).toEqual(payloads);
      expect(members.every(({ received }) => received.length > 0)).toBe(true);
    });
  });

  test('A QoS 1 message whose receiver goes before its PUBACK reaches another member', async () => {
    const [mute, other] = [await open('mute', version), await open('other', version)];
    const subscribe: Packet = { cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: '$share/g/t', qos: 1 }] };
    mute.send(subscribe);
    await mute.next();
    other.send(publish({ qos: 1, messageId: 9 }));
    expect(await other.next()).toMatchObject({ cmd: 'puback', messageId: 9 });
    expect(await mute.next()).toMatchObject({ cmd: 'publish', qos: 1 });
    other.send(subscribe);
    expect(await other.next()).toMatchObject({ cmd: 'suback' });
    mute.destroy();
    expect(await other.next()).toMatchObject({ cmd: 'publish', qos: 1, dup: false, payload: Buffer.from('x') });
  });

  test('A client’s second connection closes its first', async () => {
    const first = await open('twin', version);
    const second = await open('twin', version);
    const farewell = version === 5 ? [{ cmd: 'disconnect', reasonCode: 0x8e }] : [];
    expect(await first.rest()).toMatchObject(farewell);
    expect(await second.ping()).toEqual([]);
    expect(fixture.logText).toContain(
      `warn "twin ${version}" was disconnected: another connection has its client id.\n`,
    );
  });

  test('A persistent session keeps its subscriptions and messages while its client is away', async () => {
    const fields = version === 5 ? { clean: false, properties: { sessionExpiryInterval: 60 } } : { clean: false };
    const before = await open('faithful', version, fields);
    before.send({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: [
        { topic: 'kept', qos: 1 },
        { topic: '$share/g/kept', qos: 1 },
      ],
    });
    await before.next();
    before.destroy();
    const publisher = await connect('publisher', version);
    await publisher.client.publishAsync('kept', 'x', { qos: 1 });
    const after = await fixture.open(device.credentials, version);
    expect(await after.connect({ clientId: `faithful ${version}`, ...fields })).toMatchObject({ sessionPresent: true });
    // One as a plain subscriber, one as the only member of a group; both after CONNACK.
    expect([await after.next(), await after.next()]).toMatchObject([{ topic: 'kept' }, { topic: 'kept' }]);
  });

  test('A message is encoded for each receiver’s own version', async () => {
    const other = version === 4 ? 5 : 4;
    const [same, different] = [await connect('same', version), await connect('different', other)];
    for (const { client } of [same, different]) await client.subscribeAsync('mixed', { qos: 1 });
    const arrived = Promise.all([same, different].map(({ client }) => event(client, 'message')));
    const publisher = await connect('publisher', version);
    await publisher.client.publishAsync('mixed', 'x', { qos: 1, properties: { contentType: 'text/plain' } });
    const contentTypes = (await arrived).map(([, , packet]) => packet.properties?.contentType);
    expect(contentTypes).toEqual([version === 5 ? 'text/plain' : undefined, undefined]);
  });
});

test.each([
  ['nothing of an interval that is granted', 600, undefined],
  ['the cap of an hour', 100_000, 3600],
])('CONNACK has %s', async (_, sessionExpiryInterval, told) => {
  const raw = await fixture.open(device.credentials, 5);
  const connack = await raw.connect({ clientId: 'expiring', properties: { sessionExpiryInterval } });
  expect(connack).toHaveProperty('properties', expect.objectContaining({ receiveMaximum: 100 }));
  expect(connack.cmd === 'connack' && connack.properties?.sessionExpiryInterval).toBe(told);
});

describe('a topic alias', () => {
  test('A topic alias stands for its topic until it is set again', async () => {
    const raw = await open('alias', 5);
    raw.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: '#', qos: 0 }] });
    await raw.next();
    const aliased = (topic: string, topicAlias: number) => publish({ topic, properties: { topicAlias } });
    raw.send(aliased('a', 1), aliased('b', 8), aliased('', 1), aliased('', 8), aliased('c', 1), aliased('', 1));
    const packets = await raw.ping();
    expect(packets.map((packet) => packet.cmd === 'publish' && packet.topic)).toEqual(['a', 'b', 'a', 'b', 'c', 'c']);
    // The server sends none of its own, as the client did not allow any.
    expect(packets.map((packet) => packet.cmd === 'publish' && packet.properties?.topicAlias)).toEqual(
      Array(6).fill(undefined),
    );
  });

  test.each([
    ['above 8', publish({ properties: { topicAlias: 9 } }), 0x94],
    ['that stands for nothing yet', publish({ topic: '', properties: { topicAlias: 1 } }), 0x82],
  ])('A topic alias %s ends the connection', async (_, packet, reasonCode) => {
    const raw = await open('alias', 5);
    raw.send(packet);
    expect(await raw.rest()).toMatchObject([{ cmd: 'disconnect', reasonCode }]);
  });

  test('A topic alias does not outlive its connection', async () => {
    const fields = { clean: false, properties: { sessionExpiryInterval: 60 } };
    const before = await open('alias', 5, fields);
    before.send(publish({ properties: { topicAlias: 1 } }));
    await before.ping();
    before.destroy();
    const after = await open('alias', 5, fields);
    after.send(publish({ topic: '', properties: { topicAlias: 1 } }));
    expect(await after.rest()).toMatchObject([{ cmd: 'disconnect', reasonCode: 0x82 }]);
  });
});

describe('what AWS IoT Core does not take ends the connection:', () => {
  const subscribe = (topics: readonly string[], options: object = {}, properties?: object) =>
    ({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: topics.map((topic) => ({ topic, qos: 0, ...options })),
      ...(properties && { properties }),
    }) as Packet;
  const deep = 'a/b/c/d/e/f/g/h/i';

  test.each([
    ['a message of QoS 2', publish({ qos: 2, messageId: 1 }), 0x9b],
    ['a payload above 128 KB', publish({ payload: Buffer.alloc(131_073) }), 0x95],
    ['a packet above 146 KB', publish({ payload: Buffer.alloc(150_000) }), 0x95],
    ['a message to $share/…', publish({ topic: '$share/group2/cars/data' }), 0x90],
    ['a message to $foo/bar', publish({ topic: '$foo/bar' }), 0x90],
    ['a bridge’s notification', publish({ topic: '$SYS/broker/connection/a.b/state', retain: true }), 0x90],
    ['a retained message to $aws/…', publish({ topic: '$aws/things/a/shadow/update', retain: true }), 0x90],
    ['a subscription to $SYS/#', subscribe(['$SYS/#']), 0x8f],
    ['a shared subscription to $SYS/#', subscribe(['$share/g/$SYS/#']), 0x8f],
    ['a topic of 8 slashes', publish({ topic: deep }), 0x90],
    ['a topic of 257 bytes', publish({ topic: 'x'.repeat(257) }), 0x90],
    ['a subscription at QoS 2', subscribe(['t'], { qos: 2 }), 0x9b],
    ['a filter of 8 slashes', subscribe([deep]), 0x8f],
    ['a share name that is empty', subscribe(['$share//t']), 0x8f],
    ['9 filters in one SUBSCRIBE', subscribe(Array.from('abcdefghi')), 0x97],
    ['a PUBREC', { cmd: 'pubrec', messageId: 1 } as Packet, 0x82],
  ])('The connection is ended by %s', async (_, packet, reasonCode) => {
    for (const [, version] of versions) {
      const raw = await open('erring', version);
      raw.send(packet);
      expect(await raw.rest()).toMatchObject(version === 5 ? [{ cmd: 'disconnect', reasonCode }] : []);
    }
  });

  test.each([
    ['No Local on a shared subscription', subscribe(['$share/g/t'], { nl: true }), 0x82],
    ['a subscription identifier', subscribe(['t'], {}, { subscriptionIdentifier: 1 }), 0xa1],
    ['AUTH', Buffer.of(0xf0, 0), 0x82],
  ])('The connection is ended by %s', async (_, packet, reasonCode) => {
    const raw = await open('erring', 5);
    raw.send(packet);
    expect(await raw.rest()).toMatchObject([{ cmd: 'disconnect', reasonCode }]);
  });

  test('A 51st subscription is refused under 5', async () => {
    const filters = Array.from({ length: 56 }, (_, index) => `f${index}`);
    const granted: number[] = [];
    const raw = await open('greedy', 5);
    for (let start = 0; start < filters.length; start += 7) {
      raw.send(subscribe(filters.slice(start, start + 7)));
      const suback = await raw.next();
      if (suback.cmd === 'suback') granted.push(...(suback.granted as number[]));
    }
    expect(granted).toEqual([...Array(50).fill(0), ...Array(6).fill(0x97)]);
    // One that is there already may be renewed.
    raw.send(subscribe(['f0']));
    expect(await raw.next()).toMatchObject({ cmd: 'suback', granted: [0] });
  });

  test('A payload of 128 KB is taken', async () => {
    const raw = await open('large', 5);
    for (const properties of [undefined, { contentType: 'text/plain' }]) {
      raw.send(publish({ payload: Buffer.alloc(131_072), qos: 1, messageId: 1, properties }));
      expect(await raw.next()).toMatchObject({ cmd: 'puback', messageId: 1, reasonCode: 0 });
    }
  });
});

test.each(versions)(
  'A will to a $share/… topic or another reserved one is refused under MQTT %s',
  async (_, version) => {
    for (const topic of ['$share/group2/cars/data', '$SYS/broker/connection/a.b/state', '$foo']) {
      const raw = await fixture.open(device.credentials, version);
      const connack = await raw
        .connect({ clientId: 'mortal', will: { topic, payload: 'x', qos: 0, retain: false } })
        .catch(() => 'closed');
      if (version === 5) expect(connack).toMatchObject({ cmd: 'connack', reasonCode: 0x90 });
      else expect(connack).toBe('closed');
      await raw.closed;
    }
  },
);

test('A retained will to a reserved topic is refused, and any other will to it is not', async () => {
  for (const retain of [true, false]) {
    const raw = await fixture.open(device.credentials, 5);
    const will = { topic: '$aws/things/a/shadow/update', payload: 'x', qos: 0, retain } as const;
    expect(await raw.connect({ clientId: 'mortal', will })).toMatchObject({ reasonCode: retain ? 0x90 : 0 });
  }
});

test('A retained message to a reserved topic ends the connection, though others to it were taken', async () => {
  const raw = await open('retaining', 5);
  const topic = '$aws/things/retaining/shadow/get';
  raw.send(publish({ topic }));
  expect(await raw.ping()).toEqual([]);
  raw.send(publish({ topic, retain: true }));
  expect(await raw.rest()).toMatchObject([{ cmd: 'disconnect', reasonCode: 0x90 }]);
});

test('The log names a reserved topic that AWS serves and IoT Core Local does not, once for each topic', async () => {
  const raw = await open('shadowy', 5);
  const topic = '$aws/things/shadowy/shadow/update';
  raw.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: `${topic}/accepted`, qos: 0 }] });
  raw.send(publish({ topic }), publish({ topic: 't' }), publish({ topic }));
  await raw.next();
  expect(await raw.ping()).toEqual([]);
  const of =
    "belongs to things' shadows, jobs, streams, tunnels and Device Defender; IoT Core Local has no such service.";
  const lines = fixture.log
    .map(({ level, message }) => `${level} ${message}`)
    .filter((line) => line.includes('"shadowy 5"') && line.includes('no such service'));
  expect(lines).toEqual([
    `warn "shadowy 5" subscribed to "${topic}/accepted", which on AWS ${of}`,
    `warn "shadowy 5" published to "${topic}", which on AWS ${of}`,
  ]);
});

test.each(versions)(
  'The log does not say under MQTT %s that a client published what its policy denies',
  async (_, version) => {
    const raw = await fixture.open(connectOnly.credentials, version);
    await raw.connect({ clientId: `shadowless ${version}` });
    raw.send(publish({ topic: '$aws/things/shadowless/shadow/update', qos: 1, messageId: 1 }));
    if (version === 5) expect(await raw.next()).toMatchObject({ cmd: 'puback', reasonCode: 0x87 });
    else await raw.closed;
    const lines = fixture.log.map(({ message }) => message).filter((line) => line.includes(`"shadowless ${version}"`));
    expect(lines.join('\n')).toContain('iot:Publish');
    expect(lines.join('\n')).not.toContain('no such service');
  },
);
