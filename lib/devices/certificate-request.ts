import { createPublicKey, type KeyObject, webcrypto } from 'node:crypto';

/**
 * A PKCS #10 certificate request in PEM, signed with its own P-256 key.
 *
 * Two requests for one key differ, because an ECDSA signature has a random part. AWS::IoT::Certificate makes another certificate for
 * another request, so the request must be kept.
 */
export async function newCertificateRequest(privateKey: KeyObject, commonName: string): Promise<string> {
  // Loaded only when a request is made: loading takes longer than the synthesis of a fleet that has its keys.
  await import('reflect-metadata');
  const { Pkcs10CertificateRequestGenerator } = await import('@peculiar/x509');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const { subtle } = webcrypto;
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  const keys = {
    privateKey: await subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']),
    publicKey: await subtle.importKey('spki', publicKeyInfo(privateKey), algorithm, true, ['verify']),
  };
  // An X.520 common name has at most 64 characters (RFC 5280, A.1). Only people read it.
  const name = [{ CN: [commonName.slice(0, 64)] }];
  const request = await Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm: algorithm });
  return `${request.toString('pem')}\n`;
}

/**
 * Whether a text is a certificate request for a private key.
 *
 * A request contains its public key as a SubjectPublicKeyInfo in DER (RFC 2986, 4.1). That has one encoding only, so its bytes are
 * searched for. Node.js has no parser for requests, and the library takes a quarter of a second to load. A request that was forged to
 * contain the bytes elsewhere would pass; its certificate would not, because every certificate is compared with the key itself.
 */
export function fitsRequest(privateKey: KeyObject, request: string): boolean {
  const base64 = /^-----BEGIN CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE REQUEST-----\s*$/.exec(
    request,
  )?.[1];
  return base64 !== undefined && Buffer.from(base64, 'base64').includes(publicKeyInfo(privateKey));
}

function publicKeyInfo(privateKey: KeyObject): Buffer {
  return createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
}
