import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newCertificateRequest } from '../../../lib/devices/certificate-request';
import { CertificateAuthority } from '../../../lib/iot-core-local/registry/certificate-authority';
import { newPrivateKey } from '../../../lib/util/private-key';
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

describe('a certificate request is refused', () => {
  test.each([
    ['that is not PEM', () => 'garbage'],
    ['that is empty', () => ''],
    ['that is a certificate', () => authority.rootPem],
    ['that is cut short', () => csr.replace(/\n.*\n(-----END)/, '\n$1')],
    ['whose signature is not its own', () => forged(csr)],
  ])('A certificate request %s is refused', async (_, request) => {
    await expect(authority.sign(request())).rejects.toMatchObject({ name: 'InvalidRequestException' });
  });
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
    await expect(kept.sign(csr)).rejects.toThrow(`${join(folder, name)} holds no certificate.`);
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
