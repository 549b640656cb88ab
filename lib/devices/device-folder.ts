import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { join, resolve } from 'node:path';
import { fileNameOf } from '../fleet/fleet';
import { closeToOthers, makePrivateFolder, readIfThere, writeNew, writeOver } from '../util/atomic-file';
import { newPrivateKey } from '../util/private-key';
import { isSignedKey, kindOf, signedKeys } from '../util/signed-keys';
import { fitsRequest, newCertificateRequest, plainRequest } from './certificate-request';
import { isUsualPair } from './key-pair';

export const targets = ['aws', 'account', 'local'] as const;

/**
 * Where the fleet is deployed: `aws` in an AWS account, `account` in the account of an IoT Core Local that `npm run local -- --empty` serves,
 * `local` on the IoT Core Local that a command starts for itself.
 */
export type Target = (typeof targets)[number];

/** A device's folder that cannot be used as it is. Its message names the file and what to do. */
export class DeviceFolderError extends Error {
  override readonly name = 'DeviceFolderError';
}

const forOwner = 0o600;
const forEveryone = 0o644;

/** A target, or where the certificates of a template go that is not of this project's devices. */
type FolderKind = Target | 'template';

/**
 * A device's folder on disk: `devices/<target>/<thing>/`, with the file names of the blog post.
 *
 * The private key is made here and never leaves. Every file is written whole or not at all, and a key or request that is there is never
 * overwritten, also when two processes run at once.
 */
export class DeviceFolder {
  readonly path: string;
  readonly keyFile: string;
  readonly csrFile: string;
  readonly certificateFile: string;
  readonly rootCaFile: string;
  readonly messagesFile: string;

  constructor(
    root: string,
    readonly kind: FolderKind,
    readonly thingName: string,
  ) {
    // A fleet's names are checked, but a template of somebody else's names its things as it likes.
    if (/[/\\\0]|^\.*$/.test(thingName)) throw new DeviceFolderError(`"${thingName}" cannot be the name of a folder.`);
    this.path = resolve(root, kind, thingName);
    const file = join(this.path, fileNameOf(thingName));
    this.keyFile = `${file}.private.key`;
    this.csrFile = `${file}.csr.pem`;
    this.certificateFile = `${file}.certificate.pem`;
    this.rootCaFile = join(this.path, 'AmazonRootCA1.pem');
    this.messagesFile = join(this.path, 'messages.json');
  }

  /**
   * The device's certificate request, in PEM. Makes the folder, the key and the request if they are missing.
   *
   * A folder or key that others may read, as unzipping or copying leaves it, is closed to them. It is not refused, as ssh would:
   * the key is this project's own, and on a disk without permissions it could not be used at all.
   *
   * @param onMade - called with each file that was made
   * @throws DeviceFolderError when the key is lost or is not a key, or the request is not the key's
   * @throws FileError when a file cannot be read or written
   */
  async ensureKeyAndCsr(onMade: (file: string) => void = () => {}): Promise<string> {
    makePrivateFolder(this.path);
    // The request is read first: whoever wrote it wrote the key before, so a key that is missing then is lost, not still to come.
    const existing = readIfThere(this.csrFile);
    const existingPem = this.keyPem();
    if (existing !== undefined && existingPem !== undefined && isUsualPair(existingPem, existing)) return existing;
    const existingKey = this.key();
    if (existing !== undefined && !existingKey) {
      throw new DeviceFolderError(
        `${this.keyFile} is missing, though its certificate request is there. ${this.keyAdvice}`,
      );
    }
    const key = existingKey ?? this.newKey(onMade);
    const csr = existing ?? (await this.newCsr(key, onMade));
    if (!fitsRequest(key, csr)) {
      const advice =
        'If the key is right, delete the request: a new one is made, and the device gets a new certificate.';
      throw new DeviceFolderError(`${this.csrFile} is not a certificate request for ${this.keyFile}. ${advice}`);
    }
    return existing === undefined ? csr : plainRequest(csr);
  }

  /**
   * Whether a certificate is for the device's key.
   *
   * @throws DeviceFolderError when there is no key
   */
  fitsKey(certificatePem: string): boolean {
    const key = this.key();
    if (!key) {
      throw new DeviceFolderError(
        `${this.keyFile} is missing; without it a certificate of "${this.thingName}" is of no use. Go on in the checkout that holds the key, or deploy with a new one from this: npx cdk deploy --all`,
      );
    }
    return parsed(() => new X509Certificate(certificatePem))?.checkPrivateKey(key) ?? false;
  }

  /**
   * Puts the device's certificate beside its key, in the place of an older one.
   *
   * @returns false if this very certificate was there already
   * @throws DeviceFolderError if it is for another key; an older certificate then stays
   */
  writeCertificate(pem: string): boolean {
    if (!this.fitsKey(pem)) {
      throw new DeviceFolderError(
        `The certificate of "${this.thingName}" does not fit ${this.keyFile}. Deploy from the checkout that holds its key.`,
      );
    }
    return writeOver(this.certificateFile, pem, forEveryone);
  }

  /** Keeps a certificate whose key is elsewhere. */
  keepCertificate(pem: string): void {
    makePrivateFolder(this.path);
    writeOver(this.certificateFile, pem, forEveryone);
  }

  /** Puts the root certificates that the endpoint is checked against into the folder. */
  writeRootCa(pem: string): void {
    makePrivateFolder(this.path);
    writeOver(this.rootCaFile, pem, forEveryone);
  }

  /** Writes the messages that a car publishes, one per line, unless there are some: they are the user's to edit. */
  writeMessages(lines: readonly string[]): void {
    makePrivateFolder(this.path);
    writeNew(this.messagesFile, lines.map((line) => `${line}\n`).join(''), forEveryone);
  }

  private keyPem(): string | undefined {
    const pem = readIfThere(this.keyFile);
    if (pem !== undefined) closeToOthers(this.keyFile);
    return pem;
  }

  private key(): KeyObject | undefined {
    const pem = this.keyPem();
    if (pem === undefined) return undefined;
    const key = parsed(() => createPrivateKey(pem));
    if (key && isSignedKey(key)) return key;
    if (key) {
      const advice = `Delete ${this.path}, or put another key and its request there.`;
      throw new DeviceFolderError(`${this.keyFile} is ${kindOf(key)}; AWS IoT signs ${signedKeys}. ${advice}`);
    }
    if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem)) {
      const command = `openssl pkey -in ${this.keyFile} -out plain.key`;
      throw new DeviceFolderError(
        `${this.keyFile} is encrypted. Clients read it without a passphrase. Decrypt it, and put the result in its place: ${command}`,
      );
    }
    throw new DeviceFolderError(`${this.keyFile} is not a private key in PEM. ${this.keyAdvice}`);
  }

  private newKey(onMade: (file: string) => void): KeyObject {
    if (writeNew(this.keyFile, newPrivateKey(), forOwner)) onMade(this.keyFile);
    // Read back, as another process may have been faster.
    return this.key()!;
  }

  private async newCsr(key: KeyObject, onMade: (file: string) => void): Promise<string> {
    if (writeNew(this.csrFile, await newCertificateRequest(key, this.thingName), forEveryone)) onMade(this.csrFile);
    return readIfThere(this.csrFile)!;
  }

  private get keyAdvice(): string {
    return `Bring the key back, or delete ${this.path} to start afresh with a new key and certificate.`;
  }
}

function parsed<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
