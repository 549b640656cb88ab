/**
 * A P-256 key as PKCS #8 in DER, up to the private number of 32 bytes, and from there up to the public point: version 0, id-ecPublicKey,
 * prime256v1, and in it an ECPrivateKey of version 1 (RFC 5958, 2; RFC 5915, 3). This is how Node.js and OpenSSL write it.
 */
const beforeNumber = Buffer.from('308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420', 'hex');
const beforePoint = Buffer.from('a144034200', 'hex');
const pointAt = beforeNumber.length + 32 + beforePoint.length;
/** Uncompressed: 4, x and y. */
const pointLength = 65;

/**
 * Whether a P-256 key and a certificate request, both in PEM, are a pair. False can also mean that one of them is written in another way
 * than usual.
 *
 * Most of the time that a fleet takes to be read would go into having OpenSSL read each key: a millisecond, where this takes a
 * hundredth. The public point is in the key's file as well as in the request.
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
