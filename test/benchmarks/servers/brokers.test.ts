import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPeers, iotCoreLocal, least } from '../../../benchmarks/servers/brokers';
import { setUpPermissive } from '../../../benchmarks/servers/permissive-setup';
import { connectPacket, exchange, openSocket, publishPacket, subscribePacket } from '../../../benchmarks/servers/wire';
import { temporaryFolder } from '../../support/temporary-folder';

const root = temporaryFolder();

/** An environment with this program alone on its PATH. @param code - the program's JavaScript */
function environmentWith(name: string, code: string): NodeJS.ProcessEnv {
  const bin = mkdtempSync(join(root, 'bin-'));
  writeFileSync(join(bin, name), `#!${process.execPath}\n${code}`, { mode: 0o755 });
  return { PATH: bin };
}

/** A broker that reads what it needs of FlashMQ's configuration: it serves TLS, and accepts every CONNECT. */
const fakeFlashmq = `
const { readFileSync, existsSync } = require('node:fs');
if (process.argv[2] === '--version') {
  console.log('FlashMQ Version 1.26.2 with SSE support');
  process.exit();
}
const configuration = readFileSync(process.argv[process.argv.indexOf('-c') + 1], 'utf8');
const valueOf = (key) => configuration.match(new RegExp('^ *' + key + ' (.*)$', 'm'))[1];
if (!readFileSync(valueOf('mosquitto_acl_file'), 'utf8').includes('user any')) throw new Error('No rights.');
const server = require('node:tls').createServer(
  {
    key: readFileSync(valueOf('privkey')),
    cert: readFileSync(valueOf('fullchain')),
    ca: readFileSync(valueOf('client_verification_ca_file')),
    requestCert: true,
  },
  (socket) => socket.on('error', () => {}).on('data', () => socket.write(Buffer.from([0x20, 3, 0, 0, 0]))),
);
server.listen(Number(valueOf('port')), valueOf('inet4_bind_address'));
`;

test('FlashMQ takes part where its command is on the PATH, with its version', async () => {
  const { installed, missing } = findPeers(environmentWith('flashmq', fakeFlashmq));
  expect(missing).toEqual(['mosquitto']);
  expect(installed.map(({ name }) => name)).toEqual(['FlashMQ 1.26.2']);
  const { setup, identity } = await setUpPermissive(newFolder());
  const server = await installed[0].start(setup);
  const socket = await openSocket(server.port, identity);
  await exchange(socket, connectPacket('any'), 0x20);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await server.stop();
  await closed;
});

test('A program that says no version takes part without one', () => {
  const { installed } = findPeers(environmentWith('mosquitto', ''));
  expect(installed.map(({ name }) => name)).toEqual(['mosquitto of an unknown version']);
});

test('A program that does not listen is named', async () => {
  const env = environmentWith('flashmq', 'process.exit(process.argv[2] === "--version" ? 0 : 3);');
  const [flashmq] = findPeers(env).installed;
  const { setup } = await setUpPermissive(newFolder());
  await expect(flashmq.start(setup)).rejects.toThrow(/^flashmq does not listen on port \d+\.$/);
});

test('Where neither program is on the PATH, both are missing', () => {
  expect(findPeers({ PATH: root })).toEqual({ installed: [], missing: ['FlashMQ', 'mosquitto'] });
});

test.each([iotCoreLocal, least])(
  '$name gives a message at QoS 1, with and without properties, to the consumer and to a group member',
  async (broker) => {
    const { setup, identity } = await setUpPermissive(newFolder());
    const server = await broker.start(setup);
    const connect = async (clientId: string) => {
      const socket = await openSocket(server.port, identity);
      await exchange(socket, connectPacket(clientId), 0x20);
      return socket;
    };
    const [member, consumer, publisher] = [await connect('member'), await connect('consumer'), await connect('car')];
    await exchange(member, subscribePacket('$share/group/t', 1), 0x90);
    await exchange(consumer, subscribePacket('t', 1), 0x90);
    for (const [index, withProperties] of [false, true].entries()) {
      const { bytes, packetIdAt } = publishPacket('t', Buffer.from('payload'), { qos: 1, withProperties });
      bytes.writeUInt16BE(7, packetIdAt);
      const received = [member, consumer].map(
        (socket) => new Promise<Buffer>((resolve) => socket.once('data', resolve)),
      );
      await exchange(publisher, bytes, 0x40);
      const expected = Buffer.from(bytes);
      expected.writeUInt16BE(index + 1, packetIdAt);
      expect(await Promise.all(received)).toEqual([expected, expected]);
    }
    for (const socket of [member, consumer, publisher]) socket.destroy();
    await server.stop();
  },
);

function newFolder(): string {
  return mkdtempSync(join(root, 'folder-'));
}
