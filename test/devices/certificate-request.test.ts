import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { fitsRequest, newCertificateRequest } from '../../lib/devices/certificate-request';
import { isP256, newPrivateKey } from '../../lib/util/private-key';
import 'reflect-metadata';
import { Pkcs10CertificateRequest } from '@peculiar/x509';

const pem = newPrivateKey();
const key = createPrivateKey(pem);

test('a private key is P-256 in unencrypted PKCS #8', () => {
  expect(pem).toMatch(/^-----BEGIN PRIVATE KEY-----\n[^-]+-----END PRIVATE KEY-----\n$/);
  expect(isP256(key)).toBe(true);
  expect(newPrivateKey()).not.toBe(pem);
});

test.each([
  ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
  ['EC P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
])('a key of %s is told from P-256', (_, other) => {
  expect(isP256(other)).toBe(false);
});

test('a request is signed with its key and carries the common name', async () => {
  const request = new Pkcs10CertificateRequest(await newCertificateRequest(key, 'subscriber2A'));
  expect(await request.verify()).toBe(true);
  expect(request.subject).toBe('CN=subscriber2A');
});

test('a common name is cut to the 64 characters that a certificate may have', async () => {
  const request = new Pkcs10CertificateRequest(await newCertificateRequest(key, 'x'.repeat(128)));
  expect(request.subject).toBe(`CN=${'x'.repeat(64)}`);
});

test('a request fits its own key and no other', async () => {
  const request = await newCertificateRequest(key, 'car1');
  expect(fitsRequest(key, request)).toBe(true);
  expect(fitsRequest(createPrivateKey(newPrivateKey()), request)).toBe(false);
});

test.each([
  ['nothing', () => ''],
  ['half of it', (request: string) => request.slice(0, request.length / 2)],
  ['another kind of PEM', (request: string) => request.replaceAll('CERTIFICATE REQUEST', 'CERTIFICATE')],
  ['its Base64 alone', (request: string) => request.replace(/-----.*-----\n?/g, '')],
])('%s is no request', async (_, spoil) => {
  expect(fitsRequest(key, spoil(await newCertificateRequest(key, 'car1')))).toBe(false);
});
