import { type DeviceStatus, fleetStatus, type UnknownStatus } from '../../enrolment/device-status';
import { devicesIn } from '../rehearsal';
import type { Step } from '../step';

/** What AWS knows of each device. */
export const status: Step<readonly (DeviceStatus | UnknownStatus)[]> = {
  name: 'npm run status',
  lookAt: 'npm run status says what to do about each device.',
  run: (rehearsal) => fleetStatus(devicesIn(rehearsal), rehearsal.account),
  verdict: (statuses) => ({
    summary: `${statuses.length} devices, each with one ACTIVE certificate and its own policy`,
    problems: statuses.flatMap(problemsOf),
  }),
};

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
