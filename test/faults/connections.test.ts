import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { publishAll, subscribe } from '../support/group-member';
import { RawClient } from '../support/raw-client';
import { wait } from '../support/time';
import { useDevice, useIotCore } from '../support/use-iot-core';
import { versions } from '../support/versions';

// The first member of a group gets the messages.
// A busy machine takes long for 1,000 handshakes.
const fixture = useIotCore({ holdsTime: true, random: () => 0, handshakeTimeout: 120_000 });
const device = useDevice(fixture, 'device');

test('1,000 devices that connect at once are all served', async () => {
  const answers = Array.from({ length: 1000 }, async (_, index) => {
    const client = await fixture.open(device.credentials, 5);
    return client.connect({ clientId: `device ${index}` });
  });
  for (const answer of await Promise.all(answers)) expect(answer).toMatchObject({ cmd: 'connack', reasonCode: 0 });
}, 60_000);

/** A network path to IoT Core Local that can be cut without either side noticing. */
async function cuttable(): Promise<{ port: number; cut: () => void; close: () => void }> {
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(fixture.iotCore.port, '127.0.0.1');
    sockets.push(near, far);
    for (const socket of sockets) socket.on('error', () => {});
    near.pipe(far).pipe(near);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as { port: number }).port,
    cut: () => {
      for (const socket of sockets) socket.unpipe().pause();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

test.each(versions)(
  'A member whose network path is cut unnoticed has its messages handed over when its keep-alive is over, under MQTT %s',
  async (_, version) => {
    const way = await cuttable();
    const { rootCaPem } = fixture.iotCore;
    const lost = await RawClient.open({ port: way.port, rootCaPem, credentials: device.credentials, version });
    await lost.connect({ clientId: 'lost', keepalive: 60 });
    await subscribe(lost, '$share/group/t');
    const member = await fixture.open(device.credentials, version);
    await member.connect({ clientId: 'member', keepalive: 1200 });
    await subscribe(member, '$share/group/t');
    const publisher = await fixture.open(device.credentials, version);
    await publisher.connect({ clientId: 'publisher', keepalive: 1200 });

    way.cut();
    const payloads = Array.from({ length: 50 }, (_, index) => String(index));
    await publishAll(publisher, 't', payloads);
    wait(89);
    expect(await member.ping()).toEqual([]);
    wait(1);
    const came = (await member.ping()).map((packet) => packet.cmd === 'publish' && packet.payload.toString());
    expect(came).toEqual(payloads);
    way.close();
  },
);

describe('a TLS handshake', () => {
  const impatient = useIotCore({ handshakeTimeout: 20 });

  test.each([
    ['that does not begin', Buffer.alloc(0)],
    ['of which a part came', Buffer.of(0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03)],
  ])('A TLS handshake %s has its connection closed when its time is over', async (_, bytes) => {
    const socket = connect(impatient.iotCore.port, '127.0.0.1');
    socket.write(bytes);
    socket.on('error', () => {});
    await once(socket.resume(), 'close');
    expect(impatient.log.at(-1)).toEqual({ level: 'warn', message: 'A TLS handshake failed: TLS handshake timeout.' });
  });
});
