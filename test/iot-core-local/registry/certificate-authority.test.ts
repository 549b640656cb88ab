import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newCertificateRequest } from '../../../lib/devices/certificate-request';
import { CertificateAuthority } from '../../../lib/iot-core-local/registry/certificate-authority';
import { newPrivateKey } from '../../../lib/util/private-key';
import { opensslRequests } from '../../support/openssl-requests';
import { temporaryFolder } from '../../support/temporary-folder';

const root = temporaryFolder();
const privateKey = createPrivateKey(newPrivateKey());

let csr: string;
let authority: CertificateAuthority;

beforeAll(async () => {
  csr = await newCertificateRequest(privateKey, 'car1');
  authority = await CertificateAuthority.create();
});

describe('the certificate of a device', () => {
  let certificate: X509Certificate;

  beforeAll(async () => {
    certificate = new X509Certificate(await authority.sign(csr));
  });

  test('A device’s certificate has the key and the name of its request, and is signed by the root', () => {
    const issuer = new X509Certificate(authority.rootPem);
    expect(certificate.checkPrivateKey(privateKey)).toBe(true);
    expect(certificate.subject).toBe('CN=car1');
    expect(certificate.checkIssued(issuer)).toBe(true);
    expect(certificate.verify(issuer.publicKey)).toBe(true);
  });

  test('A device’s certificate is valid now, and as long as one of AWS’s', () => {
    expect(new Date(certificate.validFrom).getTime()).toBeLessThan(Date.now());
    expect(new Date(certificate.validTo)).toEqual(new Date('2049-12-31T23:59:59Z'));
  });

  test('A device’s certificate is good for a client and for nothing else', () => {
    expect(certificate.ca).toBe(false);
    // RFC 5280, 4.2.1.12: id-kp-clientAuth.
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
  });

  test('A device’s certificate is not signed by another root', async () => {
    const stranger = new X509Certificate((await CertificateAuthority.create()).rootPem);
    expect(certificate.verify(stranger.publicKey)).toBe(false);
  });
});

test('The root says whose it is, is a CA’s, and signs itself', () => {
  const certificate = new X509Certificate(authority.rootPem);
  expect(authority.rootPem).toMatch(/^# The root of IoT Core Local/);
  expect(certificate.ca).toBe(true);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
});

test('The endpoint’s certificate is for its hosts, names and addresses alike, and good for a server', async () => {
  const endpoint = await authority.endpointCertificate(['127.0.0.1', 'localhost', '::1']);
  const certificate = new X509Certificate(endpoint.certificate);
  expect(certificate.checkPrivateKey(createPrivateKey(endpoint.key))).toBe(true);
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(certificate.checkIP('::1')).toBe('::1');
  expect(certificate.checkHost('localhost')).toBe('localhost');
  expect(certificate.checkIP('127.0.0.2')).toBeUndefined();
  expect(certificate.checkHost('example.com')).toBeUndefined();
  // RFC 5280, 4.2.1.12: id-kp-serverAuth.
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  expect(certificate.verify(new X509Certificate(authority.rootPem).publicKey)).toBe(true);
});

test.each(['RSA 2048', 'RSA 4096', 'P-384', 'P-521'])('A request with a key of %s is signed', async (kind) => {
  const certificate = new X509Certificate(await authority.sign(opensslRequests[kind]));
  expect(certificate.subject).toMatch(/^CN=.*\nO=Example$/);
  expect(certificate.verify(new X509Certificate(authority.rootPem).publicKey)).toBe(true);
});

test.each([
  ['a text before it', () => `Certificate Request:\n    Data:\n${csr}`],
  ['a blank line before it', () => `\n\n${csr}`],
  ['the label NEW CERTIFICATE REQUEST', () => csr.replaceAll('CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST')],
  ['the line ends of Windows', () => csr.replaceAll('\n', '\r\n')],
])('A request with %s is signed', async (_, request) => {
  expect(new X509Certificate(await authority.sign(request())).checkPrivateKey(privateKey)).toBe(true);
});

/** A request in PEM of any bytes. */
const pemOf = (der: Buffer) =>
  `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;

/** Sequences inside one another. */
function nested(depth: number): Buffer {
  let der = Buffer.alloc(0);
  for (let level = 0; level < depth; level += 1) {
    const length = der.length < 128 ? [der.length] : [0x82, der.length >> 8, der.length & 0xff];
    der = Buffer.concat([Buffer.from([0x30, ...length]), der]);
  }
  return der;
}

test.each([
  ['is not PEM', () => 'garbage', 'is not a certificate request in PEM'],
  ['is empty', () => '', 'is not a certificate request in PEM'],
  ['is a path', () => '../../iot-certs/iot.com.csr', 'is not a certificate request in PEM'],
  ['is a certificate', () => authority.rootPem, 'is not a certificate request in PEM'],
  ['is cut short', () => csr.replace(/\n.*\n(-----END)/, '\n$1'), 'cannot be read'],
  ['has no bytes', () => pemOf(Buffer.alloc(0)), 'cannot be read'],
  ['is of zeros', () => pemOf(Buffer.alloc(500)), 'cannot be read'],
  ['is nested deeply', () => pemOf(nested(4000)), 'cannot be read'],
  ['is too long', () => pemOf(Buffer.alloc(16_385, 0x30)), 'has more than 16384 bytes'],
  ['is not signed with its own key', () => forged(csr), 'is not signed with its own key'],
  [
    'has a short RSA key',
    () => opensslRequests['RSA 1024'],
    'has a key that is RSA of 1024 bits; AWS IoT signs an RSA key',
  ],
  ['has a key on another curve', () => opensslRequests.secp256k1, 'has a key that is EC on secp256k1'],
  ['has an Ed25519 key', () => opensslRequests.Ed25519, 'has a key that is ED25519'],
])('A certificate request that %s is refused', async (_, request, reason) => {
  await expect(authority.sign(request())).rejects.toMatchObject({
    name: 'InvalidRequestException',
    message: expect.stringContaining(`The certificate signing request ${reason}`),
  });
});

test('Whatever byte of a certificate request is damaged, it is signed or refused', async () => {
  const der = Buffer.from(csr.replace(/-----.*-----|\s/g, ''), 'base64');
  for (let at = 0; at < der.length; at += 1) {
    const damaged = Buffer.from(der);
    damaged[at] ^= 0xff;
    const name = await authority.sign(pemOf(damaged)).then(
      () => 'signed',
      (error: Error) => error.name,
    );
    expect(['signed', 'InvalidRequestException']).toContain(name);
  }
});

test('The certificates of an authority begin an hour before its wall clock’s time', async () => {
  let time = Date.parse('2030-01-01T00:00:00Z');
  const timeless = await CertificateAuthority.create(() => time);
  const beginOf = (pem: string) => new Date(new X509Certificate(pem).validFrom).toISOString();
  expect(beginOf(timeless.rootPem)).toBe('2029-12-31T23:00:00.000Z');
  time = Date.parse('2031-01-01T00:00:00Z');
  expect(beginOf(await timeless.sign(csr))).toBe('2030-12-31T23:00:00.000Z');
  const endpoint = await timeless.endpointCertificate(['localhost']);
  expect(beginOf(endpoint.certificate)).toBe('2030-12-31T23:00:00.000Z');
});

test('An authority that is not kept makes a new certificate each time, as AWS does', async () => {
  expect(await authority.sign(csr)).not.toBe(await authority.sign(csr));
});

describe('an authority that is kept in a folder', () => {
  test('A kept authority, opened again, has the same root and answers the same request with the same certificate', async () => {
    const folder = join(root, 'kept');
    const first = await CertificateAuthority.open(folder);
    const [certificate, endpoint] = [await first.sign(csr), await first.endpointCertificate(['localhost'])];
    const second = await CertificateAuthority.open(folder);
    expect(second.rootPem).toBe(first.rootPem);
    expect(await second.sign(csr)).toBe(certificate);
    expect(await second.endpointCertificate(['localhost'])).toEqual(endpoint);
    const again = await newCertificateRequest(privateKey, 'car1');
    expect(await second.sign(again)).not.toBe(certificate);
    expect(await second.endpointCertificate(['example.com'])).not.toEqual(endpoint);
  });

  test('A kept authority makes two certificates of one request, and opened again the same two', async () => {
    const folder = join(root, 'twice');
    const authorities = [await CertificateAuthority.open(folder), await CertificateAuthority.open(folder)];
    const [first, second] = await Promise.all(
      authorities.map(async (kept) => [await kept.sign(csr), await kept.sign(csr)]),
    );
    expect(second).toEqual(first);
    expect(new Set(first).size).toBe(2);
  });

  test('A kept authority has an RSA certificate for its endpoint, and keeps it', async () => {
    const folder = join(root, 'rsa');
    const endpoint = await (await CertificateAuthority.open(folder)).endpointCertificate(['localhost'], 'rsa');
    expect(new X509Certificate(endpoint.certificate).publicKey.asymmetricKeyType).toBe('rsa');
    const again = await (await CertificateAuthority.open(folder)).endpointCertificate(['localhost'], 'rsa');
    expect(again).toEqual(endpoint);
  });

  test.each([
    ['not valid yet', '2049-01-01', '2026-01-01'],
    ['not valid any more', '2026-01-01', '2050-01-01'],
  ])('A kept authority whose root is %s is made again, and signs anew', async (_, made, opened) => {
    const folder = join(root, `made-${made}`);
    const first = await CertificateAuthority.open(folder, () => Date.parse(made));
    const certificate = await first.sign(csr);
    const second = await CertificateAuthority.open(folder, () => Date.parse(opened));
    expect(second.rootPem).not.toBe(first.rootPem);
    expect(await second.sign(csr)).not.toBe(certificate);
  });

  test('A kept certificate that is not valid now is made again', async () => {
    const folder = join(root, 'old-endpoint');
    let time = Date.parse('2030-01-01');
    const kept = await CertificateAuthority.open(folder, () => time);
    time = Date.parse('2030-01-02');
    const future = await kept.endpointCertificate(['localhost']);
    time = Date.parse('2030-01-01');
    expect(await kept.endpointCertificate(['localhost'])).not.toEqual(future);
  });

  test('A kept authority answers the same request with another certificate once its root is another', async () => {
    const folder = join(root, 'renewed');
    const first = await CertificateAuthority.open(folder);
    const certificate = await first.sign(csr);
    writeFileSync(join(folder, 'root.pem'), readFileSync(join(root, 'kept', 'root.pem')));
    const second = await CertificateAuthority.open(folder);
    const renewed = await second.sign(csr);
    expect(renewed).not.toBe(certificate);
    expect(new X509Certificate(renewed).verify(new X509Certificate(second.rootPem).publicKey)).toBe(true);
  });

  test('A kept authority can be read by its owner only', async () => {
    const folder = join(root, 'private');
    await (await CertificateAuthority.open(folder)).endpointCertificate(['localhost']);
    const modes = ['', ...readdirSync(folder)].map((file) => statSync(join(folder, file)).mode & 0o777);
    expect(modes).toEqual([0o700, 0o600, 0o600]);
  });

  test.each([
    ['garbage', () => 'garbage'],
    ['nothing', () => ''],
    ['a certificate without its key', () => authority.rootPem],
    ['a certificate with another key', () => privateKey.export({ type: 'pkcs8', format: 'pem' }) + authority.rootPem],
  ])('A kept authority names the file that holds %s instead of a root', async (_, content) => {
    const folder = join(root, 'spoilt-root');
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'root.pem');
    writeFileSync(file, content());
    await expect(CertificateAuthority.open(folder)).rejects.toThrow(
      `${file} holds no private key with its certificate.`,
    );
  });

  test('A kept authority names the file that holds garbage instead of a device’s certificate', async () => {
    const folder = join(root, 'spoilt-device');
    const kept = await CertificateAuthority.open(folder);
    await kept.sign(csr);
    const [name] = readdirSync(folder).filter((file) => file !== 'root.pem');
    writeFileSync(join(folder, name), 'garbage');
    const again = await CertificateAuthority.open(folder);
    await expect(again.sign(csr)).rejects.toThrow(`${join(folder, name)} holds no certificate.`);
  });
});

/** A request with its last byte, which is its signature's, changed. */
function forged(pem: string): string {
  const [header, ...lines] = pem.trim().split('\n');
  const footer = lines.pop();
  const der = Buffer.from(lines.join(''), 'base64');
  der[der.length - 1] ^= 1;
  return [header, der.toString('base64'), footer, ''].join('\n');
}
