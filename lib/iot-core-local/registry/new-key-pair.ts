import { createPrivateKey, generateKeyPair, webcrypto } from 'node:crypto';
import { promisify } from 'node:util';
import { algorithms, loadX509 } from './x509';

/** A key pair as AWS IoT makes one, RSA with 2,048 bits, in PEM. */
export interface KeyPair {
  /** PKCS #1. */
  readonly privateKey: string;
  readonly publicKey: string;
  /** The certificate request of the key, which the authority signs. */
  readonly request: string;
}

/**
 * A new key pair and its certificate request. Nobody but the caller gets the private key.
 *
 * @see https://docs.aws.amazon.com/iot/latest/apireference/API_CreateKeysAndCertificate.html
 */
export async function newKeyPair(): Promise<KeyPair> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const { Pkcs10CertificateRequestGenerator, PemConverter } = await loadX509();
  const { subtle } = webcrypto;
  const pkcs8 = createPrivateKey(privateKey).export({ type: 'pkcs8', format: 'der' });
  const keys = {
    privateKey: await subtle.importKey('pkcs8', pkcs8, algorithms.rsa, false, ['sign']),
    publicKey: await subtle.importKey('spki', PemConverter.decodeFirst(publicKey), algorithms.rsa, true, ['verify']),
  };
  const name = [{ CN: ['AWS IoT Certificate'] }];
  const request = await Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm: algorithms.rsa });
  return { privateKey, publicKey, request: `${request.toString('pem')}\n` };
}
