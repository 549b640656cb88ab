import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { listen } from '../../lib/util/listen';

const host = '127.0.0.1';
const server = createServer();
const onError = jest.fn();

afterEach(() => {
  server.removeAllListeners().close();
});

test('A server that listens on port 0 gets a free port, which is returned', async () => {
  const port = await listen(server, { host, port: 0, option: '--port', onError });
  expect(server.address()).toMatchObject({ address: host, port });
});

test('An error of a server that listens is passed on, and the server goes on', async () => {
  const port = await listen(server, { host, port: 0, option: '--port', onError });
  const error = new Error('accept EMFILE');
  server.emit('error', error);
  expect(onError).toHaveBeenCalledWith(error);
  const client = connect(port, host);
  await once(server, 'connection');
  client.destroy();
});

test('A port that something listens on is reported with the option that chooses another', async () => {
  const port = await listen(server, { host, port: 0, option: '--port', onError });
  await expect(listen(createServer(), { host, port, option: '--api-port', onError })).rejects.toMatchObject({
    name: 'PortError',
    message: `Port ${port} of 127.0.0.1 cannot be opened: something listens on it already. Choose another with --api-port, or 0 for a free one.`,
  });
});

test('A number that is no port is reported with the numbers that are', async () => {
  await expect(listen(server, { host, port: 65_536, option: '--port', onError })).rejects.toMatchObject({
    name: 'PortError',
    message:
      'Port 65536 of 127.0.0.1 cannot be opened: a port is a number from 0 to 65535. Choose another with --port, or 0 for a free one.',
  });
});

test('A port that this user may not listen on is reported with the option that chooses another', async () => {
  jest.spyOn(server, 'listen').mockImplementationOnce(() => {
    throw Object.assign(new Error('listen EACCES: permission denied 127.0.0.1:443'), { code: 'EACCES' });
  });
  await expect(listen(server, { host, port: 443, option: '--port', onError })).rejects.toThrow(
    'Port 443 of 127.0.0.1 cannot be opened: this user may not listen on it. Choose another with --port, or 0 for a free one.',
  );
});

test('A host that is not an address of this machine is reported, and no other port is advised', async () => {
  await expect(listen(server, { host: '192.0.2.1', port: 0, option: '--port', onError })).rejects.toMatchObject({
    name: 'PortError',
    message: 'Port 0 of 192.0.2.1 cannot be opened: listen EADDRNOTAVAIL: address not available 192.0.2.1.',
  });
});
