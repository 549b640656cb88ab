import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeviceFolder } from '../../lib/devices/device-folder';
import {
  type CertificateSource,
  type Enrollment,
  enrollDevice,
  enrollFleet,
  type IssuedCertificate,
} from '../../lib/enrollment/enrollment';
import { CertificateAuthority } from '../../lib/iot-core-local/registry/certificate-authority';
import { temporaryFolder } from '../support/temporary-folder';

const root = temporaryFolder();
let authority: CertificateAuthority;
let tests = 0;

beforeAll(async () => {
  authority = await CertificateAuthority.create();
});

/** A device with a key, in a folder of its own, and a certificate that fits. */
async function device(thingName = 'car1') {
  tests += 1;
  const folder = new DeviceFolder(join(root, String(tests)), 'aws', thingName);
  return { folder, certificate: await certificateFor(folder) };
}

async function certificateFor(folder: DeviceFolder, status = 'ACTIVE'): Promise<IssuedCertificate> {
  const certificatePem = await authority.sign(await folder.ensureKeyAndCsr());
  return { certificateId: `id${certificatePem.length}`, certificatePem, status };
}

function source(...certificates: IssuedCertificate[]): CertificateSource {
  return { rootCaPem: authority.rootPem, certificatesOf: () => certificates };
}

test('A device gets its certificate and the roots', async () => {
  const { folder, certificate } = await device();
  expect(await enrollDevice(source(certificate), folder)).toBe(true);
  expect(readFileSync(folder.certificateFile, 'utf8')).toBe(certificate.certificatePem);
  expect(readFileSync(folder.rootCaFile, 'utf8')).toBe(authority.rootPem);
});

test('A second enrollment changes nothing', async () => {
  const { folder, certificate } = await device();
  await enrollDevice(source(certificate), folder);
  expect(await enrollDevice(source(certificate), folder)).toBe(false);
});

test('Of several certificates, the one that fits the key is taken', async () => {
  const { folder, certificate } = await device();
  const { certificate: strangers } = await device('stranger');
  await enrollDevice(source(strangers, certificate), folder);
  expect(readFileSync(folder.certificateFile, 'utf8')).toBe(certificate.certificatePem);
});

test('Of two that fit, the ACTIVE one is taken', async () => {
  const { folder, certificate } = await device();
  const inactive = await certificateFor(folder, 'INACTIVE');
  await enrollDevice(source(inactive, certificate), folder);
  expect(readFileSync(folder.certificateFile, 'utf8')).toBe(certificate.certificatePem);
});

describe('a device keeps the certificate that it has, and the error names the thing, when', () => {
  test.each([
    ['none is attached', async () => [], /^"car1" has no certificate attached\. .*cdk deploy/],
    [
      'none fits its key',
      async () => [(await device('stranger')).certificate],
      /^No certificate of "car1" fits .*car1\.private\.key\./,
    ],
    [
      'the one that fits is not ACTIVE',
      async (folder: DeviceFolder) => [await certificateFor(folder, 'INACTIVE')],
      /^The certificate id\d+ of "car1" is INACTIVE\./,
    ],
  ])('An enrollment fails, and the old certificate stays, if %s', async (_case, certificates, message) => {
    const { folder, certificate } = await device();
    await enrollDevice(source(certificate), folder);
    await expect(enrollDevice(source(...(await certificates(folder))), folder)).rejects.toThrow(message);
    expect(readFileSync(folder.certificateFile, 'utf8')).toBe(certificate.certificatePem);
  });
});

test('An enrollment without a key fails and names the key', async () => {
  const { certificate } = await device();
  const keyless = new DeviceFolder(join(root, 'keyless'), 'aws', 'car1');
  await expect(enrollDevice(source(certificate), keyless)).rejects.toThrow(/car1\.private\.key is missing/);
});

test('A device that fails does not stop the others, and the next run enrolls it', async () => {
  const devices = [await device('car1'), await device('car2'), await device('consumer3')];
  const folders = devices.map(({ folder }) => folder);
  const certificates = new Map(devices.map(({ folder, certificate }) => [folder.thingName, [certificate]]));
  const run = async (lost?: string): Promise<Enrollment[]> => {
    const done: Enrollment[] = [];
    const certificatesOf = (thingName: string) => (thingName === lost ? [] : certificates.get(thingName)!);
    await enrollFleet({ rootCaPem: authority.rootPem, certificatesOf }, folders, (enrollment) => done.push(enrollment));
    return done;
  };
  expect(await run('car2')).toEqual(
    expect.arrayContaining([
      { thingName: 'car1', outcome: 'written' },
      { thingName: 'car2', outcome: 'failed', reason: expect.stringContaining('"car2" has no certificate') },
      { thingName: 'consumer3', outcome: 'written' },
    ]),
  );
  expect((await run()).filter(({ outcome }) => outcome === 'written')).toEqual([
    { thingName: 'car2', outcome: 'written' },
  ]);
});

test('Only a few devices are asked about at the same time', async () => {
  const folders = Array.from({ length: 12 }, (_, index) => new DeviceFolder(join(root, 'many'), 'aws', `car${index}`));
  let atOnce = 0;
  let most = 0;
  const certificatesOf = async () => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    await new Promise(setImmediate);
    atOnce -= 1;
    return [];
  };
  const done: Enrollment[] = [];
  await enrollFleet({ rootCaPem: '', certificatesOf }, folders, (enrollment) => done.push(enrollment));
  expect(done).toHaveLength(12);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(4);
});

test('A folder that cannot be used fails its own device only', async () => {
  const { certificate } = await device();
  const path = join(root, 'file');
  writeFileSync(path, '');
  const done: Enrollment[] = [];
  await enrollFleet(source(certificate), [new DeviceFolder(path, 'aws', 'car1')], (enrollment) =>
    done.push(enrollment),
  );
  expect(done).toEqual([{ thingName: 'car1', outcome: 'failed', reason: expect.stringContaining(path) }]);
});
