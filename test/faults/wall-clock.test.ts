import type { Packet } from 'mqtt-packet';
import type { TestDevice } from '../support/iot-core-fixture';
import type { RawClient } from '../support/raw-client';
import { wait } from '../support/time';
import { useIotCore } from '../support/use-iot-core';

const fixture = useIotCore({ forEachTest: true, holdsTime: true, strict: true });
let device: TestDevice;

beforeEach(async () => {
  device = await fixture.device('device');
});

const publish = (fields: object): Packet =>
  ({ cmd: 'publish', topic: 't', payload: 'x', qos: 1, messageId: 1, dup: false, retain: false, ...fields }) as Packet;

async function connect(clientId: string, fields: object = {}): Promise<{ client: RawClient; reasonCode?: number }> {
  const client = await fixture.open(device.credentials, 5);
  const connack = await client.connect({ clientId, ...fields });
  return { client, reasonCode: connack.cmd === 'connack' ? connack.reasonCode : undefined };
}

async function subscribe(client: RawClient, topic: string): Promise<void> {
  client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos: 1 }] });
  expect(await client.next()).toMatchObject({ cmd: 'suback' });
}

describe.each([
  ['an hour forward', 3_600_000],
  ['ten years forward', 315_576_000_000],
  ['a minute back', -60_000],
  ['an hour back', -3_600_000],
])('while IoT Core Local runs, the wall clock jumps %s', (jump, milliseconds) => {
  const jumpNow = () => jest.setSystemTime(Date.now() + milliseconds);

  test(`A client is disconnected after 1.5 keep-alive times, not when the wall clock jumps ${jump}`, async () => {
    const { client } = await connect('idle', { keepalive: 30 });
    jumpNow();
    wait(1);
    expect(await client.ping()).toEqual([]);
    wait(44);
    expect(await client.ping()).toEqual([]);
    wait(45);
    expect(await client.rest()).toMatchObject([{ cmd: 'disconnect', reasonCode: 0x8d }]);
  });

  test(`A session, its queue and a retained message expire in time, not when the wall clock jumps ${jump}`, async () => {
    const persistent = { clean: false, properties: { sessionExpiryInterval: 600 } };
    const { client } = await connect('away', persistent);
    await subscribe(client, 't');
    client.send({ cmd: 'disconnect' });
    await client.closed;
    const { client: publisher } = await connect('publisher', { keepalive: 1200 });
    publisher.send(publish({ payload: 'short', properties: { messageExpiryInterval: 60 } }));
    publisher.send(publish({ payload: 'long', properties: { messageExpiryInterval: 300 } }));
    publisher.send(publish({ topic: 'kept', retain: true, properties: { messageExpiryInterval: 300 } }));
    expect(await publisher.ping()).toHaveLength(3);
    jumpNow();
    wait(1);
    wait(98);
    const { client: back } = await connect('away', persistent);
    expect(await back.ping()).toMatchObject([
      { payload: Buffer.from('long'), properties: { messageExpiryInterval: 201 } },
    ]);
    back.send({ cmd: 'puback', messageId: 2, reasonCode: 0 });
    back.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'kept', qos: 0 }] });
    expect(await back.ping()).toMatchObject([
      { cmd: 'suback' },
      { topic: 'kept', properties: { messageExpiryInterval: 201 } },
    ]);
  });

  test(`A client id may connect once a second, also when the wall clock jumps ${jump}`, async () => {
    expect(await connect('hasty')).toMatchObject({ reasonCode: 0 });
    jumpNow();
    expect(await connect('hasty')).toMatchObject({ reasonCode: 0x9f });
    wait(1);
    expect(await connect('hasty')).toMatchObject({ reasonCode: 0 });
  });

  test(`A client may publish 100 messages a second, also when the wall clock jumps ${jump}`, async () => {
    const { client } = await connect('fast');
    const burst = Array.from({ length: 150 }, (_, index) => publish({ messageId: index + 1 }));
    for (let second = 0; second < 2; second += 1) {
      client.send(...burst);
      expect(await client.ping()).toHaveLength(100);
      if (second === 0) jumpNow();
      wait(1);
    }
  });

  test(`A will is sent after its delay, not when the wall clock jumps ${jump}`, async () => {
    const { client: watcher } = await connect('watcher', { keepalive: 1200 });
    await subscribe(watcher, 'gone');
    const will = { topic: 'gone', payload: 'x', qos: 0, retain: false, properties: { willDelayInterval: 10 } };
    const { client } = await connect('mortal', { clean: false, properties: { sessionExpiryInterval: 600 }, will });
    client.destroy();
    while (!fixture.logText.includes('"mortal" is gone')) await new Promise(setImmediate);
    jumpNow();
    wait(9);
    expect(await watcher.ping()).toEqual([]);
    wait(1);
    expect(await watcher.ping()).toMatchObject([{ topic: 'gone' }]);
  });
});
