// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are written so
import type { Packet } from 'mqtt-packet';

import type { IotAction } from '../../lib/iot-core-local/registry/policy-actions';
import { type IotCoreFixture, issue, policyOf, type TestDevice } from '../support/iot-core-fixture';

import { connectPacket, type RawClient, type Version } from '../support/raw-client';
import { useDevice, useIotCore } from '../support/use-iot-core';
import { versions } from '../support/versions';

const fixture = useIotCore();
const observer = useDevice(fixture, 'observer');

let devices = 0;

/** A device under a name of its own. */
function newDevice(rights?: Parameters<IotCoreFixture['device']>[1]): Promise<TestDevice> {
  devices += 1;
  return fixture.device(`device${devices}`, rights);
}

async function connect({ credentials }: TestDevice, clientId: string, version: Version): Promise<RawClient> {
  const client = await fixture.open(credentials, version);
  client.send(connectPacket(version, { clientId }));
  return client;
}

const publish = (topic: string, fields: object = {}) =>
  ({ cmd: 'publish', topic, payload: 'x', qos: 1, messageId: 1, dup: false, retain: false, ...fields }) as Packet;

const subscribe = (topic: string): Packet => ({
  cmd: 'subscribe',
  messageId: 1,
  subscriptions: [{ topic, qos: 0 }],
});

/** Each action, its resource, and the packets by which a client needs it. */
const uses: readonly (readonly [IotAction, kind: string, name: string, packets: readonly Packet[]])[] = [
  ['iot:Connect', 'client', '', []],
  ['iot:Publish', 'topic', 'cars/data', [publish('cars/data')]],
  ['iot:RetainPublish', 'topic', 'cars/data', [publish('cars/data', { retain: true })]],
  ['iot:Subscribe', 'topicfilter', '$share/group2/cars/data', [subscribe('$share/group2/cars/data')]],
  ['iot:Receive', 'topic', 'cars/data', [subscribe('$share/group2/cars/data')]],
];

describe.each(versions)('under MQTT %s', (_, version) => {
  describe.each(uses)('a denied %s', (action, kind, fixedName, packets) => {
    /** Does what needs the action, waits until it is answered, and gives the log's denials. */
    async function denialOf(device: TestDevice): Promise<string[]> {
      const before = fixture.log.length;
      const client = await connect(device, device.thingName, version);
      client.send(...packets);
      await client.ping().catch(() => {});
      if (action === 'iot:Receive') {
        const publisher = await connect(observer, 'observer', version);
        publisher.send(publish('cars/data'));
        await publisher.ping();
      }
      const log = fixture.log.slice(before).map(({ level, message }) => `${level} ${message}`);
      return log.filter((line) => line.includes('was denied'));
    }

    const others = uses.map(([other]) => other).filter((other) => other !== action);
    const nameOf = ({ thingName }: TestDevice) => fixedName || thingName;

    test(`A denied ${action} is explained by the statement that would allow it`, async () => {
      const device = await newDevice(others.map((other) => `${other} */*` as const));
      const { thingName } = device;
      const Resource = `arn:aws:iot:us-east-1:123456789012:${kind}/${nameOf(device)}`;
      const statement = JSON.stringify({ Effect: 'Allow', Action: action, Resource });
      expect(await denialOf(device)).toEqual([
        `warn "${thingName}" was denied ${action} on "${nameOf(device)}": no statement of policy ${thingName} allows it; this one would: ${statement}.`,
      ]);
      // That statement does allow it.
      fixture.registry.createPolicy(`${thingName}-more`, { Version: '2012-10-17', Statement: [JSON.parse(statement)] });
      fixture.registry.attachPolicy(`${thingName}-more`, device.certificate.certificateArn);
      expect(await denialOf(device)).toEqual([]);
    });

    test(`A denied ${action} is explained by the statement that denies it`, async () => {
      const device = await newDevice();
      const { thingName, certificate } = device;
      const Statement = [
        { Effect: 'Allow', Action: action, Resource: '*' },
        { Effect: 'Deny', Action: action, Resource: '*' },
      ];
      fixture.registry.createPolicy(`${thingName}-less`, { Version: '2012-10-17', Statement });
      fixture.registry.attachPolicy(`${thingName}-less`, certificate.certificateArn);
      expect(await denialOf(device)).toEqual([
        `warn "${thingName}" was denied ${action} on "${nameOf(device)}": statement 2 of policy ${thingName}-less denies it.`,
      ]);
    });
  });

  test('The certificate of another thing opens no connection under a name that its policy does not allow', async () => {
    const device = await newDevice(['iot:Connect client/me']);
    const client = await connect(device, 'somebody else', version);
    expect(await client.rest()).toMatchObject(version === 5 ? [{ cmd: 'connack', reasonCode: 0x87 }] : []);
    expect(fixture.logText).toContain(
      `warn "somebody else" with the certificate of ${device.thingName} was denied iot:Connect on "somebody else": `,
    );
  });

  test('A denial says that the certificate belongs to no thing', async () => {
    const { key, certificatePem } = await issue(fixture.certificateAuthority, 'nobody');
    const certificate = fixture.registry.registerCertificate(certificatePem, 'ACTIVE');
    const thingless = { thingName: 'nobody', certificate, credentials: { key, certificate: certificatePem } };
    const client = await connect(thingless, `nobody ${version}`, version);
    await client.closed;
    const Resource = `arn:aws:iot:us-east-1:123456789012:client/nobody ${version}`;
    const statement = JSON.stringify({ Effect: 'Allow', Action: 'iot:Connect', Resource });
    expect(fixture.logText).toContain(
      `warn "nobody ${version}" with the certificate of no thing was denied iot:Connect on "nobody ${version}": its certificate has no policy; this statement would allow it: ${statement}.\n`,
    );
  });

  test.each([
    ['non-exclusive', 'under the thing’s name', true, undefined, ''],
    ['non-exclusive', 'under another client id', false, undefined, '-sub'],
    ['exclusive', 'under another client id', true, 'EXCLUSIVE_THING', '-sub'],
  ] as const)(
    'The name and attributes of a thing that is %s fill in a policy %s: %s',
    async (_what, _how, isFilledIn, type, suffix) => {
      const device = await newDevice([
        'iot:Connect client/*',
        'iot:Publish topic/${iot:Connection.Thing.ThingName}/${iot:Connection.Thing.Attributes[color]}',
      ]);
      const { thingName, certificate } = device;
      const { registry } = fixture;
      registry.detachThingPrincipal(thingName, certificate.certificateArn);
      registry.deleteThing(thingName);
      registry.createThing(thingName, { attributes: { color: 'red' } });
      registry.attachThingPrincipal(thingName, certificate.certificateArn, type);
      const client = await connect(device, `${thingName}${suffix}`, version);
      expect(await client.next()).toMatchObject({ cmd: 'connack' });
      const answer = async (topic: string) => {
        client.send(publish(topic));
        return client.next().catch(() => 'closed');
      };
      const accepted = { cmd: 'puback', ...(version === 5 && { reasonCode: 0 }) };
      const refused = version === 5 ? expect.objectContaining({ cmd: 'puback', reasonCode: 0x87 }) : 'closed';
      expect(await answer(`${thingName}/red`)).toEqual(isFilledIn ? expect.objectContaining(accepted) : refused);
      expect(await answer(`${thingName}/blue`)).toEqual(refused);
    },
  );

  test('A will is denied by a Deny on iot:ConnectAttributes', async () => {
    const device = await newDevice();
    const { thingName, certificate } = device;
    const Condition = { 'ForAnyValue:StringEquals': { 'iot:ConnectAttributes': ['LastWill'] } };
    const deny = { Effect: 'Deny', Action: 'iot:Connect', Resource: '*', Condition };
    fixture.registry.createPolicy(`${thingName}-less`, { Version: '2012-10-17', Statement: [deny] });
    fixture.registry.attachPolicy(`${thingName}-less`, certificate.certificateArn);
    const will = { topic: 't', payload: 'gone', qos: 0 } as const;
    for (const fields of [{}, { will }]) {
      const client = await fixture.open(device.credentials, version);
      const answer = await client.connect({ clientId: thingName, ...fields }).catch(() => undefined);
      const isServed = (await client.ping().catch(() => undefined)) !== undefined;
      expect([fields, isServed, answer !== undefined]).toEqual([
        fields,
        !('will' in fields),
        isServed || version === 5,
      ]);
    }
  });

  test('iot:Receive is checked at each delivery, on the message’s own topic, by the policies of that moment', async () => {
    const device = await newDevice();
    const { thingName } = device;
    const [receiver, publisher] = [await connect(device, thingName, version), await connect(observer, 'car1', version)];
    receiver.send(subscribe('$share/group2/cars/data'));
    await receiver.ping();
    const deliveries = async () => {
      publisher.send(publish('cars/data'));
      await publisher.ping();
      return (await receiver.ping()).map((packet) => packet.cmd === 'publish' && packet.topic);
    };
    const rights = (topic: string) => policyOf([`iot:Connect client/${thingName}`, `iot:Receive topic/${topic}`]);
    const received = [await deliveries()];
    for (const topic of ['$share/group2/cars/data', 'cars/data']) {
      fixture.registry.createPolicyVersion(thingName, rights(topic), { setAsDefault: true });
      received.push(await deliveries());
    }
    expect(received).toEqual([['cars/data'], [], ['cars/data']]);
  });
});
