// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are written so
import type { JsonName } from '@peculiar/x509';
import type { Packet } from 'mqtt-packet';
import { requestFor } from '../support/certificate-request';
import type { RawClient } from '../support/raw-client';
import { useDevice, useIotCore } from '../support/use-iot-core';
import { type Deed, type ExampleClient, policyExamples } from './aws-policy-examples';

const fixture = useIotCore();
const observer = useDevice(fixture, 'observer');

const rows = policyExamples.flatMap(({ page, what, statements, clients }) =>
  clients.map((client) => ({ page, what, who: client.who, statements, client })),
);

/** Registers what an example's client needs, under names that its policy refers to. */
async function register(statements: readonly object[], { clientId, thing, isExclusive, subject }: ExampleClient) {
  const { registry, certificateAuthority } = fixture;
  const { key, csr } = await requestFor((subject ?? [{ CN: [clientId] }]) as JsonName);
  const certificate = registry.registerCertificate(await certificateAuthority.sign(csr), 'ACTIVE');
  const { certificateArn, certificatePem } = certificate;
  registry.createPolicy('example', { Version: '2012-10-17', Statement: statements });
  registry.attachPolicy('example', certificateArn);
  if (thing) {
    registry.createThing(thing.name, { thingTypeName: thing.type, attributes: thing.attributes });
    registry.attachThingPrincipal(thing.name, certificateArn, isExclusive ? 'EXCLUSIVE_THING' : undefined);
  }
  return { certificate, credentials: { key, certificate: certificatePem } };
}

function unregister({ thing }: ExampleClient, certificate: { certificateId: string; certificateArn: string }): void {
  const { registry } = fixture;
  if (thing) {
    registry.detachThingPrincipal(thing.name, certificate.certificateArn);
    registry.deleteThing(thing.name);
  }
  registry.detachPolicy('example', certificate.certificateArn);
  registry.deletePolicy('example');
  registry.updateCertificate(certificate.certificateId, 'INACTIVE');
  registry.deleteCertificate(certificate.certificateId);
}

/** Whether the client may do it: an answer's reason code, or a message that arrives. */
async function may(client: RawClient, deed: Deed): Promise<boolean> {
  const [verb, name, , filter] = deed.split(' ');
  if (verb === 'receive') return receives(client, name, filter);
  const reasonCode =
    verb === 'subscribe' ? await subscribe(client, name) : await publish(client, name, verb === 'retain');
  expect([0, 0x87]).toContain(reasonCode);
  return reasonCode === 0;
}

async function publish(client: RawClient, topic: string, retain: boolean): Promise<number> {
  client.send({ cmd: 'publish', topic, payload: 'x', qos: 1, messageId: 1, dup: false, retain });
  return (await answer(client, 'puback')).reasonCode ?? 0;
}

async function subscribe(client: RawClient, topic: string): Promise<number> {
  client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos: 0 }] });
  return (await answer(client, 'suback')).granted[0] as number;
}

/** The next packet of a kind. Messages of the client's own subscriptions may come before it. */
async function answer<C extends Packet['cmd']>(client: RawClient, cmd: C): Promise<Extract<Packet, { cmd: C }>> {
  let packet = await client.next();
  while (packet.cmd !== cmd) packet = await client.next();
  return packet as Extract<Packet, { cmd: C }>;
}

async function receives(client: RawClient, topic: string, filter: string): Promise<boolean> {
  expect(await subscribe(client, filter)).toBe(0);
  const publisher = await fixture.open(observer.credentials, 5);
  await publisher.connect({ clientId: 'observer' });
  await publish(publisher, topic, false);
  return (await client.ping()).some((packet) => packet.cmd === 'publish' && packet.topic === topic);
}

test.each(rows)(
  'On AWS’s page $page, $what: $who gets the rights that the page says',
  async ({ statements, client }) => {
    const { certificate, credentials } = await register(statements, client);
    try {
      const tls =
        client.serverName === undefined
          ? undefined
          : { servername: client.serverName, checkServerIdentity: () => undefined };
      const raw = await fixture.open(credentials, 5, tls);
      const connack = await raw.connect({
        clientId: client.clientId,
        ...(client.isPersistent && { clean: false, properties: { sessionExpiryInterval: 60 } }),
        ...(client.will !== undefined && { will: { topic: client.will, payload: 'x', qos: 0, retain: false } }),
      });
      const isConnected = connack.cmd === 'connack' && connack.reasonCode === 0;
      const deeds = [...client.may, ...client.mayNot];
      const done: Deed[] = isConnected ? ['connect'] : [];
      for (const deed of deeds) {
        if (deed !== 'connect' && isConnected && (await may(raw, deed))) done.push(deed);
      }
      expect(done).toEqual(client.may);
      // A row that allows or denies everything by mistake is seen here.
      expect(deeds).toContain('connect');
      await raw.ping().catch(() => {});
    } finally {
      unregister(client, certificate);
    }
  },
);
