import { once } from 'node:events';
import type { TLSSocket } from 'node:tls';
import { tlsCiphers } from '../../lib/iot-core-local/gateway/tls-ciphers';
import type { RawClient } from '../support/raw-client';
import { useIotCore } from '../support/use-iot-core';

const fixture = useIotCore({ rsaEndpoint: true });

test.each(['TLSv1.2', 'TLSv1.3'] as const)('A session of %s is not resumed', async (version) => {
  const { credentials } = await fixture.device(`car ${version}`.replace(/\W/g, '-'));
  const tls = { minVersion: version, maxVersion: version };
  const first = await fixture.open(credentials, 5, tls);
  const [session] = await Promise.all([sessionOf(first), first.connect({ clientId: 'first' })]);
  const second = await fixture.open(credentials, 5, { ...tls, session });
  expect(await second.connect({ clientId: 'second' })).toMatchObject({ cmd: 'connack', reasonCode: 0 });
  expect(second.socket.isSessionReused()).toBe(false);
});

test.each([...tlsCiphers])('A client with %s alone connects', async (ciphers) => {
  const { credentials } = await fixture.device(`car-${ciphers}`);
  const maxVersion = ciphers.startsWith('TLS_') ? 'TLSv1.3' : 'TLSv1.2';
  const client = await fixture.open(credentials, 5, { maxVersion, ciphers });
  expect(await client.connect({ clientId: 'car' })).toMatchObject({ cmd: 'connack', reasonCode: 0 });
  expect((client.socket as TLSSocket).getCipher().name).toBe(ciphers);
});

test.each(['ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305', 'ECDHE-ECDSA-AES128-CCM8', 'AES128-CCM'])(
  'A client with %s alone is refused, as AWS does not take it',
  async (ciphers) => {
    const { credentials } = await fixture.device(`car-${ciphers}`);
    const opening = fixture.open(credentials, 5, { maxVersion: 'TLSv1.2', ciphers });
    await expect(opening).rejects.toThrow('SSL alert number 40');
  },
);

/** The data for resuming a TLS session. Under TLS 1.2 it is known after the handshake; under 1.3 it comes later. */
async function sessionOf({ socket }: RawClient): Promise<Buffer> {
  if (socket.getProtocol() === 'TLSv1.2') return socket.getSession()!;
  const [session] = await once(socket, 'session');
  return session as Buffer;
}
