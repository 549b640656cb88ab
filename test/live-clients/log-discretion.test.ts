import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { IConnectPacket, Packet } from 'mqtt-packet';
import { defaultLogLimits } from '../../lib/iot-core-local/log-limiter';
import { subscribe } from '../support/group-member';
import { connectPacket, type RawClient } from '../support/raw-client';
import { useIotCore } from '../support/use-iot-core';
import { versions } from '../support/versions';

/** What must not be read in the log. */
const secret = randomBytes(8).toString('hex');

const fixture = useIotCore({ forEachTest: true });

describe.each(versions)('under MQTT %s, nothing of a payload, a will, a password or a key is logged', (_, version) => {
  const properties =
    version === 5 ? { userProperties: { [secret]: secret }, correlationData: Buffer.from(secret) } : undefined;
  const common = { payload: secret, qos: 1, retain: false, properties } as const;

  function telling(clientId: string, willQos: 1 | 2 = 1): IConnectPacket {
    const will = { ...common, topic: 't', qos: willQos };
    return connectPacket(version, { clientId, username: secret, password: Buffer.from(secret), will });
  }

  const publish = (topic: string, payload = secret): Packet =>
    ({ ...common, cmd: 'publish', topic, payload, messageId: 1, dup: false }) as const;

  test.each<[string, string, (client: RawClient) => Promise<unknown>]>([
    [
      'a subscriber that may not receive',
      'was denied iot:Receive',
      async (client) => {
        await subscribe(client, 't');
        client.send(publish('t'));
        await client.ping();
      },
    ],
    [
      'a publisher that may not',
      'was denied iot:Publish',
      async (client) => {
        client.send(publish('other'));
        await (version === 5 ? client.ping() : client.closed);
      },
    ],
    [
      'too large a payload',
      'it published more than 131072 bytes',
      async (client) => {
        client.send(publish('t', secret.padEnd(131_073)));
        await client.closed;
      },
    ],
    [
      'a malformed PUBLISH',
      'Bytes needed for the topic name',
      async (client) => {
        client.send(Buffer.from(`3 ${secret.padEnd(32)}`));
        await client.closed;
      },
    ],
    [
      'a second CONNECT',
      'CONNECT came a second time',
      async (client) => {
        client.send(telling('again'));
        await client.closed;
      },
    ],
  ])('The log keeps the secrets of %s', async (_case, told, act) => {
    const device = await fixture.device('car1', ['iot:Connect client/*', 'iot:Publish topic/t', 'iot:* topicfilter/t']);
    const client = await fixture.open(device.credentials, version);
    client.send(telling('client'));
    expect(await client.next()).toMatchObject({ cmd: 'connack' });
    await act(client);
    expect(fixture.logText).toContain(told);
    await fixture.stop();
    expect(fixture.logText).not.toContain(secret);
    expect(fixture.logText).not.toContain('PRIVATE KEY');
  });

  test('The log keeps the secrets of a CONNECT that is refused', async () => {
    const device = await fixture.device('car1');
    const client = await fixture.open(device.credentials, version);
    client.send(telling('client', 2));
    await client.closed;
    expect(fixture.logText).toContain('was refused: its will has QoS 2');
    expect(fixture.logText).not.toContain(secret);
  });
});

test.each([
  ['begin a line', '\nerror forged'],
  ['command the terminal', '\u001b[31m'],
  ['command the terminal by a single character', '\u009b31m'],
  ['turn the direction of writing', '\u202eforged'],
])('A client id or a topic cannot %s in the log', async (_, text) => {
  const device = await fixture.device('car1', ['iot:Connect client/*']);
  const client = await fixture.open(device.credentials, 5);
  await client.connect({ clientId: `c${text}` });
  client.send({ cmd: 'publish', topic: `t${text}`, payload: '', qos: 0, dup: false, retain: false });
  // Answered, or not because the connection was closed for it.
  await client.ping().catch(() => {});
  await fixture.stop();
  expect(fixture.log.length).toBeGreaterThan(1);
  for (const { message } of fixture.log) expect(message).not.toMatch(/[\p{Control}\p{Bidi_Control}\p{Zl}\p{Zp}]/u);
});

test('Only this machine is served unless told otherwise', async () => {
  const addresses = Object.values(networkInterfaces()).flatMap((found = []) => found);
  for (const { address, family, internal } of addresses) {
    if (internal || family !== 'IPv4') continue;
    const socket = connect(fixture.iotCore.port, address);
    const outcome = await new Promise((resolve) => {
      socket.once('connect', () => resolve('served'));
      socket.once('error', () => resolve('refused'));
    });
    socket.destroy();
    expect(outcome).toBe('refused');
  }
  expect(fixture.iotCore.host).toBe('127.0.0.1');
});

describe('The log as it is limited', () => {
  const held = useIotCore({ holdsTime: true, logLimits: defaultLogLimits });

  test('A client that tries ever new forbidden topics adds few lines to the log, and the numbers add up', async () => {
    const device = await held.device('car1', ['iot:Connect client/*']);
    const client = await held.open(device.credentials, 5);
    await client.connect({ clientId: 'flood' });
    for (let batch = 0; batch < 10; batch += 1) {
      const topics = Array.from({ length: 500 }, (_, index) => `t${batch}/${index}`);
      client.send(
        ...topics.map((topic) => ({ cmd: 'publish', topic, payload: '', qos: 0, dup: false, retain: false }) as const),
      );
      await client.ping();
    }
    await held.stop();
    const lines = held.log.map(({ message }) => message);
    const denials = lines.filter((line) => / was denied iot:Publish on "t\d\/\d+": /.test(line));
    expect(denials).toHaveLength(99);
    // A summary comes at the end, and others before it on a slow machine.
    const summaries = lines.filter((line) => /^([\d,]+) further lines were left out: \1 of "flood"\.$/.test(line));
    expect(lines).toHaveLength(1 + denials.length + summaries.length);
    // Beside the 5,000 denials there are a line of its coming, one of its rate and one of its going.
    const leftOut = summaries.map((line) => Number(/^[\d,]+/.exec(line)![0].replace(',', '')));
    expect(leftOut.reduce((sum, count) => sum + count, 0)).toBe(5003 - 100);
  });
});
