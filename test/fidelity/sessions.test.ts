import type { RawClient, Version } from '../support/raw-client';
import { wait } from '../support/time';
import { useDevice, useIotCore } from '../support/use-iot-core';
import { versions } from '../support/versions';

const fixture = useIotCore({ holdsTime: true });
const device = useDevice(fixture, 'car1');

async function open(version: Version): Promise<RawClient> {
  return fixture.open(device.credentials, version);
}

const sessionOf = (seconds: number) => ({ clean: false, properties: { sessionExpiryInterval: seconds } });

test.each<[string, Version, fields: object, onLeaving: number | undefined, lifetime: number]>([
  ['of 3.1.1 is kept for an hour', 4, { clean: false }, undefined, 3600],
  ['of 5 is kept for as long as its client asked', 5, sessionOf(60), undefined, 60],
  ['of 5 is kept for an hour, if its client asked for more', 5, sessionOf(7200), undefined, 3600],
  ['of 5 is kept for as long as its client asks on leaving', 5, sessionOf(60), 600, 600],
  ['of 5 is kept for an hour, if its client asks on leaving for more', 5, sessionOf(60), 7200, 3600],
])('A session %s', async (_, version, fields, sessionExpiryInterval, lifetime) => {
  for (const [seconds, isThere] of [
    [lifetime - 1, true],
    [lifetime, false],
  ] as const) {
    const before = await open(version);
    await before.connect({ clientId: 'a', ...fields });
    const properties = sessionExpiryInterval === undefined ? undefined : { sessionExpiryInterval };
    before.send({ cmd: 'disconnect', properties });
    await before.closed;
    wait(seconds);
    const after = await open(version);
    expect(await after.connect({ clientId: 'a', ...fields })).toMatchObject({ sessionPresent: isThere });
  }
});

test('A client that asked for no session to be kept cannot ask for it on leaving', async () => {
  const client = await open(5);
  await client.connect({ clientId: 'a' });
  client.send({ cmd: 'disconnect', properties: { sessionExpiryInterval: 60 } });
  expect(await client.rest()).toMatchObject([{ cmd: 'disconnect', reasonCode: 0x82 }]);
});

test.each(versions)(
  'A session that another certificate resumes under MQTT %s keeps its subscriptions, and brings what that certificate may receive',
  async (_, version) => {
    const other = await fixture.device(`other${version}`, ['iot:Connect client/shared', 'iot:Receive topic/open']);
    const properties = version === 5 ? { sessionExpiryInterval: 60 } : undefined;
    const fields = { clientId: 'shared', clean: false, properties };
    const [first, publisher] = [await open(version), await open(version)];
    await first.connect(fields);
    const subscriptions = ['open', 'closed'].map((topic) => ({ topic, qos: 0 as const }));
    first.send({ cmd: 'subscribe', messageId: 1, subscriptions });
    await first.ping();
    const second = await fixture.open(other.credentials, version);
    expect(await second.connect(fields)).toMatchObject({ sessionPresent: true });
    await publisher.connect({ clientId: 'publisher' });
    for (const topic of ['closed', 'open']) {
      publisher.send({ cmd: 'publish', topic, payload: 'x', qos: 0, dup: false, retain: false });
    }
    await publisher.ping();
    expect(await second.ping()).toMatchObject([{ cmd: 'publish', topic: 'open' }]);
  },
);
