import { dirname, join } from 'node:path';
import type { DeviceFolder } from '../devices/device-folder';
import { fewAtATime } from '../util/few-at-a-time';

/** A certificate that is attached to a thing. */
export interface IssuedCertificate {
  readonly certificateId: string;
  readonly certificatePem: string;
  /** Its status in AWS IoT Core: ACTIVE, INACTIVE, REVOKED, … */
  readonly status: string;
}

/** A place that knows the certificates of a deployed fleet. */
export interface CertificateSource {
  /** The root certificates that the endpoint's certificate is checked against, in PEM. */
  readonly rootCaPem: string;
  /** The certificates that are attached to a thing. */
  certificatesOf(thingName: string): readonly IssuedCertificate[] | Promise<readonly IssuedCertificate[]>;
}

/** A device that cannot get its certificate. The message names the thing and the next step. */
class EnrollmentError extends Error {
  override readonly name = 'EnrollmentError';
}

/**
 * Puts a device's certificate into its folder, beside its key, together with the endpoint's root certificates.
 *
 * If the thing has several certificates, it takes the ACTIVE one that fits the device's key.
 *
 * @returns false if that certificate was there already
 * @throws EnrollmentError when there is no such certificate
 * @throws DeviceFolderError or FileError when the folder cannot be used
 */
export async function enrollDevice(source: CertificateSource, folder: DeviceFolder): Promise<boolean> {
  const { thingName } = folder;
  const certificates = await source.certificatesOf(thingName);
  if (certificates.length === 0) {
    throw new EnrollmentError(
      `"${thingName}" has no certificate attached. Deploy the fleet again: npx cdk deploy --all`,
    );
  }
  const fitting = certificates.filter(({ certificatePem }) => folder.fitsKey(certificatePem));
  if (fitting.length === 0) {
    throw new EnrollmentError(`No certificate of "${thingName}" fits ${folder.keyFile}. ${remedyFor(folder)}`);
  }
  const active = fitting.find(({ status }) => status === 'ACTIVE');
  if (!active) {
    const [{ certificateId, status }] = fitting;
    throw new EnrollmentError(
      `The certificate ${certificateId} of "${thingName}" is ${status}. npm run status says what to do.`,
    );
  }
  folder.writeRootCa(source.rootCaPem);
  return folder.writeCertificate(active.certificatePem);
}

/** What to do when no certificate fits the device's key. */
function remedyFor({ kind, path }: DeviceFolder): string {
  if (kind === 'local') {
    return `A certificate that IoT Core Local has kept is wrong: delete ${join(dirname(path), '.certificate-authority')}, and the next start makes new ones.`;
  }
  return 'Deploy from the checkout that holds its key, or copy the folder devices/aws from there.';
}

/** The outcome for one device. */
export type Enrollment =
  | { readonly thingName: string; readonly outcome: 'written' | 'unchanged' }
  | { readonly thingName: string; readonly outcome: 'failed'; readonly reason: string };

/**
 * Enrolls each device. A device that fails does not stop the others.
 *
 * @param onEnrolled - called with the outcome for each device, as soon as it is known
 */
export async function enrollFleet(
  source: CertificateSource,
  folders: Iterable<DeviceFolder>,
  onEnrolled: (enrollment: Enrollment) => void,
): Promise<void> {
  await fewAtATime(folders, async (folder) => onEnrolled(await tryToEnroll(source, folder)));
}

async function tryToEnroll(source: CertificateSource, folder: DeviceFolder): Promise<Enrollment> {
  const { thingName } = folder;
  try {
    return { thingName, outcome: (await enrollDevice(source, folder)) ? 'written' : 'unchanged' };
  } catch (error) {
    return { thingName, outcome: 'failed', reason: (error as Error).message };
  }
}
