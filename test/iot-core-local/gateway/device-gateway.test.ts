import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { ClientConnection } from '../../../lib/iot-core-local/gateway/client-connection';
import { LocalIotCore } from '../../../lib/iot-core-local/local-iot-core';
import { CertificateAuthority } from '../../../lib/iot-core-local/registry/certificate-authority';
import { IotCoreFixture, issue } from '../../support/iot-core-fixture';
import { connectPacket } from '../../support/raw-client';
import type { Credentials } from '../../support/secure-context';
import { wait } from '../../support/time';
import { useDevice, useIotCore } from '../../support/use-iot-core';

const fixture = useIotCore();
const car1 = useDevice(fixture, 'car1');

/** Whether a connection with these credentials is served: it is where a PINGREQ behind the CONNECT is answered. */
async function isServed(credentials: Credentials | undefined, tls: ConnectionOptions = {}): Promise<boolean> {
  const client = await fixture.open(credentials, 5, tls);
  client.send(connectPacket(5, { clientId: 'any' }));
  client.send({ cmd: 'pingreq' });
  await Promise.race([client.closed, client.next()]);
  const isOpen = await client.next().then(
    () => true,
    () => false,
  );
  client.destroy();
  return isOpen;
}

/** A new certificate of IoT Core Local's own CA, and how it was registered. */
async function registered(status: 'ACTIVE' | 'INACTIVE' | 'REVOKED'): Promise<Credentials> {
  const { key, certificatePem } = await issue(fixture.certificateAuthority, 'car9');
  fixture.registry.registerCertificate(certificatePem, status);
  return { key, certificate: certificatePem };
}

describe('TLS', () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)('%s is served by the endpoint', async (version) => {
    expect(await isServed(car1.credentials, { minVersion: version, maxVersion: version })).toBe(true);
  });

  test('TLS 1.1 is not served', async () => {
    const tls = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await expect(isServed(car1.credentials, tls)).rejects.toThrow();
  });

  test.each([[['x-amzn-mqtt-ca']], [['h2', 'x-amzn-mqtt-ca']]])(
    'A connection with ALPN %j is served',
    async (ALPNProtocols) => {
      expect(await isServed(car1.credentials, { ALPNProtocols })).toBe(true);
    },
  );

  test.each([[['x-amzn-http-ca']], [['mqtt']]])('A connection with ALPN %j is refused', async (ALPNProtocols) => {
    await expect(isServed(car1.credentials, { ALPNProtocols })).rejects.toThrow();
  });

  test('The endpoint shows its certificate, which a client of another root does not trust', async () => {
    const { rootPem } = await CertificateAuthority.create();
    await expect(isServed(car1.credentials, { ca: rootPem })).rejects.toThrow(/certificate/);
    expect(await isServed(car1.credentials, { servername: 'localhost' })).toBe(true);
  });

  test.each([
    ['an HTTP request', 'GET / HTTP/1.0\r\n\r\n', 'the client sent an HTTP request without TLS'],
    ['a CONNECT of MQTT', '\x10\x10\0\x04MQTT\x04\x02\0\x3c\0\x04car1', 'the client sent bytes that are not TLS'],
  ])('A client that sends %s without TLS is logged in one line', async (_, bytes, explanation) => {
    const socket = connectTcp(fixture.iotCore.port, '127.0.0.1').on('error', () => {});
    socket.write(bytes);
    await once(socket.resume(), 'close');
    expect(fixture.log.at(-1)).toEqual({
      level: 'warn',
      message: `A TLS handshake failed: ${explanation}, and this port serves MQTT over TLS.`,
    });
  });
});

describe('an HTTP client on the MQTT port', () => {
  const webSocket = 'GET /mqtt HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';

  /** What a client is answered to these bytes. */
  async function answerTo(credentials: Credentials | undefined, bytes: string): Promise<string> {
    const socket = connectTls({
      host: '127.0.0.1',
      port: fixture.iotCore.port,
      ca: fixture.iotCore.rootCaPem,
      key: credentials?.key,
      cert: credentials?.certificate,
    });
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.write(bytes);
    await once(socket, 'close');
    return Buffer.concat(chunks).toString();
  }

  test.each([
    ['an HTTP client with a certificate', true, 'GET / HTTP/1.1\r\n\r\n', 'publishing over HTTPS'],
    ['an HTTP client without a certificate', false, 'GET / HTTP/1.1\r\n\r\n', 'publishing over HTTPS'],
    ['a WebSocket client with a certificate', true, webSocket, 'MQTT over WebSocket'],
    ['a WebSocket client without a certificate', false, webSocket, 'MQTT over WebSocket'],
  ])('%s is told what the port serves, and so is the log', async (_, hasCertificate, bytes, lacking) => {
    const answer = await answerTo(hasCertificate ? car1.credentials : undefined, bytes);
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).toContain(
      `This port serves MQTT 3.1.1 and 5 over TLS with client certificates. IoT Core Local has no ${lacking}.`,
    );
    expect(fixture.log.at(-1)?.message).toMatch(
      new RegExp(`^A (client without a CONNECT|connection) was refused: it .*; IoT Core Local has no ${lacking}\\.$`),
    );
  });

  test('The log explains that a client offered the protocols of HTTP by ALPN', async () => {
    await expect(isServed(car1.credentials, { ALPNProtocols: ['h2', 'http/1.1'] })).rejects.toThrow();
    expect(fixture.log.at(-1)?.message).toBe(
      'A TLS handshake failed: the client offered no ALPN protocol of MQTT ("x-amzn-mqtt-ca", or none at all), as HTTP and WebSocket clients do.',
    );
  });

  test('A client without a certificate that sends nothing has its connection closed', async () => {
    const client = await fixture.open(undefined, 5);
    await client.closed;
    expect(fixture.log.at(-1)?.message).toBe('A connection was refused: it came without a client certificate.');
  });
});

describe('a certificate', () => {
  test('A certificate that is registered and ACTIVE opens a connection, whatever its CA', async () => {
    const { key, certificatePem } = await issue(await CertificateAuthority.create(), 'stranger');
    const credentials = { key, certificate: certificatePem };
    expect(await isServed(credentials)).toBe(false);
    expect(fixture.log.at(-1)?.message).toMatch(
      /^A connection was refused: certificate [0-9a-f]{64} is not registered\.$/,
    );
    const { certificateArn } = fixture.registry.registerCertificate(certificatePem, 'ACTIVE');
    fixture.registry.attachPolicy('car1', certificateArn);
    expect(await isServed(credentials)).toBe(true);
  });

  test('A certificate of IoT Core Local’s own CA that nobody registered opens no connection', async () => {
    const { key, certificatePem } = await issue(fixture.certificateAuthority, 'car9');
    expect(await isServed({ key, certificate: certificatePem })).toBe(false);
  });

  test.each(['INACTIVE', 'REVOKED'] as const)('A certificate that is %s opens no connection', async (status) => {
    expect(await isServed(await registered(status))).toBe(false);
    expect(fixture.log.at(-1)?.message).toMatch(
      new RegExp(`^A connection was refused: certificate \\w{64} is ${status}\\.$`),
    );
  });

  test('The log names the things of a certificate that opens no connection', async () => {
    const { credentials, certificate } = await fixture.device('two-things');
    fixture.registry.createThing('second');
    fixture.registry.attachThingPrincipal('second', certificate.certificateArn);
    fixture.registry.updateCertificate(certificate.certificateId, 'INACTIVE');
    expect(await isServed(credentials)).toBe(false);
    expect(fixture.log.at(-1)?.message).toMatch(/certificate \w{64} of two-things, second is INACTIVE\.$/);
  });

  test('A certificate in the mode SNI_ONLY opens a connection to a client that sends a server name, and to no other', async () => {
    const { key, certificatePem } = await issue(await CertificateAuthority.create(), 'stranger');
    const credentials = { key, certificate: certificatePem };
    const { certificateArn } = fixture.registry.registerCertificate(certificatePem, 'ACTIVE', 'SNI_ONLY');
    fixture.registry.attachPolicy('car1', certificateArn);
    expect(await isServed(credentials, { servername: 'localhost' })).toBe(true);
    expect(await isServed(credentials)).toBe(false);
    expect(fixture.log.at(-1)?.message).toMatch(
      /^A connection was refused: certificate [0-9a-f]{64} is SNI_ONLY, and the client sent no server name \(SNI\)/,
    );
  });

  test('A client without a certificate is refused', async () => {
    expect(await isServed(undefined)).toBe(false);
    expect(fixture.log.at(-1)?.message).toBe('A connection was refused: it came without a client certificate.');
  });

  test('A certificate without its key opens no connection', async () => {
    const { key } = await issue(fixture.certificateAuthority, 'car1');
    await expect(isServed({ key, certificate: car1.credentials.certificate })).rejects.toThrow(/key/);
  });

  test.each([4, 5] as const)(
    'A certificate that is deactivated has its live connections closed, and no other, under version %i',
    async (version) => {
      const device = await fixture.device(`leaving${version}`);
      const [leaving, staying] = [
        await fixture.open(device.credentials, version),
        await fixture.open(car1.credentials, version),
      ];
      await leaving.connect({ clientId: 'leaving' });
      await staying.connect({ clientId: 'staying' });
      fixture.registry.updateCertificate(device.certificate.certificateId, 'INACTIVE');
      const farewell = version === 5 ? [expect.objectContaining({ cmd: 'disconnect', reasonCode: 0x87 })] : [];
      expect(await leaving.rest()).toEqual(farewell);
      expect(await staying.ping()).toEqual([]);
      expect(fixture.logText).toContain('warn "leaving" was disconnected: its certificate is no longer ACTIVE.\n');
    },
  );

  test.each([4, 5] as const)(
    'A certificate that is deactivated leaves its client’s will, which is sent, and session, which is kept, under version %i',
    async (version) => {
      const device = await fixture.device(`mortal${version}`);
      const [client, watcher] = [
        await fixture.open(device.credentials, version),
        await fixture.open(car1.credentials, version),
      ];
      await watcher.connect({ clientId: 'watcher' });
      watcher.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'gone', qos: 0 }] });
      await watcher.next();
      const properties = version === 5 ? { sessionExpiryInterval: 600 } : undefined;
      const will = { topic: 'gone', payload: 'x', qos: 0, retain: false } as const;
      const persistent = { clientId: 'mortal', clean: false, properties };
      await client.connect({ ...persistent, will });
      fixture.registry.updateCertificate(device.certificate.certificateId, 'INACTIVE');
      await client.closed;
      expect(await watcher.ping()).toMatchObject([{ cmd: 'publish', topic: 'gone' }]);
      fixture.registry.updateCertificate(device.certificate.certificateId, 'ACTIVE');
      const again = await fixture.open(device.credentials, version);
      expect(await again.connect(persistent)).toMatchObject({ cmd: 'connack', sessionPresent: true });
    },
  );

  test('A certificate that is deleted has its live connection closed', async () => {
    const device = await fixture.device('deleted');
    const client = await fixture.open(device.credentials, 5);
    await client.connect({ clientId: 'deleted' });
    const { certificateArn, certificateId } = device.certificate;
    fixture.registry.detachThingPrincipal('deleted', certificateArn);
    fixture.registry.detachPolicy('deleted', certificateArn);
    expect(await client.ping()).toEqual([]);
    fixture.registry.updateCertificate(certificateId, 'INACTIVE');
    fixture.registry.deleteCertificate(certificateId);
    expect(await client.rest()).toMatchObject([{ cmd: 'disconnect', reasonCode: 0x87 }]);
  });
});

describe('a port', () => {
  test('A port that is in use is reported in one sentence', async () => {
    const { port } = fixture.iotCore;
    await expect(LocalIotCore.start({ port })).rejects.toMatchObject({
      name: 'PortError',
      message: `Port ${port} of 127.0.0.1 cannot be opened: something listens on it already. Choose another with --port, or 0 for a free one.`,
    });
  });

  test.each([
    [{ port: 70_000 }, 'Port 70000 of 127.0.0.1 cannot be opened'],
    [{ port: 0, host: '192.0.2.1' }, 'Port 0 of 192.0.2.1 cannot be opened'],
  ])('A port that cannot be listened on is reported: %j', async (options, message) => {
    await expect(LocalIotCore.start(options)).rejects.toThrow(message);
  });
});

describe('IoT Core Local that stops', () => {
  test('IoT Core Local tells its clients when it stops, and takes no more', async () => {
    const stopping = await IotCoreFixture.start();
    const device = await stopping.device('car1');
    const [five, three] = [await stopping.open(device.credentials, 5), await stopping.open(device.credentials, 4)];
    await five.connect({ clientId: 'five' });
    await three.connect({ clientId: 'three' });
    const { port } = stopping.iotCore;
    await stopping.iotCore.stop();
    expect(await five.rest()).toMatchObject([{ cmd: 'disconnect', reasonCode: 0x8b }]);
    expect(await three.rest()).toEqual([]);
    const [error] = await once(connectTcp(port, '127.0.0.1'), 'error').catch((reason) => [reason]);
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('IoT Core Local stops without waiting for a client that does not read or for a TLS handshake that has not come', async () => {
    const stopping = await IotCoreFixture.start();
    const device = await stopping.device('car1');
    const deaf = await stopping.open(device.credentials, 5);
    await deaf.connect({ clientId: 'deaf' });
    deaf.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 't', qos: 0 }] });
    await deaf.next();
    deaf.socket.pause();
    const publisher = await stopping.open(device.credentials, 5);
    await publisher.connect({ clientId: 'publisher' });
    for (let count = 0; count < 100; count += 1) {
      publisher.send({ cmd: 'publish', topic: 't', payload: Buffer.alloc(100_000), qos: 0, dup: false, retain: false });
    }
    const silent = connectTcp(stopping.iotCore.port, '127.0.0.1').on('error', () => {});
    await once(silent, 'connect');
    await stopping.iotCore.stop();
    deaf.destroy();
    silent.destroy();
  });
});

describe('time', () => {
  const held = useIotCore({ holdsTime: true });
  const device = useDevice(held, 'car1');

  test('A connection that has ended is not looked at again', async () => {
    const ended = await held.open(device.credentials, 5);
    await ended.connect({ clientId: 'ended' });
    ended.send({ cmd: 'disconnect' });
    await ended.closed;
    const other = await held.open(device.credentials, 5);
    await other.connect({ clientId: 'other' });
    const tick = jest.spyOn(ClientConnection.prototype, 'tick');
    wait(10);
    expect(new Set(tick.mock.contexts).size).toBe(1);
  });
});
