import { generateKeyPairSync } from 'node:crypto';

/** A new private key as unencrypted PKCS #8 PEM: EC P-256, the smallest of the kinds that AWS IoT Core signs. */
export function newPrivateKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
