import type { Packet } from 'mqtt-packet';
import { BrokerInHand } from '../support/fake-client';
import type { RawClient, Version } from '../support/raw-client';
import { useDevice, useIotCore } from '../support/use-iot-core';
import { versions } from '../support/versions';

// The random number always picks the first member in the group's list: the one that leaves, if it were still there.
const fixture = useIotCore({ random: () => 0 });
const device = useDevice(fixture, 'car1');

async function open(clientId: string, version: Version, fields: object = {}): Promise<RawClient> {
  const client = await fixture.open(device.credentials, version);
  await client.connect({ clientId: `${clientId} ${version}`, ...fields });
  return client;
}

async function subscribe(client: RawClient, ...topics: string[]): Promise<void> {
  client.send({ cmd: 'subscribe', messageId: 1, subscriptions: topics.map((topic) => ({ topic, qos: 1 })) });
  expect(await client.next()).toMatchObject({ cmd: 'suback', granted: topics.map(() => 1) });
}

const message = (topic: string, payload: string, fields: object = {}) =>
  ({ cmd: 'publish', topic, payload, qos: 1, messageId: 1, dup: false, retain: false, ...fields }) as Packet;

/** Publishes, and waits for the PUBACK. */
async function publish(client: RawClient, packet: Packet): Promise<void> {
  client.send(packet);
  expect(await client.next()).toMatchObject({ cmd: 'puback' });
}

/** The messages among these packets, as topic and payload. */
const messagesIn = (packets: readonly Packet[]) =>
  packets.flatMap((packet) => (packet.cmd === 'publish' ? [`${packet.topic} ${packet.payload}`] : []));

describe.each(versions)('under MQTT %s', (_, version) => {
  test.each<[string, (leaver: RawClient) => unknown]>([
    [
      'unsubscribes',
      async (leaver) => {
        leaver.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['$share/g/t'] });
        expect(await leaver.next()).toMatchObject({ cmd: 'unsuback' });
      },
    ],
    ['disconnects', (leaver) => leaver.send({ cmd: 'disconnect' })],
    ['goes without a word', (leaver) => leaver.destroy()],
    ['is taken over by a clean session', () => open('leaver', version)],
  ])('A member that %s leaves its group, and the others get all messages', async (_what, leave) => {
    const [leaver, stayer, publisher] = [
      await open('leaver', version),
      await open('stayer', version),
      await open('publisher', version),
    ];
    await subscribe(leaver, '$share/g/t');
    await subscribe(stayer, '$share/g/t');
    await publish(publisher, message('t', 'before'));
    expect(messagesIn([await leaver.next()])).toEqual(['t before']);
    leaver.send({ cmd: 'puback', messageId: 1 });
    await leaver.ping();
    await leave(leaver);
    const payloads = Array.from({ length: 20 }, (_, index) => `t ${index}`);
    for (const [index] of payloads.entries()) await publish(publisher, message('t', `${index}`));
    const received: Packet[] = [];
    while (received.length < payloads.length) received.push(await stayer.next());
    expect(messagesIn(received)).toEqual(payloads);
  });

  test('A client that is in a group and subscribes plainly gets both copies, under the topic without $share', async () => {
    const [client, publisher] = [await open('both', version), await open('publisher', version)];
    await subscribe(client, '$share/group2/cars/data', 'cars/data', '$share/group2/cars/#');
    await publish(publisher, message('cars/data', '75'));
    // One plainly, and one for each of the two groups.
    expect(messagesIn(await client.ping())).toEqual(Array(3).fill('cars/data 75'));
  });

  test.each([
    ['kept', true],
    ['+', false],
    ['#', false],
    ['$share/g/kept', false],
  ])('A subscription to %s brings the retained message: %s', async (filter, isBrought) => {
    const [client, publisher] = [await open('late', version), await open('publisher', version)];
    await publish(publisher, message('kept', 'x', { retain: true }));
    await subscribe(client, filter);
    expect(messagesIn(await client.ping())).toEqual(isBrought ? ['kept x'] : []);
    // As it is published, it reaches them all.
    await publish(publisher, message('kept', 'live', { retain: true }));
    expect(messagesIn(await client.ping())).toEqual(['kept live']);
  });
});

describe('a message that is queued for a group', () => {
  test.each([
    ['an hour, if it has no expiry interval', undefined, 3599, true],
    ['no longer', undefined, 3600, false],
    ['its own expiry interval, if that is longer', 7200, 7199, true],
    ['its own expiry interval, if that is shorter', 60, 60, false],
  ])('A message that is queued for a group is kept for %s', (_, messageExpiryInterval, seconds, isKept) => {
    const hand = new BrokerInHand();
    // Longer than AWS's default, so that it is not the session that ends.
    const session = { clean: false, expiryInterval: 604_800_000 } as const;
    const member = hand.connect('a', session);
    member.subscribe('$share/g/t');
    member.disconnect();
    hand.publish('t', 'queued', { qos: 1, properties: { messageExpiryInterval } });
    hand.wait(seconds);
    expect(hand.connect('a', session).payloads).toEqual(isKept ? ['queued'] : []);
  });
});
