import type { MqttClient } from 'mqtt';
import type { Packet } from 'mqtt-packet';
import type { Version } from '../support/raw-client';
import { useDevice, useIotCore } from '../support/use-iot-core';
import { versions } from '../support/versions';

const fixture = useIotCore();
const device = useDevice(fixture, 'car1');

/** Fulfilled when a client has received this number of messages. */
function received(client: MqttClient, count: number): Promise<void> {
  let missing = count;
  return new Promise((resolve) => {
    client.on('message', () => {
      missing -= 1;
      if (missing === 0) resolve();
    });
  });
}

/** PUBLISH packets at QoS 1, whose payloads count from 0. */
function publishes(count: number): Packet[] {
  return Array.from({ length: count }, (_, index) => ({
    cmd: 'publish',
    topic: 't',
    payload: String(index),
    qos: 1,
    dup: false,
    retain: false,
    messageId: index + 1,
  }));
}

/** A client that publishes to `t`, and one that has subscribed to it and acknowledges nothing by itself. */
async function openPair(version: Version) {
  const receiver = await fixture.open(device.credentials, version);
  const publisher = await fixture.open(device.credentials, version);
  await receiver.connect({ clientId: 'receiver' });
  await publisher.connect({ clientId: 'publisher' });
  receiver.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 't', qos: 1 }] });
  await receiver.next();
  return { receiver, publisher };
}

describe.each(versions)('under MQTT %s', (_, version) => {
  test('A receiver that acknowledges nothing holds up its publisher, nobody else, and loses nothing', async () => {
    const { receiver, publisher } = await openPair(version);
    const count = 3000;
    const packets = publishes(count);
    publisher.send(...packets);
    const held: Packet[] = [];
    for (let index = 0; index < 100; index += 1) held.push(await receiver.next());

    // Others go on, for long enough that all would have been acknowledged if the publisher were not held up.
    const bystander = await fixture.connect(device, version, { clientId: 'bystander' });
    for (let round = 0; round < 10; round += 1) await bystander.publishAsync('u', 'x', { qos: 1 });
    const acknowledged = publisher.take();
    expect(acknowledged.length).toBeLessThan(1500);
    expect(receiver.take()).toEqual([]);

    for (let index = 0; index < count; index += 1) {
      const packet = held[index] ?? (await receiver.next());
      expect(packet).toMatchObject({ cmd: 'publish', payload: Buffer.from(String(index)) });
      receiver.send({ cmd: 'puback', messageId: packet.messageId });
    }
    while (acknowledged.length < count) acknowledged.push(await publisher.next());
    expect(acknowledged.map(({ messageId }) => messageId)).toEqual(packets.map(({ messageId }) => messageId));
  });

  test('The packets that a publisher sends together are acknowledged together, though a receiver is full after some of them', async () => {
    const { publisher } = await openPair(version);
    // 100 are sent to the receiver, 1,000 more may wait, and all are in one TLS record.
    publisher.send(...publishes(1200));
    for (let index = 0; index < 1200; index += 1) {
      expect(await publisher.next()).toMatchObject({ cmd: 'puback', messageId: index + 1 });
    }
  });

  test('A client that gets what it publishes itself does not wait for itself', async () => {
    const client = await fixture.connect(device, version, { clientId: 'echo' });
    await client.subscribeAsync('t', { qos: 1 });
    const done = received(client, 5000);
    for (let index = 0; index < 5000; index += 1) client.publish('t', String(index), { qos: 1 });
    await done;
  });

  test('Clients that publish to each other do not wait for each other forever', async () => {
    const names = ['a', 'b', 'c'];
    const clients: MqttClient[] = [];
    for (const name of names) {
      const client = await fixture.connect(device, version, { clientId: name });
      await client.subscribeAsync(name, { qos: 1 });
      clients.push(client);
    }
    const done = clients.map((client) => received(client, 3000));
    for (let index = 0; index < 3000; index += 1) {
      for (const [place, client] of clients.entries()) {
        client.publish(names[(place + 1) % names.length], String(index), { qos: 1 });
      }
    }
    await Promise.all(done);
  });
});
