import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { isSignedKey, kindOf } from '../../lib/util/signed-keys';

/** An RSA public key with a given number of bits. It is not a real one: its modulus is no product of two primes. */
function rsaKey(bits: number) {
  const n = Buffer.alloc(bits / 8, 0xff).toString('base64url');
  return createPublicKey({ key: { kty: 'RSA', n, e: 'AQAB' }, format: 'jwk' });
}

const ecKey = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).publicKey;

test.each([
  ['RSA of 1024 bits', () => rsaKey(1024), false],
  ['RSA of 2048 bits', () => rsaKey(2048), true],
  ['RSA of 3072 bits', () => rsaKey(3072), true],
  ['RSA of 4096 bits', () => rsaKey(4096), true],
  ['RSA of 8192 bits', () => rsaKey(8192), false],
  ['EC on P-256', () => ecKey('prime256v1'), true],
  ['EC on P-384', () => ecKey('secp384r1'), true],
  ['EC on P-521', () => ecKey('secp521r1'), true],
  ['EC on secp256k1', () => ecKey('secp256k1'), false],
  ['ED25519', () => generateKeyPairSync('ed25519').publicKey, false],
])('A key that is %s is signed by AWS IoT, or is not', (kind, key, expected) => {
  expect(kindOf(key())).toBe(kind);
  expect(isSignedKey(key())).toBe(expected);
});
