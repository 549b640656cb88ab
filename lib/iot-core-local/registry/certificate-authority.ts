import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { makePrivateFolder, readIfThere, writeNew, writeOver } from '../../util/atomic-file';
import { systemClocks } from '../clocks';
import {
  type EndpointKey,
  type Issuer,
  issuerOf,
  type KeyAndCertificate,
  newEndpoint,
  newRoot,
  signRequest,
} from './issue-certificate';

const rootRemark = "# The root of IoT Core Local, under the name that Amazon's has. Trust it for nothing else.\n";

/**
 * Signs the certificates of IoT Core Local's devices and of its endpoint.
 *
 * The same certificate request gets another certificate each time, as on AWS. An authority that is kept in a folder gives the same ones in
 * the same order when it is opened again, so a device keeps its certificate when IoT Core Local starts again.
 */
export class CertificateAuthority {
  /**
   * An authority that ends with the process.
   *
   * @param wallClock - milliseconds since 1970: its certificates begin an hour earlier
   */
  static async create(wallClock = systemClocks.wall): Promise<CertificateAuthority> {
    return new CertificateAuthority(await newRoot(wallClock()), wallClock);
  }

  /**
   * The authority that a folder keeps. It is made if there is none, and again if its root is not valid now.
   *
   * @param wallClock - milliseconds since 1970: its certificates begin an hour earlier
   * @throws Error naming the file, if it cannot be read or written or holds something else
   */
  static async open(folder: string, wallClock = systemClocks.wall): Promise<CertificateAuthority> {
    makePrivateFolder(folder);
    const make = async () => bundle(await newRoot(wallClock()));
    const root = await kept(join(folder, 'root.pem'), wallClock, make, unbundle);
    return new CertificateAuthority(root, wallClock, folder);
  }

  private issuer?: Promise<Issuer>;
  /** How often each request was signed since the authority was opened. */
  private readonly signed = new Map<string, number>();

  private constructor(
    private readonly root: KeyAndCertificate,
    private readonly wallClock: () => number,
    private readonly folder?: string,
  ) {}

  /** The root certificate in PEM, after a remark that says whose it is. */
  get rootPem(): string {
    return rootRemark + this.root.certificate;
  }

  /**
   * A certificate for the key that a certificate request is signed with, in PEM.
   *
   * @throws IotError InvalidRequestException if AWS would not sign it
   */
  async sign(csrPem: string): Promise<string> {
    const count = this.signed.get(csrPem) ?? 0;
    this.signed.set(csrPem, count + 1);
    const source = count === 0 ? csrPem : `${csrPem}${count}`;
    const make = async () => signRequest(await this.readIssuer(), csrPem, this.wallClock());
    return (await this.keep('device', source, make, readCertificate)).certificate;
  }

  /**
   * A key and a certificate for a server.
   *
   * @param hosts - its names or IP addresses
   * @param key - an RSA key takes about half a second to make
   */
  async endpointCertificate(hosts: readonly string[], key: EndpointKey = 'ecdsa'): Promise<KeyAndCertificate> {
    const make = async () => bundle(await newEndpoint(await this.readIssuer(), hosts, key, this.wallClock()));
    return this.keep(key === 'ecdsa' ? 'endpoint' : `endpoint-${key}`, hosts.join(), make, unbundle);
  }

  /** Reads the root once, when the first certificate is signed. */
  private readIssuer(): Promise<Issuer> {
    this.issuer ??= issuerOf(this.root);
    return this.issuer;
  }

  /** What this root made from `source` before, or makes now. */
  private async keep<T extends Kept>(kind: string, source: string, make: () => Promise<string>, read: Reader<T>) {
    if (this.folder === undefined) return read(await make(), kind);
    const digest = createHash('sha256').update(this.root.certificate).update(source).digest('hex');
    return kept(join(this.folder, `${kind}-${digest}.pem`), this.wallClock, make, read);
  }
}

interface Kept {
  /** In PEM. */
  readonly certificate: string;
}

/** Reads a kept file's text. @throws Error naming the file, if it holds something else */
type Reader<T> = (text: string, file: string) => T;

/** What a file holds. It is made if it is missing, and made again if it is not valid now: it has expired, or the clock was wrong. */
async function kept<T extends Kept>(
  file: string,
  wallClock: () => number,
  make: () => Promise<string>,
  read: Reader<T>,
): Promise<T> {
  const existing = readIfThere(file);
  if (existing === undefined) {
    writeNew(file, await make(), 0o600);
  } else {
    const value = read(existing, file);
    if (isValid(value, wallClock())) return value;
    writeOver(file, await make(), 0o600);
  }
  // Another process may have written it first, so it is read back.
  return read(readIfThere(file)!, file);
}

/** @param time - milliseconds since 1970 */
function isValid({ certificate }: Kept, time: number): boolean {
  const { validFrom, validTo } = new X509Certificate(certificate);
  return Date.parse(validFrom) <= time && time <= Date.parse(validTo);
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

function readCertificate(pem: string, file: string): Kept {
  try {
    new X509Certificate(pem);
    return { certificate: pem };
  } catch {
    throw new Error(`${file} holds no certificate. Delete the file; a new one is made.`);
  }
}
