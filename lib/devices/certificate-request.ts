import { createPublicKey, type KeyObject, webcrypto } from 'node:crypto';
import { requestDer } from '../util/request-pem';

/**
 * A PKCS #10 certificate request in PEM, signed with its own key.
 *
 * Two requests for one EC key differ, because an ECDSA signature has a random part. AWS::IoT::Certificate makes another certificate for
 * another request, so the request must be kept.
 *
 * @param privateKey - of a kind that AWS IoT Core signs
 */
export async function newCertificateRequest(privateKey: KeyObject, commonName: string): Promise<string> {
  // Loaded only when a request is made: loading takes longer than the synthesis of a fleet that has its keys.
  await import('reflect-metadata');
  const { Pkcs10CertificateRequestGenerator } = await import('@peculiar/x509');
  const algorithm = algorithmOf(privateKey);
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

const curves: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails: details }: KeyObject) {
  if (asymmetricKeyType === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  return { name: 'ECDSA', namedCurve: curves[details?.namedCurve ?? ''], hash: 'SHA-256' };
}

/**
 * Whether a text is a certificate request for a private key.
 *
 * A request contains its public key as a SubjectPublicKeyInfo in DER (RFC 2986, 4.1). That has one encoding only, so its bytes are
 * searched for. Node.js has no parser for requests, and the library takes a quarter of a second to load. A request that was forged to
 * contain the bytes elsewhere would pass; its certificate would not, because every certificate is compared with the key itself.
 */
export function fitsRequest(privateKey: KeyObject, request: string): boolean {
  return requestDer(request)?.includes(publicKeyInfo(privateKey)) ?? false;
}

/** A request in the form that every reader takes: without text around it, under its usual label. AWS's pages name no other. */
export function plainRequest(request: string): string {
  const lines = requestDer(request)!
    .toString('base64')
    .match(/.{1,64}/g)!;
  return ['-----BEGIN CERTIFICATE REQUEST-----', ...lines, '-----END CERTIFICATE REQUEST-----', ''].join('\n');
}

function publicKeyInfo(privateKey: KeyObject): Buffer {
  return createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
}
