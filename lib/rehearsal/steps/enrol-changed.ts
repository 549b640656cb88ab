import type { Step } from '../step';
import { type EnrolmentEvidence, enrolAll, enrolmentVerdict } from './enrol';

/** The certificates after the update. */
export const enrolChanged: Step<{ devices: readonly EnrolmentEvidence[]; written: readonly string[] }> = {
  name: 'npm run certs again',
  lookAt: 'Which certificates the update replaced: the events of the fleet stack.',
  async run(rehearsal) {
    const { added, renewed } = rehearsal.change;
    return { devices: await enrolAll(rehearsal), written: [added, renewed.thingName] };
  },
  verdict: ({ devices, written }) => enrolmentVerdict(devices, written),
};
