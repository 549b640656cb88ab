import { createPrivateKey, createPublicKey, webcrypto } from 'node:crypto';
import 'reflect-metadata';
import { type Extension, type JsonName, Pkcs10CertificateRequestGenerator } from '@peculiar/x509';
import { newPrivateKey } from '../../lib/util/private-key';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A new P-256 key, for the library and in PEM. */
export async function newKeyPair() {
  const pem = newPrivateKey();
  const key = createPrivateKey(pem);
  const { subtle } = webcrypto;
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const privateKey = await subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']);
  const publicKey = await subtle.importKey('spki', spki, algorithm, true, ['verify']);
  return { pem, keys: { privateKey, publicKey }, signingAlgorithm: algorithm };
}

/** A new key and a request for a certificate under a name of any attributes. */
export async function requestFor(name: JsonName, extensions: Extension[] = []) {
  const { pem, keys, signingAlgorithm } = await newKeyPair();
  const request = await Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm, extensions });
  return { key: pem, csr: request.toString('pem') };
}
