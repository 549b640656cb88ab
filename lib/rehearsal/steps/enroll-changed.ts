import type { Step } from '../step';
import { type EnrollmentEvidence, enrollAll, enrollmentVerdict } from './enroll';

/** The certificates after the update. */
export const enrollChanged: Step<{ devices: readonly EnrollmentEvidence[]; written: readonly string[] }> = {
  name: 'npm run certs again',
  lookAt: 'Which certificates the update replaced: the events of the fleet stack.',
  async run(rehearsal) {
    const { added, renewed } = rehearsal.change;
    return { devices: await enrollAll(rehearsal), written: [added, renewed.thingName] };
  },
  verdict: ({ devices, written }) => enrollmentVerdict(devices, written),
};
