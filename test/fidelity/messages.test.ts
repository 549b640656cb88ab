import type { IPublishPacket, Packet } from 'mqtt-packet';
import type { RawClient } from '../support/raw-client';
import { useDevice, useIotCore } from '../support/use-iot-core';

const fixture = useIotCore();
const device = useDevice(fixture, 'car1');

async function open(clientId: string, ...filters: string[]): Promise<RawClient> {
  const client = await fixture.open(device.credentials, 5);
  await client.connect({ clientId });
  for (const topic of filters) {
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos: 0 }] });
    expect(await client.next()).toMatchObject({ cmd: 'suback' });
  }
  return client;
}

function message(topic: string, payload: string, properties: IPublishPacket['properties']): Packet {
  return { cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false, properties };
}

test.each([
  [0, 1],
  [1, 1],
  [604_800, 604_800],
  [604_801, 604_800],
  [0xffffffff, 604_800],
])('A message expiry interval of %i s becomes %i s', async (asked, granted) => {
  const client = await open('expiring', 't');
  client.send(message('t', 'x', { messageExpiryInterval: asked }));
  expect(await client.next()).toMatchObject({ properties: { messageExpiryInterval: granted } });
});

test('A request carries its response topic and correlation data, so the response finds its way back', async () => {
  const [requester, responder] = [await open('requester', 'answers/requester'), await open('responder', 'questions')];
  const correlationData = Buffer.of(0, 0xff, 7);
  requester.send(message('questions', 'how fast?', { responseTopic: 'answers/requester', correlationData }));
  const request = (await responder.next()) as IPublishPacket;
  expect(request.properties).toMatchObject({ responseTopic: 'answers/requester', correlationData });
  const { responseTopic, ...properties } = request.properties!;
  responder.send(message(responseTopic!, '75', properties));
  const response = { topic: 'answers/requester', payload: Buffer.from('75'), properties: { correlationData } };
  expect(await requester.next()).toMatchObject(response);
});
