import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { fitsRequest, newCertificateRequest, plainRequest } from '../../lib/devices/certificate-request';
import { newPrivateKey } from '../../lib/util/private-key';
import 'reflect-metadata';
import { Pkcs10CertificateRequest } from '@peculiar/x509';

const pem = newPrivateKey();
const key = createPrivateKey(pem);

test('A private key is P-256 in unencrypted PKCS #8', () => {
  expect(pem).toMatch(/^-----BEGIN PRIVATE KEY-----\n[^-]+-----END PRIVATE KEY-----\n$/);
  expect(key.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  expect(newPrivateKey()).not.toBe(pem);
});

test.each([
  ['RSA', () => generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ['P-384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' })],
  ['P-521', () => generateKeyPairSync('ec', { namedCurve: 'P-521' })],
])('A request for a key of %s is signed with it, and fits it', async (_, generate) => {
  const { privateKey } = generate();
  const pemOfRequest = await newCertificateRequest(privateKey, 'car1');
  expect(await new Pkcs10CertificateRequest(pemOfRequest).verify()).toBe(true);
  expect(fitsRequest(privateKey, pemOfRequest)).toBe(true);
});

test.each([
  ['a text before it', (request: string) => `Certificate Request:\n${request}`],
  ['the label NEW CERTIFICATE REQUEST', (request: string) => request.replaceAll('CERTIFICATE R', 'NEW CERTIFICATE R')],
  ['the line ends of Windows', (request: string) => request.replaceAll('\n', '\r\n')],
])('A request with %s fits its key, and becomes a plain one', async (_, change) => {
  const request = await newCertificateRequest(key, 'car1');
  expect(fitsRequest(key, change(request))).toBe(true);
  expect(plainRequest(change(request))).toBe(request);
});

test('A request is signed with its key and carries the common name', async () => {
  const request = new Pkcs10CertificateRequest(await newCertificateRequest(key, 'subscriber2A'));
  expect(await request.verify()).toBe(true);
  expect(request.subject).toBe('CN=subscriber2A');
});

test('A common name is cut to the 64 characters that a certificate may have', async () => {
  const request = new Pkcs10CertificateRequest(await newCertificateRequest(key, 'x'.repeat(128)));
  expect(request.subject).toBe(`CN=${'x'.repeat(64)}`);
});

test('A request fits its own key and no other', async () => {
  const request = await newCertificateRequest(key, 'car1');
  expect(fitsRequest(key, request)).toBe(true);
  expect(fitsRequest(createPrivateKey(newPrivateKey()), request)).toBe(false);
});

test.each([
  ['nothing', () => ''],
  ['half of it', (request: string) => request.slice(0, request.length / 2)],
  ['another kind of PEM', (request: string) => request.replaceAll('CERTIFICATE REQUEST', 'CERTIFICATE')],
  ['its Base64 alone', (request: string) => request.replace(/-----.*-----\n?/g, '')],
])('%s is not a request', async (_, spoil) => {
  expect(fitsRequest(key, spoil(await newCertificateRequest(key, 'car1')))).toBe(false);
});
