import { DescribeThingCommand, type IoTClient } from '@aws-sdk/client-iot';
import type { DeviceFolder, Target } from '../devices/device-folder';
import { unlessMissing } from './aws-iot';
import type { DeviceStatus, UnknownStatus } from './device-status';
import type { MarkedThings } from './marked-things';

/**
 * What a person can do about the devices that cannot connect, a sentence or two for each cause. A device that has an ACTIVE certificate
 * needs nothing.
 *
 * @param target - `local` for the IoT Core Local of npm run local
 */
export function adviceOn(statuses: readonly (DeviceStatus | UnknownStatus)[], target: Target): string[] {
  const advice: string[] = [];
  const missing: string[] = [];
  const bySweep: string[] = [];
  for (const status of statuses) {
    if ('failure' in status || status.certificates.some((certificate) => certificate.status === 'ACTIVE')) continue;
    const { thingName, certificates, isDeployed } = status;
    if (!isDeployed) missing.push(thingName);
    else if (certificates.length === 0) advice.push(withoutCertificate(thingName));
    else if (certificates.some(({ isDeactivatedByTeardown }) => isDeactivatedByTeardown)) bySweep.push(thingName);
    else advice.push(...certificates.map((certificate) => adviceOnCertificate(thingName, certificate)));
  }
  if (bySweep.length > 0) {
    advice.unshift(
      `A destroy that was not finished deactivated ${namesOf(bySweep)}. To finish it: npx cdk destroy --all. To keep the fleet: npx cdk deploy --all, which activates the certificates again.`,
    );
  }
  if (missing.length > 0) advice.unshift(notDeployed(missing, target));
  return advice;
}

function notDeployed(thingNames: readonly string[], target: Target): string {
  return target === 'local'
    ? `IoT Core Local does not have ${namesOf(thingNames)}. npm run local serves the fleet of cdk.json, or another with --fleet.`
    : `Not deployed here: ${namesOf(thingNames)}. To deploy the fleet: npx cdk deploy --all. If it is in another Region or account, name it: AWS_REGION=…, AWS_PROFILE=…`;
}

function withoutCertificate(thingName: string): string {
  return `"${thingName}" has no certificate: somebody detached or deleted it, and no deployment brings it back. docs/maintenance.md says how the device gets a new one, and how to finish a destroy that failed at its certificate.`;
}

type Certificate = DeviceStatus['certificates'][number];

function adviceOnCertificate(thingName: string, { certificateId, status }: Certificate): string {
  switch (status) {
    case 'INACTIVE':
      return `Somebody deactivated the certificate of "${thingName}", and no deployment activates it. If the device may connect again: aws iot update-certificate --new-status ACTIVE --certificate-id ${certificateId}`;
    case 'REVOKED':
      return `The certificate of "${thingName}" is REVOKED for good. docs/maintenance.md says how the device gets a new one, and what to do before cdk destroy.`;
    default:
      return `The certificate ${certificateId} of "${thingName}" is ${status}, so it cannot connect.`;
  }
}

/** The most checkouts whose things are named, a sentence for each. */
const mostCheckouts = 5;

const howToDelete = 'docs/aws.md says how to delete it.';

/**
 * What a person can do about things that this project deployed, and that are not of the fleet.
 *
 * @param target - `local` for the IoT Core Local of npm run local, whose fleet a person chooses when it starts
 * @param ownCheckoutId - undefined if this checkout has deployed nothing yet
 */
export function adviceOnMarked(
  { things, count, isComplete }: MarkedThings,
  target: Target,
  ownCheckoutId: string | undefined,
): string[] {
  const namesByCheckout = new Map<string, string[]>();
  for (const { thingName, checkoutId } of things) {
    namesByCheckout.set(checkoutId, [...(namesByCheckout.get(checkoutId) ?? []), thingName]);
  }
  const sentenceOn = ([checkoutId, names]: [string, string[]]) => {
    if (target === 'local') {
      return `IoT Core Local serves another fleet, which has ${namesOf(names)}. If it is the one that you mean, name its file with --fleet.`;
    }
    return checkoutId === ownCheckoutId
      ? `Deployed from this checkout, and not in the fleet of cdk.json: ${namesOf(names)}. npx cdk deploy --all removes those that a stack of this fleet has. If one stays, a destroy left it: ${howToDelete}`
      : `Deployed from another checkout (${checkoutId}): ${namesOf(names)}. Change or destroy that fleet from there; docs/maintenance.md says how to take it over. If no stack has one of them, a destroy left it: ${howToDelete}`;
  };
  const advice = [...namesByCheckout].slice(0, mostCheckouts).map(sentenceOn);
  if (namesByCheckout.size > mostCheckouts) {
    advice.push(
      `${namesByCheckout.size - mostCheckouts} further checkouts have deployed things here. --json names them.`,
    );
  }
  if (count > things.length) advice.push(`${count - things.length} further things of other fleets are not named.`);
  if (!isComplete) advice.push('AWS was still listing things of other fleets after half a minute: there may be more.');
  return advice;
}

/** The first names, and how many there are. */
function namesOf(thingNames: readonly string[]): string {
  const shown = thingNames.slice(0, 5).join(', ');
  const others = thingNames.length - 5;
  return others > 0 ? `${shown} and ${others} ${others === 1 ? 'other' : 'others'}` : shown;
}

/** What a person can do about a folder of no device. @throws Error of the AWS SDK when AWS does not say whether the thing exists */
export async function adviceOnLeftover({ thingName, path }: DeviceFolder, client: IoTClient): Promise<string> {
  if (await unlessMissing(client.send(new DescribeThingCommand({ thingName })))) {
    return `"${thingName}" is not in the fleet of cdk.json, but the thing exists. npx cdk deploy --all removes it, if a stack of this fleet has it.`;
  }
  return `${path} is of no device: "${thingName}" is neither in the fleet of cdk.json nor deployed. Delete the folder, with its key, if you do not need it.`;
}
