import type { MqttClient } from 'mqtt';
import { event, policyOf } from '../support/iot-core-fixture';
import { useDevice, useIotCore } from '../support/use-iot-core';
import { versions } from '../support/versions';

/** AWS IoT Core's answers to denied requests: docs/fidelity.md, "Policies". */
const fixture = useIotCore();
const car1 = useDevice(fixture, 'car1', ['iot:Connect client/car1', 'iot:Publish topic/cars/data']);
const subscriber = useDevice(fixture, 'subscriber', [
  'iot:Connect client/subscriber',
  'iot:Subscribe topicfilter/$share/group2/cars/data',
  'iot:Subscribe topicfilter/cars/*',
  'iot:Receive topic/cars/data',
]);
const observer = useDevice(fixture, 'observer');

/** The lines that were logged while something was done. */
async function logOf(action: () => Promise<unknown>): Promise<string[]> {
  const before = fixture.log.length;
  await action();
  return fixture.log.slice(before).map(({ level, message }) => `${level} ${message}`);
}

const wouldAllow = (action: string, resource: string) =>
  JSON.stringify(policyOf([`${action} ${resource}` as 'iot:Publish topic/x']).Statement[0]);

/** All that comes on every topic, as long as the client is there. */
async function observe(): Promise<{ client: MqttClient; seen: string[]; until(payload: string): Promise<void> }> {
  const client = await fixture.connect(observer, 5);
  const seen: string[] = [];
  const arrivals = new Map<string, () => void>();
  client.on('message', (topic, payload) => {
    seen.push(`${topic} ${payload}`);
    arrivals.get(String(payload))?.();
  });
  await client.subscribeAsync('#');
  const until = (payload: string) => new Promise<void>((resolve) => arrivals.set(payload, resolve));
  return { client, seen, until };
}

describe.each(versions)('under MQTT %s', (_, version) => {
  test('A message that the policy allows is delivered', async () => {
    const [publisher, receiver] = [await fixture.connect(car1, version), await fixture.connect(subscriber, version)];
    const granted = await receiver.subscribeAsync({ '$share/group2/cars/data': { qos: 1 }, 'cars/data': { qos: 0 } });
    expect(granted.map(({ qos }) => qos)).toEqual([1, 0]);
    const arrived = event(receiver, 'message');
    await publisher.publishAsync('cars/data', '75', { qos: 1 });
    expect(await arrived).toMatchObject(['cars/data', Buffer.from('75'), {}]);
  });

  test('A user name like the SDK’s is ignored, and so is a password', async () => {
    const options = { username: '?SDK=NodeJSv2&Version=1.21.0', password: 'sesame' };
    const client = await fixture.connect(car1, version, options);
    expect(client.connected).toBe(true);
    expect(fixture.logText).not.toContain('sesame');
  });

  test('A client id that is not allowed is refused', async () => {
    const connecting = logOf(async () => {
      const answer = fixture.connect(car1, version, { clientId: 'car2' });
      await expect(answer).rejects.toMatchObject(
        version === 5 ? { code: 0x87 } : { message: expect.stringMatching(/connect/i) },
      );
    });
    expect(await connecting).toEqual(
      expect.arrayContaining([
        `warn "car2" with the certificate of car1 was denied iot:Connect on "car2": no statement of policy car1 allows it; this one would: ${wouldAllow('iot:Connect', 'client/car2')}.`,
        'warn "car2" was refused: it may not connect under this client id.',
      ]),
    );
  });

  test('A client id that is not allowed does not close the connection that has it', async () => {
    const victim = await fixture.connect(subscriber, version);
    await expect(fixture.connect(car1, version, { clientId: 'subscriber' })).rejects.toThrow();
    await victim.subscribeAsync('cars/data');
    expect(victim.connected).toBe(true);
  });

  test.each([
    ['to the same topic’s plain filter', 'trucks/data'],
    ['to another group', '$share/group1/cars/data'],
    ['with a wildcard that takes in more than is allowed', '#'],
    ['with a wildcard in a group', '$share/group2/#'],
  ])('A subscription %s is denied', async (_what, filter) => {
    const client = await fixture.connect(subscriber, version);
    const closed = event(client, 'close');
    const answer = client.subscribeAsync(filter, { qos: 1 });
    const log = await logOf(async () => {
      if (version === 5) await expect(answer).rejects.toThrow(/Not authorized/);
      else await Promise.all([closed, expect(answer).rejects.toThrow()]);
    });
    expect(client.connected).toBe(version === 5);
    expect(log).toContain(
      `warn "subscriber" was denied iot:Subscribe on "${filter}": no statement of policy subscriber allows it; this one would: ${wouldAllow('iot:Subscribe', `topicfilter/${filter}`)}.`,
    );
  });

  test.each([0, 1] as const)('A message of QoS %i to another topic is denied, and reaches nobody', async (qos) => {
    const { seen, until } = await observe();
    const client = await fixture.connect(car1, version);
    const closed = event(client, 'close');
    const answer = client.publishAsync('cars/data/x', 'stolen secret', { qos });
    const log = await logOf(async () => {
      if (version === 4) await Promise.race([closed, answer.then(() => closed)]);
      else if (qos === 1) await expect(answer).rejects.toMatchObject({ code: 0x87 });
      else await answer;
      const control = version === 5 ? client : await fixture.connect(car1, version);
      const arrived = until(`end ${version} ${qos}`);
      await control.publishAsync('cars/data', `end ${version} ${qos}`);
      await arrived;
    });
    expect(client.connected).toBe(version === 5);
    expect(seen).toEqual([`cars/data end ${version} ${qos}`]);
    expect(log).toContain(
      `warn "car1" was denied iot:Publish on "cars/data/x": no statement of policy car1 allows it; this one would: ${wouldAllow('iot:Publish', 'topic/cars/data/x')}.`,
    );
    expect(fixture.logText).not.toContain('stolen secret');
  });

  test('A message to be retained is denied to a client that may only publish', async () => {
    const client = await fixture.connect(car1, version);
    const closed = event(client, 'close');
    const answer = client.publishAsync('cars/data', 'keep me', { qos: 1, retain: true });
    if (version === 5) await expect(answer).rejects.toMatchObject({ code: 0x87 });
    else await Promise.race([closed, answer.then(() => closed)]);
    const { client: late, seen } = await observe();
    await late.subscribeAsync('cars/data');
    await late.unsubscribeAsync('cars/data');
    expect(seen).toEqual([]);
  });

  test('A message that may not be received is not delivered, and the subscription stays', async () => {
    const receiver = await fixture.connect(subscriber, version);
    const received: string[] = [];
    receiver.on('message', (topic) => received.push(topic));
    await receiver.subscribeAsync('cars/+', { qos: 1 });
    const publisher = await fixture.connect(observer, version, { clientId: 'publisher' });
    const arrived = event(receiver, 'message');
    const log = await logOf(async () => {
      for (let count = 0; count < 3; count += 1) await publisher.publishAsync('cars/secret', 'x', { qos: 1 });
      await publisher.publishAsync('cars/data', 'y', { qos: 1 });
      await arrived;
    });
    expect(received).toEqual(['cars/data']);
    // Once, not with each message.
    expect(log.filter((line) => line.includes('"subscriber" was denied iot:Receive on "cars/secret"'))).toHaveLength(1);
  });

  test('A will is sent to a topic that its client may publish to, and to no other', async () => {
    const { seen, until } = await observe();
    const gone = `gone ${version}`;
    const ofWill = (log: string[], fate: string) => log.filter((line) => line.endsWith(`so the will ${fate}.`));
    const log = await logOf(async () => {
      for (const [topic, retain, isSent] of [
        ['cars/secret', false, false],
        ['cars/data', true, false],
        ['cars/data', false, true],
      ] as const) {
        const raw = await fixture.open(car1.credentials, version);
        const connecting = raw.connect({ clientId: 'car1', will: { topic, payload: gone, qos: 1, retain } });
        expect(ofWill(await logOf(() => connecting), 'would be dropped')).toHaveLength(isSent ? 0 : 1);
        const arrived = isSent ? until(gone) : undefined;
        raw.destroy();
        await arrived;
      }
    });
    expect(seen).toEqual([`cars/data ${gone}`]);
    for (const fate of ['is dropped', 'would be dropped']) {
      expect(ofWill(log, fate)).toEqual(
        ['cars/secret', 'cars/data'].map(
          (topic) => `warn "car1" may not publish its will to "${topic}", so the will ${fate}.`,
        ),
      );
    }
  });

  test('A policy that is detached takes effect on a live connection, and so does one that is attached', async () => {
    const name = `changing${version}`;
    const { registry } = fixture;
    const device = await fixture.device(name);
    const client = await fixture.connect(device, version);
    await client.publishAsync('cars/data', 'x', { qos: 1 });
    registry.detachPolicy(name, device.certificate.certificateArn);
    const closed = event(client, 'close');
    const answer = client.publishAsync('cars/data', 'x', { qos: 1 });
    if (version === 4) {
      await Promise.race([closed, answer.then(() => closed)]);
      return;
    }
    await expect(answer).rejects.toMatchObject({ code: 0x87 });
    expect(fixture.log.at(-1)?.message).toContain('its certificate has no policy');
    registry.attachPolicy('observer', device.certificate.certificateArn);
    await client.publishAsync('cars/data', 'x', { qos: 1 });
  });

  test('A new default version of a policy takes effect on a live subscription', async () => {
    const name = `narrowed${version}`;
    const device = await fixture.device(name);
    const receiver = await fixture.connect(device, version);
    const received: string[] = [];
    receiver.on('message', (_topic, payload) => received.push(String(payload)));
    await receiver.subscribeAsync('#');
    const publisher = await fixture.connect(observer, version, { clientId: 'publisher' });
    const publish = async (payload: string) => {
      await publisher.publishAsync(name, payload, { qos: 1 });
      // A round trip: all earlier messages for the receiver have arrived.
      await receiver.unsubscribeAsync('nothing');
    };
    await publish('before');
    const narrower = policyOf([`iot:Connect client/${name}`]);
    fixture.registry.createPolicyVersion(name, narrower, { setAsDefault: true });
    await publish('after');
    expect(received).toEqual(['before']);
  });

  test('A persistent session is denied where a statement says so', async () => {
    const name = `fleeting${version}`;
    const device = await fixture.device(name, [`iot:Connect client/${name}`]);
    const { certificateArn } = device.certificate;
    const Condition = { 'ForAnyValue:StringEquals': { 'iot:ConnectAttributes': ['PersistentConnect'] } };
    const deny = { Effect: 'Deny', Action: 'iot:Connect', Resource: '*', Condition };
    fixture.registry.createPolicy(`${name}-deny`, { Version: '2012-10-17', Statement: [deny] });
    fixture.registry.attachPolicy(`${name}-deny`, certificateArn);
    await fixture.connect(device, version, { clean: true });
    const options = { clean: false, properties: { sessionExpiryInterval: 60 } };
    await expect(fixture.connect(device, version, options)).rejects.toThrow();
    expect(fixture.logText).toContain(`on "${name}": statement 1 of policy ${name}-deny denies it.`);
  });
});

test('No key and no certificate is ever logged', () => {
  expect(fixture.log.length).toBeGreaterThan(10);
  expect(fixture.logText).not.toMatch(/PRIVATE|CERTIFICATE|-----/);
});
