import { once } from 'node:events';
import { request } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { connectAsync } from 'mqtt';
import { explanationOf } from '../../../lib/iot-core-local/api/client-error';
import { clientConnects } from '../../codec/client-connects';
import { useAccount } from '../../support/use-account';
import { useDevice } from '../../support/use-iot-core';

const account = useAccount();
const car1 = useDevice(account.fixture, 'car1');

const served = 'this port serves the AWS IoT API over plain HTTP';
const mqtt = () => `MQTT over TLS is on port ${account.fixture.iotCore.port}`;
const refused = (explanation: string) => ({
  level: 'warn',
  message: `A connection to the API was refused: the client ${explanation}.`,
});

/** What the API answers to these bytes before it closes the connection. */
async function answerTo(bytes: string): Promise<string> {
  const socket = connectTcp(account.controlPlane.port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(bytes, 'latin1');
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

const reasons = [
  ['bytes that begin as CONNECT does', '\x10', 400, 'Invalid method encountered'],
  ['no HTTP', 'hello\r\n\r\n', 400, 'Invalid method encountered'],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'Pause on PRI/Upgrade'],
  ['a broken header', 'GET / HTTP/1.1\r\nbroken header\r\n\r\n', 400, 'Invalid header token'],
  ['too many headers', `GET / HTTP/1.1\r\na: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'Header overflow'],
] as const;

test.each(reasons)(
  'A client of the API that sends %s is refused, and the log says why',
  async (_, bytes, status, reason) => {
    expect(await answerTo(bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} .*\r\nConnection: close\r\n\r\n$`));
    expect(account.fixture.log.at(-1)).toEqual(refused(`sent what is not HTTP/1.1 (${reason}), and ${served}`));
  },
);

test('An MQTT client without TLS that connects to the API is named in the log, with the right port', async () => {
  const url = `mqtt://127.0.0.1:${account.controlPlane.port}`;
  await expect(connectAsync(url, { reconnectPeriod: 0, clientId: 'car1' }, false)).rejects.toThrow();
  expect(account.fixture.log.at(-1)).toEqual(refused(`sent MQTT's CONNECT without TLS, and ${served}; ${mqtt()}`));
});

test('An MQTT client over WebSocket that connects to the API is named in the log', async () => {
  const url = `ws://127.0.0.1:${account.controlPlane.port}/mqtt`;
  await expect(connectAsync(url, { reconnectPeriod: 0 }, false)).rejects.toThrow();
  expect(account.fixture.log.at(-1)).toEqual(
    refused('asked for a WebSocket; IoT Core Local has no MQTT over WebSocket'),
  );
});

test.each([
  [
    'An MQTT client with a certificate',
    (port: number) =>
      connectTls({ host: '127.0.0.1', port, key: car1.credentials.key, cert: car1.credentials.certificate }),
  ],
  ['A client of https://', (port: number) => request({ host: '127.0.0.1', port }).end()],
])('%s that connects to the API over TLS is named in the log, with the port of MQTT', async (_, open) => {
  await once(open(account.controlPlane.port), 'error').catch(() => {});
  expect(account.fixture.log.at(-1)).toEqual(refused(`began a TLS handshake, and ${served}; ${mqtt()}`));
});

test('A client of the API that breaks off its request is not logged as one that mixed up the ports', async () => {
  const { length } = account.fixture.log;
  const socket = connectTcp({ port: account.controlPlane.port, host: '127.0.0.1', allowHalfOpen: true });
  socket.end('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab');
  await once(socket.resume(), 'end');
  socket.destroy();
  expect(account.fixture.log.slice(length)).toEqual([]);
});

test.each(clientConnects)('MQTT $version: $name is taken for a CONNECT', ({ bytes }) => {
  const error = Object.assign(new Error('Parse Error'), { rawPacket: bytes });
  expect(explanationOf(error, 8883)).toContain("the client sent MQTT's CONNECT without TLS");
});
