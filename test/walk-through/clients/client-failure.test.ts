import { createPrivateKey } from 'node:crypto';
import type { Server } from 'node:net';
import { newCertificateRequest } from '../../../lib/devices/certificate-request';
import { CertificateAuthority } from '../../../lib/iot-core-local/registry/certificate-authority';
import { newPrivateKey } from '../../../lib/util/private-key';
import { forbiddenAttempts, judge } from '../../../lib/walk-through/attempts';
import { type Failure, failureOf, RequestError } from '../../../lib/walk-through/clients/client-failure';
import { DeviceClient } from '../../../lib/walk-through/clients/device-client';
import { secureContext } from '../../../lib/walk-through/clients/secure-socket';
import { WorkingClient } from '../../../lib/walk-through/clients/working-client';
import { type AlertingServerOptions, startAlertingServer } from '../../support/alerting-server';
import { fleetWith } from '../../support/demo-fleet';

type Refusal = Pick<AlertingServerOptions, 'version' | 'moment' | 'alert'>;

let authority: CertificateAuthority;
let endpoint: { key: string; cert: string };
let credentials: ReturnType<typeof secureContext>;
const servers: Server[] = [];

beforeAll(async () => {
  authority = await CertificateAuthority.create();
  const { key, certificate: cert } = await authority.endpointCertificate(['127.0.0.1']);
  endpoint = { key, cert };
  const deviceKey = newPrivateKey();
  const certificate = await authority.sign(await newCertificateRequest(createPrivateKey(deviceKey), 'car1'));
  credentials = secureContext({ key: deviceKey, certificate, rootCa: authority.rootPem });
});

afterAll(() => Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve)))));

/** How a connect fails that the server refuses in this way. */
async function refusedWith(refusal: Refusal, client: 'DeviceClient' | 'WorkingClient' = 'DeviceClient') {
  const { server, port } = await startAlertingServer({ ...endpoint, ...refusal });
  servers.push(server);
  const options = {
    endpoint: { host: '127.0.0.1', port },
    clientId: 'car1',
    credentials,
    mqtt: 5,
    answerTimeout: 5000,
  } as const;
  const connecting =
    client === 'DeviceClient'
      ? DeviceClient.connect(options)
      : WorkingClient.connect({ ...options, work: () => Promise.resolve(true) });
  const error = await connecting.catch((reason: unknown) => reason);
  if (!(error instanceof RequestError)) throw new Error(`It was not refused: ${error}`);
  return error.failure;
}

const moments = [
  { version: 'TLSv1.2', moment: 'after ClientHello' },
  { version: 'TLSv1.2', moment: "after the client's certificate" },
  { version: 'TLSv1.2', moment: 'after the handshake' },
  { version: 'TLSv1.3', moment: 'after ClientHello' },
  { version: 'TLSv1.3', moment: 'after the handshake' },
] as const;
const alerts = [40, 41, 42, 43, 44, 45, 46, 47, 48];
const forge = forbiddenAttempts(fleetWith()).find(({ kind }) => kind === 'forge')!;

describe.each(moments)('Under $version $moment,', ({ version, moment }) => {
  test.each(alerts)('The alert %i counts as a refusal of the certificate', async (alert) => {
    const failure = await refusedWith({ version, moment, alert });
    expect(failure).toEqual({ kind: 'alert', number: alert });
    expect(judge(forge, failure, 5).refused).toBe(true);
  });

  test.each(['close', 'reset'] as const)(
    'A %s of the connection counts as a refusal of the certificate',
    async (alert) => {
      const failure = await refusedWith({ version, moment, alert });
      expect(failure).toEqual({ kind: 'closed' });
      expect(judge(forge, failure, 5).refused).toBe(true);
    },
  );

  test('An internal error of the server does not count as a refusal', async () => {
    const failure = await refusedWith({ version, moment, alert: 80 });
    expect(failure).toEqual({ kind: 'alert', number: 80 });
    expect(judge(forge, failure, 5).refused).toBe(false);
  });

  test('The client that takes time for its messages reports the same', async () => {
    expect(await refusedWith({ version, moment, alert: 46 }, 'WorkingClient')).toEqual({ kind: 'alert', number: 46 });
    expect(await refusedWith({ version, moment, alert: 'reset' }, 'WorkingClient')).toEqual({ kind: 'closed' });
  });
});

/** What OpenSSL's message has of an alert. */
const opensslText = (number: number) =>
  `40C7:error:0A000416:SSL routines:ssl3_read_bytes:ssl/record.c:1:SSL alert number ${number}`;

test.each<[code: string | number | undefined, message: string, Failure]>([
  [0x87, 'Connection refused: Not authorized', { kind: 'answer', packet: 'CONNACK', code: 0x87 }],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', opensslText(48), { kind: 'alert', number: 48 }],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN', opensslText(46), { kind: 'alert', number: 46 }],
  ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_UNKNOWN', opensslText(46), { kind: 'alert', number: 46 }],
  ['EPROTO', `write EPROTO ${opensslText(46)}`, { kind: 'alert', number: 46 }],
  ['EPROTO', 'write EPROTO wrong version number', { kind: 'trouble', message: 'write EPROTO wrong version number' }],
  ['ECONNRESET', 'read ECONNRESET', { kind: 'closed' }],
  ['ECONNABORTED', 'read ECONNABORTED', { kind: 'closed' }],
  ['EPIPE', 'write EPIPE', { kind: 'closed' }],
  ['ECONNREFUSED', 'connect ECONNREFUSED', { kind: 'trouble', message: 'connect ECONNREFUSED' }],
  ['ECONNREFUSED', '', { kind: 'trouble', message: 'ECONNREFUSED' }],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'text', { kind: 'trouble', message: 'text' }],
  [undefined, 'text', { kind: 'trouble', message: 'text' }],
])('An error with the code %p and the message %p stands for the failure %o', (code, message, failure) => {
  expect(failureOf(Object.assign(new Error(message), { code }))).toEqual(failure);
});
