import { createServer, type Socket } from 'node:net';
import type { Failure } from '../../../lib/walk-through/clients/client-failure';
import { secureContext } from '../../../lib/walk-through/clients/secure-socket';
import { WorkingClient, type WorkOptions } from '../../../lib/walk-through/clients/working-client';
import type { TestDevice } from '../../support/iot-core-fixture';
import { useDevice, useIotCore } from '../../support/use-iot-core';

const fixture = useIotCore();
const worker = useDevice(fixture, 'worker');
const sender = useDevice(fixture, 'sender');
const confined = useDevice(fixture, 'confined', ['iot:Connect client/confined']);

const opened: WorkingClient[] = [];
afterEach(() => Promise.all(opened.splice(0).map((client) => client.end())));

async function connect(
  { thingName, credentials }: TestDevice,
  mqtt: 3 | 5,
  options: Partial<WorkOptions & { clientId: string }> = {},
): Promise<WorkingClient> {
  const client = await WorkingClient.connect({
    endpoint: fixture.iotCore,
    clientId: thingName,
    credentials: secureContext({ ...credentials, rootCa: fixture.iotCore.rootCaPem }),
    mqtt,
    answerTimeout: 5000,
    work: () => Promise.resolve(true),
    ...options,
  });
  opened.push(client);
  return client;
}

/** A list that messages are added to, and a wait until it has this many. */
function inbox() {
  const messages: string[] = [];
  let wake = () => {};
  const add = (message: string) => {
    messages.push(message);
    wake();
  };
  const has = async (count: number) => {
    while (messages.length < count) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return messages;
  };
  return { messages, add, has };
}

async function publish(...messages: string[]): Promise<void> {
  const client = await fixture.connect(sender, 5);
  for (const message of messages) await client.publishAsync('t', message, { qos: 1 });
}

describe.each([3, 5] as const)('Under MQTT %s', (mqtt) => {
  test('A worker does one message after the other, in the order in which they come', async () => {
    const { messages, add, has } = inbox();
    let atOnce = 0;
    const work = async (message: string) => {
      atOnce += 1;
      await new Promise((resolve) => setImmediate(resolve));
      add(`${message} of ${atOnce}`);
      atOnce -= 1;
      return true;
    };
    const client = await connect(worker, mqtt, { work });
    await client.subscribe('t', 1);
    await publish('a', 'b', 'c');
    await has(3);
    expect(messages).toEqual(['a of 1', 'b of 1', 'c of 1']);
  });

  test('A message that is not done is not acknowledged, and another member gets it when the worker is cut off', async () => {
    const [held, taken] = [inbox(), inbox()];
    const client = await connect(worker, mqtt, { onMessage: held.add, work: () => Promise.resolve(false) });
    await client.subscribe('$share/g/t', 1);
    await publish('a', 'b');
    await held.has(2);
    const other = await connect(sender, mqtt, { onMessage: taken.add });
    await other.subscribe('$share/g/t', 1);
    client.cut();
    expect((await taken.has(2)).sort()).toEqual(['a', 'b']);
  });

  test.each([
    ['a subscription', () => connect(confined, mqtt).then((client) => client.subscribe('t', 1)), 'SUBACK'],
    ['a client id', () => connect(confined, mqtt, { clientId: 'worker' }), 'CONNACK'],
  ])('%s that is refused fails as such', async (_, act, packet) => {
    const failure: Failure = mqtt === 5 ? ({ kind: 'answer', packet, code: 0x87 } as Failure) : { kind: 'closed' };
    await expect(act()).rejects.toMatchObject({ failure });
  });

  test('A connection that another client takes over is reported, with the reason where there is one', async () => {
    const lost = new Promise<Failure>((resolve) => void connect(worker, mqtt, { onLost: resolve }));
    await fixture.connect(worker, 5);
    const reason: Failure = { kind: 'answer', packet: 'DISCONNECT', code: 0x8e };
    expect(await lost).toEqual(mqtt === 5 ? reason : { kind: 'closed' });
  });
});

test('A worker gets no more messages than its Receive Maximum before it acknowledges one', async () => {
  const { messages, add, has } = inbox();
  const done: (() => void)[] = [];
  const work = () => new Promise<boolean>((resolve) => done.push(() => resolve(true)));
  const client = await connect(worker, 5, { onMessage: add, work, receiveMaximum: 1 });
  await client.subscribe('t', 1);
  await publish('a', 'b');
  await has(1);
  await client.unsubscribe('t');
  expect(messages).toEqual(['a']);
  done[0]();
  expect(await has(2)).toEqual(['a', 'b']);
});

test('A worker that ends or is cut off reports no loss', async () => {
  const onLost = jest.fn();
  const [ending, cut] = [await connect(worker, 5, { onLost }), await connect(sender, 5, { onLost })];
  await ending.end();
  cut.cut();
  await cut.end();
  expect(onLost).not.toHaveBeenCalled();
  expect([ending.open, cut.open]).toEqual([false, false]);
});

test('A server that does not answer is waited for no longer than the answer timeout', async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const connecting = WorkingClient.connect({
    endpoint: { host: '127.0.0.1', port },
    clientId: 'worker',
    credentials: secureContext({ ...worker.credentials, rootCa: fixture.iotCore.rootCaPem }),
    mqtt: 5,
    answerTimeout: 50,
    work: () => Promise.resolve(true),
  });
  await expect(connecting).rejects.toMatchObject({ failure: { kind: 'silence', milliseconds: 50 } });
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});
