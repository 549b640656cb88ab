/**
 * The parts of a P-256 key in PKCS #8 DER: what precedes the private number of 32 bytes, and what stands between it and the public point.
 * They are version 0, id-ecPublicKey, prime256v1, and an ECPrivateKey of version 1 (RFC 5958, 2; RFC 5915, 3), as Node.js and OpenSSL
 * write them.
 */
const beforeNumber = Buffer.from('308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420', 'hex');
const beforePoint = Buffer.from('a144034200', 'hex');
const pointAt = beforeNumber.length + 32 + beforePoint.length;
/** An uncompressed point: 4, x and y. */
const pointLength = 65;

/**
 * Whether a P-256 key and a certificate request, both in PEM, are a pair. It is also false for a pair in an unusual encoding.
 *
 * OpenSSL takes a millisecond to read a key, which would be most of the time that reading a fleet takes. This takes a hundredth of it: the
 * public point is in the key's file as well as in the request.
 */
export function isUsualPair(key: string, request: string): boolean {
  const keyDer = decode(key, 'PRIVATE KEY');
  const requestDer = decode(request, 'CERTIFICATE REQUEST');
  if (keyDer?.length !== pointAt + pointLength || !requestDer) return false;
  if (!keyDer.subarray(0, beforeNumber.length).equals(beforeNumber)) return false;
  if (!keyDer.subarray(pointAt - beforePoint.length, pointAt).equals(beforePoint)) return false;
  return requestDer.includes(keyDer.subarray(pointAt));
}

function decode(pem: string, label: string): Buffer | undefined {
  const [begin, end] = [`-----BEGIN ${label}-----\n`, `\n-----END ${label}-----\n`];
  if (!pem.startsWith(begin) || !pem.endsWith(end)) return undefined;
  return Buffer.from(pem.slice(begin.length, -end.length), 'base64');
}
