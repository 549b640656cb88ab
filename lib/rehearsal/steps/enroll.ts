import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { DeviceFolder } from '../../devices/device-folder';
import { writeEndpoint } from '../../devices/endpoint';
import { blogMessages } from '../../devices/messages';
import { AwsIot } from '../../enrollment/aws-iot';
import { type Enrollment, enrollFleet } from '../../enrollment/enrollment';
import { deviceFolders } from '../connection';
import { deployedIn, type Rehearsal } from '../rehearsal';
import type { Step, StepVerdict } from '../step';

/** A device's enrollment, and what its folder holds then. */
export interface EnrollmentEvidence {
  readonly enrollment: Enrollment;
  /** Whether the certificate in the folder is for the key in the folder. */
  readonly fitsKey: boolean;
  /** Whether nobody but the owner may read the key. Always true where there are no such permissions. */
  readonly isKeyPrivate: boolean;
}

/** Does what `npm run certs` does, and looks into each folder. @throws Error of the AWS SDK */
export async function enrollAll(rehearsal: Rehearsal): Promise<EnrollmentEvidence[]> {
  const { account, checkout } = rehearsal;
  const aws = new AwsIot(account.iot, account.access.rootCaPem);
  writeEndpoint(await aws.dataEndpoint(), checkout.devicesRoot, checkout.target);
  const folders = deviceFolders(rehearsal);
  const evidence: EnrollmentEvidence[] = [];
  await enrollFleet(aws, folders.values(), (enrollment) => {
    evidence.push({ enrollment, ...seenIn(folders.get(enrollment.thingName)!) });
  });
  for (const { thingName } of deployedIn(rehearsal).fleet.cars) {
    folders.get(thingName)!.writeMessages(blogMessages(thingName));
  }
  return evidence;
}

function seenIn({ keyFile, certificateFile }: DeviceFolder): Omit<EnrollmentEvidence, 'enrollment'> {
  try {
    const key = createPrivateKey(readFileSync(keyFile));
    return {
      fitsKey: new X509Certificate(readFileSync(certificateFile)).checkPrivateKey(key),
      isKeyPrivate: process.platform === 'win32' || (statSync(keyFile).mode & 0o077) === 0,
    };
  } catch {
    return { fitsKey: false, isKeyPrivate: true };
  }
}

/** @param written - the devices that must have got a certificate; all others must have kept theirs */
export function enrollmentVerdict(evidence: readonly EnrollmentEvidence[], written: readonly string[]): StepVerdict {
  const problems = evidence.flatMap(({ enrollment, fitsKey, isKeyPrivate }) => {
    const { thingName, outcome } = enrollment;
    if (outcome === 'failed') return [enrollment.reason];
    const wanted = written.includes(thingName) ? 'written' : 'unchanged';
    return [
      ...(outcome === wanted ? [] : [`"${thingName}" ${said[outcome]}, but ${said[wanted]} was expected.`]),
      ...(fitsKey ? [] : [`The certificate of "${thingName}" does not fit its key.`]),
      ...(isKeyPrivate ? [] : [`Others can read the key of "${thingName}".`]),
    ];
  });
  return { summary: `${written.length} of ${evidence.length} written, each fits its key`, problems };
}

const said = { written: 'got another certificate', unchanged: 'kept its certificate' };

/** The first certificates of all devices. */
export const enroll: Step<readonly EnrollmentEvidence[]> = {
  name: 'npm run certs',
  lookAt: 'The certificates of the things: aws iot list-thing-principals --thing-name …',
  run: enrollAll,
  verdict: (evidence) =>
    enrollmentVerdict(
      evidence,
      evidence.map(({ enrollment }) => enrollment.thingName),
    ),
};
