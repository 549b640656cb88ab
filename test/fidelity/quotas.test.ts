import type { Packet } from 'mqtt-packet';
import type { IotCoreFixture } from '../support/iot-core-fixture';
import { connectPacket, type RawClient, type Version } from '../support/raw-client';
import { wait } from '../support/time';
import { useDevice, useIotCore } from '../support/use-iot-core';
import { versions } from '../support/versions';

const lenient = useIotCore({ holdsTime: true });
const strict = useIotCore({ strict: true });
const devices = new Map([lenient, strict].map((fixture) => [fixture, useDevice(fixture, 'car1')]));

// A client id may be used again.
afterEach(() => wait(1));

async function open(fixture: IotCoreFixture, clientId: string, version: Version): Promise<RawClient> {
  const client = await fixture.open(devices.get(fixture)!.credentials, version);
  await client.connect({ clientId });
  return client;
}

const subscribe = (...topics: string[]): Packet => ({
  cmd: 'subscribe',
  messageId: 1,
  subscriptions: topics.map((topic) => ({ topic, qos: 0 })),
});

/** A number of messages to the same topic, with packet ids from 1 if they are of QoS 1. */
function messages(count: number, qos: 0 | 1, payload = 'x'): Packet[] {
  return Array.from({ length: count }, (_, index) => {
    const messageId = qos === 1 ? index + 1 : undefined;
    return { cmd: 'publish', topic: 't', payload, qos, messageId, dup: false, retain: false };
  });
}

/** What the log has of a client's rates. */
function toldOf(fixture: IotCoreFixture, clientId: string): string[] {
  return fixture.log.map(({ message }) => message).filter((message) => message.startsWith(`"${clientId}" had `));
}

describe.each(versions)('under MQTT %s', (_, version) => {
  describe('without --strict', () => {
    test('IoT Core Local takes any number of publishes, and logs once what AWS would do', async () => {
      const clientId = `fast ${version}`;
      const client = await open(lenient, clientId, version);
      for (let second = 0; second < 3; second += 1) {
        client.send(...messages(150, 1));
        expect(await client.ping()).toHaveLength(150);
        wait(1);
      }
      expect(toldOf(lenient, clientId)).toEqual([
        `"${clientId}" had 150 publishes in a second, in and out; AWS takes 100 on a connection and would discard the rest.`,
      ]);
    });

    test('IoT Core Local logs a rate again when it is exceeded after idle seconds', async () => {
      const clientId = `bursty ${version}`;
      const client = await open(lenient, clientId, version);
      for (let burst = 1; burst <= 2; burst += 1) {
        client.send(...messages(150, 1));
        expect(await client.ping()).toHaveLength(150);
        wait(1);
        expect(toldOf(lenient, clientId)).toHaveLength(burst);
        for (let second = 0; second < 20; second += 1) wait(1);
      }
    });

    test('IoT Core Local logs the rate of a client that goes within a second', async () => {
      const clientId = `brief ${version}`;
      const client = await open(lenient, clientId, version);
      client.send(...messages(150, 0), { cmd: 'disconnect' });
      await client.closed;
      expect(toldOf(lenient, clientId)).toHaveLength(1);
    });

    test('IoT Core Local takes any number of bytes, and logs what AWS would do', async () => {
      const clientId = `heavy ${version}`;
      const client = await open(lenient, clientId, version);
      client.send(...messages(10, 1, 'x'.repeat(100_000)));
      expect(await client.ping()).toHaveLength(10);
      wait(1);
      expect(toldOf(lenient, clientId)).toEqual([
        `"${clientId}" had 977 KiB in a second, in and out; AWS takes 512 on a connection and would delay the rest.`,
      ]);
    });

    test('IoT Core Local takes a second CONNECT of a client id within a second, and logs what AWS would do', async () => {
      const clientId = `hasty ${version}`;
      const told = `warn "${clientId}" connected twice within a second; AWS takes one CONNECT a second of a client id and would refuse it.\n`;
      await open(lenient, clientId, version);
      wait(1);
      await open(lenient, clientId, version);
      expect(lenient.logText).not.toContain(told);
      expect(await (await open(lenient, clientId, version)).ping()).toEqual([]);
      expect(lenient.logText).toContain(told);
    });
  });

  describe('with --strict', () => {
    test('A strict IoT Core Local discards publishes beyond 100 in a second and does not acknowledge them', async () => {
      const clientId = `fast ${version}`;
      const [client, other] = [await open(strict, clientId, version), await open(strict, `other ${version}`, version)];
      client.send(...messages(150, 1));
      const acknowledged = await client.ping();
      expect(acknowledged.map(({ messageId }) => messageId)).toEqual(Array.from({ length: 100 }, (_, id) => id + 1));
      // Each connection has a quota of its own.
      other.send(...messages(100, 1));
      expect(await other.ping()).toHaveLength(100);
      wait(1);
      expect(toldOf(strict, clientId)).toEqual([expect.stringMatching(/ had 150 publishes .* discards the rest\.$/)]);
      client.send(...messages(1, 1));
      expect(await client.ping()).toHaveLength(1);
    });

    test('A strict IoT Core Local counts the messages that a client receives with those that it sends', async () => {
      const client = await open(strict, `echo ${version}`, version);
      client.send(subscribe('t'));
      await client.next();
      client.send(...messages(80, 0));
      expect(await client.ping()).toHaveLength(50);
    });

    test('A strict IoT Core Local refuses a second CONNECT of a client id within a second, and keeps the first connection', async () => {
      const clientId = `hasty ${version}`;
      const first = await open(strict, clientId, version);
      const second = await strict.open(devices.get(strict)!.credentials, version);
      second.send(connectPacket(version, { clientId }));
      expect(await second.rest()).toMatchObject(version === 5 ? [{ cmd: 'connack', reasonCode: 0x9f }] : []);
      expect(await first.ping()).toEqual([]);
      expect(strict.logText).toContain(
        `warn "${clientId}" was refused: AWS takes one CONNECT a second of a client id.\n`,
      );
      wait(1);
      const third = await open(strict, clientId, version);
      expect(await third.ping()).toEqual([]);
    });
  });

  test('A 51st subscription is refused under 5, and ends the connection under 3.1.1', async () => {
    const client = await open(lenient, `greedy ${version}`, version);
    for (let start = 0; start < 50; start += 5) {
      client.send(subscribe(...Array.from({ length: 5 }, (_, index) => `f${start + index}`)));
      expect(await client.next()).toMatchObject({ cmd: 'suback', granted: [0, 0, 0, 0, 0] });
    }
    // One that is there already may be renewed.
    client.send(subscribe('f0'));
    expect(await client.next()).toMatchObject({ cmd: 'suback', granted: [0] });
    client.send(subscribe('f50'));
    if (version === 5) expect(await client.next()).toMatchObject({ cmd: 'suback', granted: [0x97] });
    else expect(await client.rest()).toEqual([]);
  });

  test.each([
    ['128 bytes is taken', 'ü'.repeat(64), true],
    ['129 bytes is refused', `x${'ü'.repeat(64)}`, false],
    ['a leading $ is refused', '$car1', false],
  ])('A client id of %s', async (_what, clientId, isTaken) => {
    const client = await lenient.open(devices.get(lenient)!.credentials, version);
    const connack = await client.connect({ clientId });
    const refusal = version === 5 ? { reasonCode: 0x85 } : { returnCode: 2 };
    expect(connack).toMatchObject(isTaken ? { [version === 5 ? 'reasonCode' : 'returnCode']: 0 } : refusal);
  });
});
