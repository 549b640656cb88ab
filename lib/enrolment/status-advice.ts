import { DescribeThingCommand, type IoTClient } from '@aws-sdk/client-iot';
import type { DeviceFolder } from '../devices/device-folder';
import type { DeviceStatus, UnknownStatus } from './device-status';

/**
 * What a person can do about the devices that cannot connect, a sentence or two for each cause. A device that has an ACTIVE certificate
 * needs nothing.
 */
export function adviceOn(statuses: readonly (DeviceStatus | UnknownStatus)[]): string[] {
  const advice: string[] = [];
  const bySweep: string[] = [];
  for (const status of statuses) {
    if ('failure' in status || status.certificates.some((certificate) => certificate.status === 'ACTIVE')) continue;
    const { thingName, certificates } = status;
    if (certificates.some(({ isDeactivatedByTeardown }) => isDeactivatedByTeardown)) bySweep.push(thingName);
    else advice.push(...certificates.map((certificate) => adviceOnCertificate(thingName, certificate)));
  }
  if (bySweep.length > 0) {
    advice.unshift(
      `A destroy that was not finished deactivated ${namesOf(bySweep)}. To finish it: npx cdk destroy --all. To keep the fleet: npx cdk deploy --all, which activates the certificates again.`,
    );
  }
  return advice;
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

/** The first names, and how many there are. */
function namesOf(thingNames: readonly string[]): string {
  const shown = thingNames.slice(0, 5).join(', ');
  return thingNames.length > 5 ? `${shown} and ${thingNames.length - 5} others` : shown;
}

/** What a person can do about a folder of no device. @throws Error of the AWS SDK when AWS does not say whether the thing exists */
export async function adviceOnLeftover({ thingName, path }: DeviceFolder, client: IoTClient): Promise<string> {
  if (await hasThing(thingName, client)) {
    return `"${thingName}" is not in the fleet of cdk.json, but the thing exists. npx cdk deploy --all removes it, if a stack of this fleet has it.`;
  }
  return `${path} is of no device: "${thingName}" is neither in the fleet of cdk.json nor deployed. Delete the folder, with its key, if you do not need it.`;
}

async function hasThing(thingName: string, client: IoTClient): Promise<boolean> {
  try {
    await client.send(new DescribeThingCommand({ thingName }));
    return true;
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return false;
    throw error;
  }
}
