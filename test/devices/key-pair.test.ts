import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { fitsRequest, newCertificateRequest } from '../../lib/devices/certificate-request';
import { isUsualPair } from '../../lib/devices/key-pair';
import { newPrivateKey } from '../../lib/util/private-key';

const key = newPrivateKey();
let request: string;

beforeAll(async () => {
  request = await newCertificateRequest(createPrivateKey(key), 'car1');
});

test('A key and its request, as they are made here, are a pair', () => {
  expect(isUsualPair(key, request)).toBe(true);
});

test('A request of another key is none of its own', () => {
  expect(isUsualPair(newPrivateKey(), request)).toBe(false);
});

const pemOf = (curve: string, type: 'pkcs8' | 'sec1') =>
  generateKeyPairSync('ec', { namedCurve: curve }).privateKey.export({ type, format: 'pem' }).toString();

test.each([
  ['nothing', ''],
  ['garbage', 'garbage'],
  ['garbage between the right lines', '-----BEGIN PRIVATE KEY-----\ngarbage\n-----END PRIVATE KEY-----\n'],
  ['half a key', `${key.slice(0, 100)}\n-----END PRIVATE KEY-----\n`],
  ['a key of P-384', pemOf('P-384', 'pkcs8')],
  ['a key of another curve of 256 bits', pemOf('secp256k1', 'pkcs8')],
  ['another key in SEC 1', pemOf('P-256', 'sec1')],
])('%s is not a key of a pair', (_what, other) => {
  expect(isUsualPair(other, request)).toBe(false);
});

test.each([
  ['nothing', () => ''],
  ['the key itself', () => key],
  ['its Base64 alone', () => request.replace(/-----.*-----\n?/g, '')],
])('%s is not a request of a pair', (_what, other) => {
  expect(isUsualPair(key, other())).toBe(false);
});

test.each([
  ['line ends of Windows', (pem: string) => pem.replaceAll('\n', '\r\n')],
  ['SEC 1', (pem: string) => createPrivateKey(pem).export({ type: 'sec1', format: 'pem' }).toString()],
])('A key with %s is not the usual, and left to OpenSSL, to which it is one', (_what, rewrite) => {
  expect(isUsualPair(rewrite(key), request)).toBe(false);
  expect(fitsRequest(createPrivateKey(rewrite(key)), request)).toBe(true);
});
