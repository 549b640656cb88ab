import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { DeviceClient } from '../../../lib/walk-through/clients/device-client';
import { forgedCredentials } from '../../../lib/walk-through/clients/forged-credentials';
import { secureContext } from '../../../lib/walk-through/clients/secure-socket';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

/** Starts a server that does not speak MQTT. @returns its port */
async function serve(onConnection: (socket: Socket) => void): Promise<number> {
  const server = createServer(onConnection);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function connect(port: number, answerTimeout: number): Promise<DeviceClient> {
  const { key, certificate } = await forgedCredentials('car1', '');
  const credentials = secureContext({ key, certificate, rootCa: certificate });
  return DeviceClient.connect({
    endpoint: { host: '127.0.0.1', port },
    clientId: 'car1',
    credentials,
    mqtt: 5,
    answerTimeout,
  });
}

test('A connect to a port without a server fails with ECONNREFUSED', async () => {
  const port = await serve(() => {});
  await new Promise((resolve) => servers.pop()!.close(resolve));
  await expect(connect(port, 10_000)).rejects.toMatchObject({
    failure: { kind: 'trouble', message: `connect ECONNREFUSED 127.0.0.1:${port}` },
  });
});

test('A connection that the server closes fails as closed, not as unreachable', async () => {
  const port = await serve((socket) => socket.destroy());
  await expect(connect(port, 10_000)).rejects.toMatchObject({ failure: { kind: 'closed' } });
});

test('A connect to a silent server fails after the answer timeout', async () => {
  const port = await serve((socket) => socket.resume().on('error', () => {}));
  await expect(connect(port, 50)).rejects.toMatchObject({ failure: { kind: 'silence', milliseconds: 50 } });
});

test('A connect to a server without TLS fails as trouble', async () => {
  const port = await serve((socket) =>
    socket
      .resume()
      .on('error', () => {})
      .end('HTTP/1.1 400 Bad Request\r\n\r\n'),
  );
  await expect(connect(port, 10_000)).rejects.toMatchObject({ failure: { kind: 'trouble' } });
});
