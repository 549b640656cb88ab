import { createPrivateKey, createPublicKey, generateKeyPair, webcrypto } from 'node:crypto';
import { promisify } from 'node:util';
import { newPrivateKey } from '../../util/private-key';
import { requestDer } from '../../util/request-pem';
import { isSignedKey, kindOf, signedKeys } from '../../util/signed-keys';
import { IotError } from './iot-error';
import { algorithms, loadX509, type X509 } from './x509';

/** A private key and its certificate, both PEM. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly certificate: string;
}

/** The kinds of key that the endpoint has, as AWS's has. */
export type EndpointKey = keyof typeof algorithms;

type PublicKey = Parameters<X509['X509CertificateGenerator']['create']>[0]['publicKey'];

/** A root that signs certificates, as the library wants it. */
export interface Issuer {
  readonly certificate: InstanceType<X509['X509Certificate']>;
  readonly privateKey: webcrypto.CryptoKey;
}

const { ecdsa } = algorithms;

/** AWS IoT Core's own certificates end at this moment. */
const notAfter = new Date('2049-12-31T23:59:59Z');

/** Bytes of a certificate request. The largest that is signed, with an RSA key of 4096 bits, has about a tenth. */
const largestRequest = 16_384;

/** Reads a root, for any number of signatures. */
export async function issuerOf({ key, certificate }: KeyAndCertificate): Promise<Issuer> {
  const x509 = await loadX509();
  return { certificate: new x509.X509Certificate(certificate), privateKey: await importPrivateKey(key) };
}

/** A new root of IoT Core Local, signed by itself. @param now - milliseconds since 1970 */
export async function newRoot(now: number): Promise<KeyAndCertificate> {
  const x509 = await loadX509();
  const key = newPrivateKey();
  const keys = { privateKey: await importPrivateKey(key), publicKey: await importPublicKey(key, 'ecdsa') };
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: ['IoT Core Local'] }],
    keys,
    notBefore: anHourBefore(now),
    notAfter,
    signingAlgorithm: ecdsa,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { key, certificate: `${root.toString('pem')}\n` };
}

/**
 * Signs a certificate request.
 *
 * @param now - milliseconds since 1970
 * @returns the certificate in PEM
 * @throws IotError InvalidRequestException if AWS would not sign it
 */
export async function signRequest(issuer: Issuer, csrPem: string, now: number): Promise<string> {
  const x509 = await loadX509();
  const { subject, publicKey } = await readRequest(x509, csrPem);
  const flags = x509.KeyUsageFlags.digitalSignature;
  return issue(issuer, { subject, publicKey, now, flags, usage: x509.ExtendedKeyUsage.clientAuth });
}

/**
 * @param hosts - names or IP addresses
 * @param now - milliseconds since 1970
 */
export async function newEndpoint(
  issuer: Issuer,
  hosts: readonly string[],
  kind: EndpointKey,
  now: number,
): Promise<KeyAndCertificate> {
  const x509 = await loadX509();
  const key = kind === 'rsa' ? await newRsaKey() : newPrivateKey();
  const { digitalSignature, keyEncipherment } = x509.KeyUsageFlags;
  const names = hosts.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? ('ip' as const) : ('dns' as const), value }));
  const certificate = await issue(issuer, {
    subject: [{ CN: [hosts[0]] }],
    publicKey: await importPublicKey(key, kind),
    now,
    flags: kind === 'rsa' ? digitalSignature | keyEncipherment : digitalSignature,
    usage: x509.ExtendedKeyUsage.serverAuth,
    extensions: [new x509.SubjectAlternativeNameExtension(names)],
  });
  return { key, certificate };
}

interface Request {
  readonly subject: ConstructorParameters<X509['Name']>[0];
  readonly publicKey: PublicKey;
}

/** Reads a request. Whatever is wrong with it is an InvalidRequestException. */
async function readRequest(x509: X509, csrPem: string): Promise<Request> {
  const der = requestDer(csrPem);
  if (!der) throw refused('is not a certificate request in PEM');
  if (der.length > largestRequest) throw refused(`has more than ${largestRequest} bytes`);
  let read: { request: InstanceType<X509['Pkcs10CertificateRequest']>; subject: Request['subject']; spki: Buffer };
  try {
    const request = new x509.Pkcs10CertificateRequest(der);
    read = { request, subject: request.subjectName.toJSON(), spki: Buffer.from(request.publicKey.rawData) };
  } catch {
    throw refused('cannot be read');
  }
  checkKey(read.spki);
  if (!(await read.request.verify().catch(() => false))) throw refused('is not signed with its own key');
  return { subject: read.subject, publicKey: read.request.publicKey };
}

function checkKey(spki: Buffer): void {
  let key: ReturnType<typeof createPublicKey>;
  try {
    key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  } catch {
    throw refused('has a public key that cannot be read');
  }
  if (!isSignedKey(key)) throw refused(`has a key that is ${kindOf(key)}; AWS IoT signs ${signedKeys}`);
}

function refused(reason: string): IotError {
  return new IotError('InvalidRequestException', `The certificate signing request ${reason}.`);
}

interface Issued extends Request {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly flags: number;
  /** An extended key usage (RFC 5280, 4.2.1.12). */
  readonly usage: string;
  readonly extensions?: readonly InstanceType<X509['Extension']>[];
}

async function issue(issuer: Issuer, issued: Issued): Promise<string> {
  const { subject, publicKey, now, flags, usage, extensions = [] } = issued;
  const x509 = await loadX509();
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: issuer.certificate.subject,
    publicKey,
    signingKey: issuer.privateKey,
    signingAlgorithm: ecdsa,
    notBefore: anHourBefore(now),
    notAfter,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(flags, true),
      new x509.ExtendedKeyUsageExtension([usage]),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      // RFC 5280, 4.2.1.1. Strict clients (Python 3.13) refuse an endpoint without it.
      await x509.AuthorityKeyIdentifierExtension.create(issuer.certificate.publicKey),
      ...extensions,
    ],
  });
  return `${certificate.toString('pem')}\n`;
}

/** In another thread, as it takes about half a second. */
async function newRsaKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function importPublicKey(privateKeyPem: string, kind: EndpointKey): Promise<webcrypto.CryptoKey> {
  const spki = createPublicKey(privateKeyPem).export({ type: 'spki', format: 'der' });
  return webcrypto.subtle.importKey('spki', spki, algorithms[kind], true, ['verify']);
}

/** @param pem - of a P-256 key */
function importPrivateKey(pem: string): Promise<webcrypto.CryptoKey> {
  const pkcs8 = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', pkcs8, ecdsa, false, ['sign']);
}

/** A client whose clock is slightly slow must accept a new certificate. */
function anHourBefore(now: number): Date {
  return new Date(now - 3_600_000);
}
