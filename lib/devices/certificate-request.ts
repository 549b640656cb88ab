import { createPublicKey, type KeyObject, webcrypto } from 'node:crypto';

/**
 * A PKCS #10 certificate request in PEM, signed with the P-256 key that it is for.
 *
 * Two requests of one key differ, as an ECDSA signature has a random part. To AWS::IoT::Certificate another request is another certificate,
 * so keep the request.
 */
export async function newCertificateRequest(privateKey: KeyObject, commonName: string): Promise<string> {
  // Loaded here, as it takes longer to load than to synthesize a fleet whose keys are there.
  await import('reflect-metadata');
  const { Pkcs10CertificateRequestGenerator } = await import('@peculiar/x509');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const { subtle } = webcrypto;
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  const keys = {
    privateKey: await subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']),
    publicKey: await subtle.importKey('spki', publicKeyInfo(privateKey), algorithm, true, ['verify']),
  };
  // A common name longer than 64 characters is no valid X.520 name (RFC 5280, A.1), and nothing reads it but people.
  const name = [{ CN: [commonName.slice(0, 64)] }];
  const request = await Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm: algorithm });
  return `${request.toString('pem')}\n`;
}

/**
 * Whether a text is a certificate request for a private key.
 *
 * A request holds its public key as a SubjectPublicKeyInfo in DER (RFC 2986, 4.1), which has one encoding only, so its bytes are searched for.
 * That costs nothing, where Node has no reader of requests and the library takes a quarter of a second to load. A request forged to hold the
 * bytes elsewhere would pass; its certificate would not, as every certificate is compared with the key itself.
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
