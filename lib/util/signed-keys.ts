import type { KeyObject } from 'node:crypto';

/** The names of the curves, as OpenSSL and AWS call them. */
const curves: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

/** The bits of an RSA key. AWS documents the least; larger keys than the greatest are not tried here. */
const rsaBits = { least: 2048, greatest: 4096 };

/** What AWS IoT Core signs, for messages. https://docs.aws.amazon.com/iot/latest/apireference/API_CreateCertificateFromCsr.html */
export const signedKeys = `an RSA key of ${rsaBits.least} to ${rsaBits.greatest} bits or an EC key on P-256, P-384 or P-521`;

/** Whether AWS IoT Core signs a certificate for a key. */
export function isSignedKey({ asymmetricKeyType, asymmetricKeyDetails: details }: KeyObject): boolean {
  if (asymmetricKeyType === 'ec') return Object.hasOwn(curves, details?.namedCurve ?? '');
  const bits = details?.modulusLength ?? 0;
  return asymmetricKeyType === 'rsa' && bits >= rsaBits.least && bits <= rsaBits.greatest;
}

/** The kind of a key, for messages: `RSA of 1024 bits`, `EC on secp256k1`, `ED25519`. */
export function kindOf({ asymmetricKeyType, asymmetricKeyDetails: details }: KeyObject): string {
  if (asymmetricKeyType === 'ec') return `EC on ${curves[details?.namedCurve ?? ''] ?? details?.namedCurve}`;
  const name = (asymmetricKeyType ?? 'unknown').toUpperCase();
  return details?.modulusLength === undefined ? name : `${name} of ${details.modulusLength} bits`;
}
