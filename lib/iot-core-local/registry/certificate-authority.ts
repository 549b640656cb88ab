import { createHash, createPrivateKey, createPublicKey, webcrypto, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { makePrivateFolder, readIfThere, writeNew } from '../../util/atomic-file';
import { newPrivateKey } from '../../util/private-key';
import { IotError } from './iot-error';

/** A private key and its certificate, both PEM. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly certificate: string;
}

const keyAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** AWS IoT Core's own certificates end at this moment. */
const notAfter = new Date('2049-12-31T23:59:59Z');

const rootRemark = "# The root of IoT Core Local, under the name that Amazon's has. Trust it for nothing else.\n";

/**
 * Signs the certificates of IoT Core Local's devices and of its endpoint.
 *
 * An authority that is kept in a folder answers the same certificate request with the same certificate, so a device keeps its certificate
 * when IoT Core Local starts again. AWS IoT Core makes a new certificate for each request, and so does an authority that is not kept.
 */
export class CertificateAuthority {
  /** An authority that ends with the process. */
  static async create(): Promise<CertificateAuthority> {
    return new CertificateAuthority(await newRoot());
  }

  /**
   * The authority that a folder keeps. It is made if there is none.
   *
   * @throws Error naming the file, if it cannot be read or written or holds something else
   */
  static async open(folder: string): Promise<CertificateAuthority> {
    makePrivateFolder(folder);
    const root = await kept(join(folder, 'root.pem'), async () => bundle(await newRoot()), unbundle);
    return new CertificateAuthority(root, folder);
  }

  private issuer?: Promise<Issuer>;

  private constructor(
    private readonly root: KeyAndCertificate,
    private readonly folder?: string,
  ) {}

  /** The root certificate in PEM, after a remark that says whose it is. */
  get rootPem(): string {
    return rootRemark + this.root.certificate;
  }

  /**
   * A certificate for the key that a certificate request is signed with, in PEM.
   *
   * @throws IotError InvalidRequestException if it is not a request, or if it is not signed with its own key
   */
  async sign(csrPem: string): Promise<string> {
    return this.keep('device', csrPem, async () => signRequest(await this.readIssuer(), csrPem), requireCertificate);
  }

  /** A key and a certificate for a server.
   *
   * @param hosts - its names or IP addresses
   */
  async endpointCertificate(hosts: readonly string[]): Promise<KeyAndCertificate> {
    const make = async () => bundle(await newEndpoint(await this.readIssuer(), hosts));
    return this.keep('endpoint', hosts.join(), make, unbundle);
  }

  /** Reads the root once, when the first certificate is signed. */
  private readIssuer(): Promise<Issuer> {
    this.issuer ??= issuerOf(this.root);
    return this.issuer;
  }

  /** What this root made from `source` before, or makes now. */
  private async keep<T>(kind: string, source: string, make: () => Promise<string>, read: Reader<T>): Promise<T> {
    if (this.folder === undefined) return read(await make(), kind);
    const digest = createHash('sha256').update(this.root.certificate).update(source).digest('hex');
    return kept(join(this.folder, `${kind}-${digest}.pem`), make, read);
  }
}

/** Reads a kept file's text. @throws Error naming the file, if it holds something else */
type Reader<T> = (text: string, file: string) => T;

type X509 = typeof import('@peculiar/x509');

/** The root, as the library wants it. */
interface Issuer {
  readonly certificate: InstanceType<X509['X509Certificate']>;
  readonly privateKey: webcrypto.CryptoKey;
}

async function issuerOf({ key, certificate }: KeyAndCertificate): Promise<Issuer> {
  const x509 = await loadX509();
  return { certificate: new x509.X509Certificate(certificate), privateKey: await importPrivateKey(key) };
}

async function newRoot(): Promise<KeyAndCertificate> {
  const x509 = await loadX509();
  const { pem, keys } = await newKey();
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: ['IoT Core Local'] }],
    keys,
    notBefore: anHourAgo(),
    notAfter,
    signingAlgorithm: keyAlgorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { key: pem, certificate: `${root.toString('pem')}\n` };
}

async function signRequest(issuer: Issuer, csrPem: string): Promise<string> {
  const x509 = await loadX509();
  let request: InstanceType<typeof x509.Pkcs10CertificateRequest>;
  try {
    request = new x509.Pkcs10CertificateRequest(csrPem);
  } catch {
    throw new IotError('InvalidRequestException', 'The certificate signing request cannot be read.');
  }
  if (!(await request.verify())) {
    throw new IotError('InvalidRequestException', 'The certificate signing request is not signed with its own key.');
  }
  return issue(issuer, request.subjectName.toJSON(), request.publicKey, x509.ExtendedKeyUsage.clientAuth);
}

async function newEndpoint(issuer: Issuer, hosts: readonly string[]): Promise<KeyAndCertificate> {
  const x509 = await loadX509();
  const { pem, keys } = await newKey();
  const names = hosts.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? ('ip' as const) : ('dns' as const), value }));
  const certificate = await issue(issuer, [{ CN: [hosts[0]] }], keys.publicKey, x509.ExtendedKeyUsage.serverAuth, [
    new x509.SubjectAlternativeNameExtension(names),
  ]);
  return { key: pem, certificate };
}

async function issue(
  issuer: Issuer,
  subject: ConstructorParameters<X509['Name']>[0],
  publicKey: Parameters<X509['X509CertificateGenerator']['create']>[0]['publicKey'],
  usage: string,
  extensions: InstanceType<X509['Extension']>[] = [],
): Promise<string> {
  const x509 = await loadX509();
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: issuer.certificate.subject,
    publicKey,
    signingKey: issuer.privateKey,
    signingAlgorithm: keyAlgorithm,
    notBefore: anHourAgo(),
    notAfter,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([usage]),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      // RFC 5280, 4.2.1.1. Strict clients (Python 3.13) refuse an endpoint without it.
      await x509.AuthorityKeyIdentifierExtension.create(issuer.certificate.publicKey),
      ...extensions,
    ],
  });
  return `${certificate.toString('pem')}\n`;
}

/** Loads the library when the first certificate is made, as loading it takes longer than the rest of a start. */
async function loadX509(): Promise<X509> {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

async function newKey(): Promise<{ pem: string; keys: Pick<webcrypto.CryptoKeyPair, 'privateKey' | 'publicKey'> }> {
  const pem = newPrivateKey();
  const spki = createPublicKey(pem).export({ type: 'spki', format: 'der' });
  const publicKey = await webcrypto.subtle.importKey('spki', spki, keyAlgorithm, true, ['verify']);
  return { pem, keys: { privateKey: await importPrivateKey(pem), publicKey } };
}

function importPrivateKey(pem: string): Promise<webcrypto.CryptoKey> {
  const pkcs8 = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', pkcs8, keyAlgorithm, false, ['sign']);
}

/** A client whose clock is slightly slow must accept a new certificate. */
function anHourAgo(): Date {
  return new Date(Date.now() - 3_600_000);
}

async function kept<T>(file: string, make: () => Promise<string>, read: Reader<T>): Promise<T> {
  const existing = readIfThere(file);
  if (existing !== undefined) return read(existing, file);
  writeNew(file, await make(), 0o600);
  // Another process may have written it first, so it is read back.
  return read(readIfThere(file)!, file);
}

function bundle({ key, certificate }: KeyAndCertificate): string {
  return key + certificate;
}

function unbundle(pem: string, file: string): KeyAndCertificate {
  const certificate = pem.slice(pem.indexOf('-----BEGIN CERTIFICATE-----'));
  const key = pem.slice(0, pem.length - certificate.length);
  try {
    if (new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))) return { key, certificate };
  } catch {
    // Falls through to the one error below.
  }
  throw new Error(`${file} holds no private key with its certificate. Delete the file; a new one is made.`);
}

function requireCertificate(pem: string, file: string): string {
  try {
    new X509Certificate(pem);
    return pem;
  } catch {
    throw new Error(`${file} holds no certificate. Delete the file; a new one is made.`);
  }
}
