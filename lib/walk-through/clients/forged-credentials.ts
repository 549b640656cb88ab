import 'reflect-metadata';
import { PemConverter, X509CertificateGenerator } from '@peculiar/x509';
import type { Credentials } from './secure-socket';

/**
 * Credentials for a client id whose certificate comes from a certificate authority that is made up for it.
 * Nothing is written to disk.
 *
 * @param rootCa - the root that the client itself trusts, in PEM
 */
export async function forgedCredentials(clientId: string, rootCa: string): Promise<Credentials> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const [authority, device] = await Promise.all([
    crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']),
    crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']),
  ]);
  const certificate = await X509CertificateGenerator.create({
    // A common name longer than 64 characters is not a valid X.520 name (RFC 5280, A.1).
    subject: [{ CN: [clientId.slice(0, 64)] }],
    issuer: [{ CN: ['Unknown CA'] }],
    publicKey: device.publicKey,
    signingKey: authority.privateKey,
    signingAlgorithm: algorithm,
  });
  const key = await crypto.subtle.exportKey('pkcs8', device.privateKey);
  return { key: PemConverter.encode(key, 'PRIVATE KEY'), certificate: certificate.toString('pem'), rootCa };
}
