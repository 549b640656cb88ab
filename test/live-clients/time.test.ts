import type { RawClient } from '../support/raw-client';
import { wait } from '../support/time';
import { useDevice, useIotCore } from '../support/use-iot-core';
import { versions } from '../support/versions';

const fixture = useIotCore({ holdsTime: true });
const device = useDevice(fixture, 'car1');

/** What ends a connection under MQTT 5; 3.1.1 has no word for it. */
const farewell = (version: number, reasonCode: number) => (version === 5 ? [{ cmd: 'disconnect', reasonCode }] : []);

async function isOpen(client: RawClient): Promise<boolean> {
  return client.ping().then(
    () => true,
    () => false,
  );
}

describe.each(versions)('under MQTT %s', (_, version) => {
  async function connect(keepalive: number, clientId = `client ${version}`): Promise<RawClient> {
    const client = await fixture.open(device.credentials, version);
    await client.connect({ clientId, keepalive });
    return client;
  }

  test.each([
    [60, 90],
    [30, 45],
    // AWS brings a keep-alive within 30 and 1200 s.
    [1, 45],
    [0, 1800],
    [5000, 1800],
  ])('A client with a keep-alive of %i s is disconnected when it was silent for %i s', async (keepalive, limit) => {
    const client = await connect(keepalive);
    wait(limit - 1);
    expect(await isOpen(client)).toBe(true);
    wait(limit - 1);
    expect(await isOpen(client)).toBe(true);
    wait(limit);
    expect(await client.rest()).toMatchObject(farewell(version, 0x8d));
    expect(fixture.log.at(-1)?.message).toBe(
      `"client ${version}" was disconnected: it was silent for one and a half keep-alive times.`,
    );
  });

  test('Bytes of an incomplete packet do not count for keep-alive [MQTT-3.1.2-22]', async () => {
    const client = await connect(30);
    // Most of a PUBLISH, whose rest never comes. A later client's answer says that these bytes have arrived.
    for (const bytes of [Buffer.of(0x30, 10, 0, 1), Buffer.from('t12')]) {
      wait(22);
      client.send(bytes);
      expect(await isOpen(await connect(1200, 'later'))).toBe(true);
    }
    wait(1);
    expect(await client.rest()).toMatchObject(farewell(version, 0x8d));
  });

  test('A will is sent when its client is disconnected for silence, after its delay', async () => {
    const watcher = await connect(1200);
    watcher.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'gone', qos: 0 }] });
    await watcher.next();
    const client = await fixture.open(device.credentials, version);
    const properties = version === 5 ? { willDelayInterval: 10 } : undefined;
    const will = { topic: 'gone', payload: 'x', qos: 0, properties } as const;
    const fields = version === 5 ? { clean: false, properties: { sessionExpiryInterval: 600 } } : {};
    await client.connect({ clientId: 'mortal', keepalive: 30, will, ...fields });
    wait(45);
    await client.closed;
    if (version === 5) {
      wait(9);
      expect(await watcher.ping()).toEqual([]);
      wait(1);
    }
    expect(await watcher.ping()).toMatchObject([{ cmd: 'publish', topic: 'gone', payload: Buffer.from('x') }]);
  });
});

test('A connection on which no CONNECT comes is closed after 30 s', async () => {
  const client = await fixture.open(device.credentials, 5);
  // IoT Core Local has seen the end of the handshake when it has seen that of a later one.
  const later = await fixture.open(device.credentials, 5);
  await later.connect({ clientId: 'later' });
  wait(29);
  expect(await isOpen(later)).toBe(true);
  wait(1);
  expect(await client.rest()).toEqual([]);
});

describe('a certificate', () => {
  const now = Date.now();

  afterEach(() => jest.setSystemTime(now));

  test.each([
    ['is not valid yet', '2000-01-01'],
    ['has expired', '2050-01-01'],
  ])('A certificate that %s opens no connection', async (reason, date) => {
    jest.setSystemTime(new Date(date));
    const client = await fixture.open(device.credentials, 5);
    await client.closed;
    const { certificateId } = device.certificate;
    expect(fixture.log.at(-1)?.message).toBe(
      `A connection was refused: certificate ${certificateId} of car1 ${reason}.`,
    );
  });
});

describe('IoT Core Local with a wall clock of its own', () => {
  let time = Date.parse('2030-01-01T00:00:00Z');
  const own = useIotCore({ clocks: { wall: () => time, monotonic: () => performance.now() } });

  test('A certificate is created, valid and expired by the wall clock that IoT Core Local was given', async () => {
    const { credentials, certificate } = await own.device('timeless');
    expect(certificate.creationDate).toEqual(new Date('2030-01-01T00:00:00Z'));
    expect(own.registry.getPolicy('timeless').versions.get('1')?.createDate).toEqual(certificate.creationDate);
    const open = async (date: Date) => {
      time = date.getTime();
      const client = await own.open(credentials, 5);
      const connack = await client.connect({ clientId: 'timeless' }).catch(() => 'closed');
      client.destroy();
      return connack === 'closed' ? 'refused' : 'served';
    };
    const { notBefore, notAfter } = certificate;
    const around = [notBefore, notAfter].flatMap((date) => [-1, 0, 1].map((step) => new Date(date.getTime() + step)));
    const outcomes: string[] = [];
    for (const date of around) outcomes.push(await open(date));
    expect(outcomes).toEqual(['refused', 'served', 'served', 'served', 'served', 'refused']);
  });
});
