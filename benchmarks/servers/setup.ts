import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CertificateAuthority } from '../../lib/iot-core-local/registry/certificate-authority';

/** A right of a device, for brokers that have access control lists in mosquitto's format. */
export interface AclEntry {
  /** The common name of the device's certificate. */
  readonly user: string;
  readonly access: 'read' | 'write' | 'readwrite';
  readonly topic: string;
}

/** What the servers under load are started with: the paths of files in PEM and others. */
export interface Setup {
  /** A folder for this benchmark alone. The devices' folders are in it. */
  readonly folder: string;
  /** What IoT Core Local deploys. */
  readonly template: string;
  /** The access control list of the other brokers. */
  readonly acl: string;
  readonly key: string;
  readonly certificate: string;
  /** The root of the server's certificate and of the devices'. */
  readonly root: string;
}

/** Writes the files of a setup, with the certificate authority that has signed the devices' certificates. */
export async function setUp(folder: string, template: object, rights: readonly AclEntry[]): Promise<Setup> {
  const authority = await CertificateAuthority.open(join(folder, 'local', '.certificate-authority'));
  const { key, certificate } = await authority.endpointCertificate(['127.0.0.1', 'localhost']);
  const write = (name: string, content: string) => {
    const file = join(folder, `bench-${name}`);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  };
  return {
    folder,
    template: write('template.json', JSON.stringify(template)),
    acl: write('acl', rights.map(({ user, access, topic }) => `user ${user}\ntopic ${access} ${topic}\n`).join('')),
    key: write('key.pem', key),
    certificate: write('certificate.pem', certificate),
    root: write('root.pem', authority.rootPem),
  };
}
