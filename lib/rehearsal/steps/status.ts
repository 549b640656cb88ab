import { type DeviceStatus, fleetStatus, type UnknownStatus } from '../../enrollment/device-status';
import { otherMarkedThings } from '../../enrollment/marked-things';
import { emptyEventually } from '../account/eventually';
import { devicesIn, type Rehearsal } from '../rehearsal';
import type { Step } from '../step';

/** What AWS answers about the fleet. */
export interface StatusEvidence {
  readonly statuses: readonly (DeviceStatus | UnknownStatus)[];
  /** The devices that AWS does not list among the things with this project's mark. */
  readonly unlisted: readonly string[];
}

/** What AWS knows of each device. */
export const status: Step<StatusEvidence> = {
  name: 'npm run status',
  lookAt: 'npm run status says what to do about each device.',
  run: async (rehearsal) => ({
    statuses: await fleetStatus(devicesIn(rehearsal), rehearsal.account),
    unlisted: await emptyEventually(() => unlistedOf(rehearsal), rehearsal.account.access.settleTime),
  }),
  verdict: ({ statuses, unlisted }) => ({
    summary: `${statuses.length} devices, each with one ACTIVE certificate and its own policy`,
    problems: [
      ...statuses.flatMap(problemsOf),
      ...unlisted.map((thingName) => `AWS does not list "${thingName}" among the things that this project deployed.`),
    ],
  }),
};

async function unlistedOf(rehearsal: Rehearsal): Promise<string[]> {
  const { things, count, isComplete } = await otherMarkedThings(new Set(), rehearsal.account.iot);
  // In an account with very many others, the fleet's own may not be named.
  if (!isComplete || count > things.length) return [];
  const listed = new Set(things.map(({ thingName }) => thingName));
  return devicesIn(rehearsal).flatMap(({ thingName }) => (listed.has(thingName) ? [] : [thingName]));
}

function problemsOf(device: DeviceStatus | UnknownStatus): string[] {
  if ('failure' in device) return [device.failure];
  const { thingName, isDeployed, certificates } = device;
  if (!isDeployed) return [`There is no thing "${thingName}".`];
  const seen = certificates.map(({ status: each, policies }) => `${each} with ${policies.join(', ') || 'no policy'}`);
  const wanted = `ACTIVE with ${thingName}`;
  return seen.length === 1 && seen[0] === wanted
    ? []
    : [`"${thingName}" has these certificates: ${seen.join('; ') || 'none'}. Expected: one that is ${wanted}.`];
}
