import { execFile } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, webcrypto } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import 'reflect-metadata';
import { X509CertificateGenerator } from '@peculiar/x509';
import { fitsRequest } from '../../lib/devices/certificate-request';
import { DeviceFolder, DeviceFolderError } from '../../lib/devices/device-folder';
import { newPrivateKey } from '../../lib/util/private-key';
import { temporaryFolder } from '../support/temporary-folder';

const root = temporaryFolder();
let folder: DeviceFolder;
let count = 0;

beforeEach(() => {
  folder = new DeviceFolder(join(root, String(++count)), 'aws', 'subscriber2A');
});

const modeOf = (path: string) => statSync(path).mode & 0o777;
const textOf = (file: string) => readFileSync(file, 'utf8');

test('A device’s files have the names of the blog post', () => {
  const { path, keyFile, csrFile, certificateFile, rootCaFile, messagesFile } = new DeviceFolder(
    '/d',
    'aws',
    'subscriber2A',
  );
  expect(path).toBe('/d/aws/subscriber2A');
  expect([keyFile, csrFile, certificateFile, rootCaFile, messagesFile]).toEqual([
    '/d/aws/subscriber2A/subscriber2a.private.key',
    '/d/aws/subscriber2A/subscriber2a.csr.pem',
    '/d/aws/subscriber2A/subscriber2a.certificate.pem',
    '/d/aws/subscriber2A/AmazonRootCA1.pem',
    '/d/aws/subscriber2A/messages.json',
  ]);
});

test('Each target has its own folder', () => {
  expect(new DeviceFolder('/d', 'local', 'car1').path).toBe('/d/local/car1');
});

test.each(['', '.', '..', '../car1', 'a/b', 'a\\b', 'a\0b'])('%j is refused as the name of a folder', (name) => {
  expect(() => new DeviceFolder('/d', 'aws', name)).toThrow(DeviceFolderError);
});

describe('the key and its certificate request', () => {
  test('A missing key and request are made, readable by their owner only', async () => {
    const made: string[] = [];
    const csr = await folder.ensureKeyAndCsr((file) => made.push(file));
    expect(made).toEqual([folder.keyFile, folder.csrFile]);
    expect(textOf(folder.csrFile)).toBe(csr);
    expect(fitsRequest(createPrivateKey(textOf(folder.keyFile)), csr)).toBe(true);
    expect([modeOf(folder.path), modeOf(folder.keyFile)]).toEqual([0o700, 0o600]);
    expect(readdirSync(folder.path).sort()).toEqual(['subscriber2a.csr.pem', 'subscriber2a.private.key']);
  });

  test('An existing key and request are kept unchanged', async () => {
    const csr = await folder.ensureKeyAndCsr();
    const key = textOf(folder.keyFile);
    const made: string[] = [];
    expect(await folder.ensureKeyAndCsr((file) => made.push(file))).toBe(csr);
    expect([textOf(folder.keyFile), textOf(folder.csrFile), made]).toEqual([key, csr, []]);
  });

  test('A missing request is made for the existing key', async () => {
    await folder.ensureKeyAndCsr();
    const key = textOf(folder.keyFile);
    rmSync(folder.csrFile);
    const csr = await folder.ensureKeyAndCsr();
    expect(textOf(folder.keyFile)).toBe(key);
    expect(fitsRequest(createPrivateKey(key), csr)).toBe(true);
  });

  test.each([
    ['PKCS #8', 'pkcs8', 'P-384'],
    ['SEC 1, with parameters', 'sec1', 'P-256'],
  ] as const)(
    'A key in %s that somebody else made is taken, and so is its request in another form',
    async (_, type, namedCurve) => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve });
      const parameters =
        type === 'sec1' ? '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n' : '';
      mkdirSync(folder.path, { recursive: true });
      writeFileSync(folder.keyFile, parameters + privateKey.export({ type, format: 'pem' }));
      const csr = await folder.ensureKeyAndCsr();
      expect(fitsRequest(privateKey, csr)).toBe(true);
      const other = `Certificate Request:\n${csr.replaceAll('CERTIFICATE R', 'NEW CERTIFICATE R')}`;
      writeFileSync(folder.csrFile, other);
      expect(await folder.ensureKeyAndCsr()).toBe(csr);
      expect(textOf(folder.csrFile)).toBe(other);
    },
  );

  test('A key that others may read is closed to them', async () => {
    await folder.ensureKeyAndCsr();
    chmodSync(folder.keyFile, 0o644);
    chmodSync(folder.path, 0o755);
    await folder.ensureKeyAndCsr();
    expect([modeOf(folder.path), modeOf(folder.keyFile)]).toEqual([0o700, 0o600]);
  });

  test('Two calls at once make one pair', async () => {
    const [one, other] = await Promise.all([folder.ensureKeyAndCsr(), folder.ensureKeyAndCsr()]);
    expect(one).toBe(other);
    expect(textOf(folder.csrFile)).toBe(one);
  });

  test('Three processes at once make one pair', async () => {
    const script = `
      const { DeviceFolder } = require('./lib/devices/device-folder');
      new DeviceFolder(process.argv[1], 'aws', 'subscriber2A').ensureKeyAndCsr().then((csr) => process.stdout.write(csr));`;
    const args = ['--require', 'tsx/cjs', '-e', script, dirname(dirname(folder.path))];
    const run = () => promisify(execFile)(process.execPath, args, { cwd: join(__dirname, '../..') });
    const csrs = (await Promise.all([run(), run(), run()])).map(({ stdout }) => stdout);
    expect(csrs).toEqual(Array(3).fill(textOf(folder.csrFile)));
    expect(fitsRequest(createPrivateKey(textOf(folder.keyFile)), csrs[0]!)).toBe(true);
    expect(readdirSync(folder.path)).toHaveLength(2);
  }, 20_000);
});

describe('an error names the file, and leaves all as it was', () => {
  test.each<[string, string, () => void]>([
    [
      'a request whose key is gone',
      'key is missing, though its certificate request is there',
      () => rmSync(folder.keyFile),
    ],
    ['an empty key', notAKey(), () => writeFileSync(folder.keyFile, '')],
    ['garbage for a key', notAKey(), () => writeFileSync(folder.keyFile, 'garbage')],
    [
      'a key that AWS does not sign',
      'is ED25519; AWS IoT signs an RSA key',
      () => writeFileSync(folder.keyFile, otherKey()),
    ],
    ['an encrypted key', 'is encrypted. Clients read it', () => writeFileSync(folder.keyFile, encryptedKey())],
    [
      'a key that OpenSSL encrypted as it used to',
      'is encrypted. Clients',
      () => writeFileSync(folder.keyFile, oldEncryptedKey()),
    ],
    ['the key of another device', notItsRequest(), () => writeFileSync(folder.keyFile, newPrivateKey())],
    ['an empty request', notItsRequest(), () => writeFileSync(folder.csrFile, '')],
    ['garbage for a request', notItsRequest(), () => writeFileSync(folder.csrFile, 'garbage')],
    ['a folder in the place of the key', 'key cannot be read (EISDIR', () => inPlaceOf(folder.keyFile)],
    ['a folder in the place of the request', 'csr.pem cannot be read (EISDIR', () => inPlaceOf(folder.csrFile)],
    ['a file in the place of the folder', 'subscriber2A cannot be written (EEXIST', () => fileInPlaceOf(folder.path)],
    [
      'a file in the place of its parent',
      'subscriber2A cannot be written (ENOTDIR',
      () => fileInPlaceOf(dirname(folder.path)),
    ],
  ])('An error names the folder and changes no file: %s', async (_, message, spoil) => {
    await folder.ensureKeyAndCsr();
    spoil();
    const before = contents();
    await expect(folder.ensureKeyAndCsr()).rejects.toThrow(message);
    await expect(folder.ensureKeyAndCsr()).rejects.toThrow(folder.path);
    expect(contents()).toEqual(before);
  });

  /** The files of the folder, as far as there are any. */
  function contents(): unknown {
    return [folder.keyFile, folder.csrFile].map((file) => {
      try {
        return textOf(file);
      } catch (error) {
        return (error as NodeJS.ErrnoException).code;
      }
    });
  }

  function notAKey() {
    return 'subscriber2a.private.key is not a private key in PEM. Bring the key back, or delete';
  }

  function notItsRequest() {
    return 'subscriber2a.csr.pem is not a certificate request for';
  }

  function otherKey() {
    return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  }

  function oldEncryptedKey() {
    const key = createPrivateKey(newPrivateKey());
    return key.export({ type: 'sec1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' });
  }

  function encryptedKey() {
    const key = createPrivateKey(newPrivateKey());
    return key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' });
  }

  function inPlaceOf(file: string) {
    rmSync(file);
    mkdirSync(file);
  }

  function fileInPlaceOf(path: string) {
    rmSync(path, { recursive: true });
    writeFileSync(path, '');
  }
});

describe('a certificate', () => {
  test('A certificate for the folder’s key is written, and replaces an older one', async () => {
    await folder.ensureKeyAndCsr();
    const [first, second] = [
      await certificateFor(textOf(folder.keyFile)),
      await certificateFor(textOf(folder.keyFile)),
    ];
    expect(folder.writeCertificate(first)).toBe(true);
    expect(folder.writeCertificate(first)).toBe(false);
    expect(folder.writeCertificate(second)).toBe(true);
    expect(textOf(folder.certificateFile)).toBe(second);
  });

  test.each([
    ['A certificate for another key', () => certificateFor(newPrivateKey())],
    ['A text that is not a certificate', () => 'garbage'],
  ])('%s is refused, and the existing certificate stays', async (_, other) => {
    await folder.ensureKeyAndCsr();
    const right = await certificateFor(textOf(folder.keyFile));
    folder.writeCertificate(right);
    const wrong = await other();
    expect(() => folder.writeCertificate(wrong)).toThrow(
      `The certificate of "subscriber2A" does not fit ${folder.keyFile}. Deploy from the checkout that holds its key.`,
    );
    expect(textOf(folder.certificateFile)).toBe(right);
  });

  test('A certificate is refused when the folder has no key', async () => {
    const certificate = await certificateFor(newPrivateKey());
    expect(() => folder.writeCertificate(certificate)).toThrow(`${folder.keyFile} is missing`);
  });
});

test('Newer root certificates replace older ones', () => {
  folder.writeRootCa('old root\n');
  folder.writeRootCa('new root\n');
  expect(textOf(folder.rootCaFile)).toBe('new root\n');
});

test('Existing messages are never overwritten', () => {
  folder.writeMessages(['{"ID": "car1", "speed": "75"}', '{"ID": "car1", "speed": "77"}']);
  folder.writeMessages(['other']);
  expect(textOf(folder.messagesFile)).toBe('{"ID": "car1", "speed": "75"}\n{"ID": "car1", "speed": "77"}\n');
});

/** A self-signed certificate for a private key in PEM. */
async function certificateFor(pem: string): Promise<string> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const key = createPrivateKey(pem);
  const { d: _, ...publicJwk } = key.export({ format: 'jwk' });
  const keys = {
    privateKey: await webcrypto.subtle.importKey('jwk', key.export({ format: 'jwk' }), algorithm, true, ['sign']),
    publicKey: await webcrypto.subtle.importKey('jwk', publicJwk, algorithm, true, ['verify']),
  };
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=test',
    keys,
    signingAlgorithm: algorithm,
  });
  return `${certificate.toString('pem')}\n`;
}
