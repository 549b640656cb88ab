import { type IoTClient, paginateListAttachedPolicies } from '@aws-sdk/client-iot';
import {
  GetConnectionCommand,
  type IoTDataPlaneClient,
  paginateListSubscriptions,
  type SubscriptionSummary,
} from '@aws-sdk/client-iot-data-plane';
import type { Device } from '../fleet/fleet';
import { fewAtATime } from '../util/few-at-a-time';
import { explained, listCertificates } from './aws-iot';

interface CertificateSummary {
  readonly certificateId: string;
  readonly status: string;
  /** The names of the policies that are attached to it. */
  readonly policies: readonly string[];
}

/** What AWS IoT Core knows of a device. */
export interface DeviceStatus {
  readonly thingName: string;
  readonly clientId: string;
  /** Whether there is a thing of that name. */
  readonly isDeployed: boolean;
  readonly certificates: readonly CertificateSummary[];
  readonly isConnected: boolean;
  /** When it connected or disconnected last, as far as AWS still knows: half an hour back for one that is away. */
  readonly since?: Date;
  /** Those of a persistent session too, while its client is away. */
  readonly subscriptions: readonly { readonly topicFilter: string; readonly qos: number }[];
}

export interface StatusClients {
  readonly iot: IoTClient;
  readonly iotData: IoTDataPlaneClient;
}

/** A device about which AWS IoT Core gave no answer. */
export interface UnknownStatus {
  readonly thingName: string;
  readonly clientId: string;
  /** What kept it from answering, as a sentence. */
  readonly failure: string;
}

/**
 * Asks AWS IoT Core about each device. One about which it gives no answer does not keep the others from theirs.
 *
 * @returns what it answered, in the order of the devices
 * @throws AwsIotError when it gives no answer about the first, as it would not about the others either
 */
export async function fleetStatus(
  [first, ...others]: readonly Device[],
  clients: StatusClients,
): Promise<(DeviceStatus | UnknownStatus)[]> {
  const ask = (device: Device) => explained(clients.iot, `"${device.thingName}"`, () => deviceStatus(device, clients));
  const statuses = new Map<Device, DeviceStatus | UnknownStatus>([[first, await ask(first)]]);
  await fewAtATime(others, async (device) => {
    const { thingName, clientId } = device;
    statuses.set(device, await ask(device).catch(({ message: failure }: Error) => ({ thingName, clientId, failure })));
  });
  return [first, ...others].map((device) => statuses.get(device)!);
}

/**
 * Asks AWS IoT Core about a device. What is not there is part of the answer.
 *
 * @throws whatever else keeps AWS from answering
 */
export async function deviceStatus({ thingName, clientId }: Device, clients: StatusClients): Promise<DeviceStatus> {
  const certificates = await unlessMissing(() => certificatesOf(thingName, clients.iot));
  const connection = await unlessMissing(() => clients.iotData.send(new GetConnectionCommand({ clientId })));
  const isConnected = connection?.connected ?? false;
  const since = isConnected ? connection?.connectedSince : connection?.disconnectedSince;
  return {
    thingName,
    clientId,
    isDeployed: certificates !== undefined,
    certificates: certificates ?? [],
    isConnected,
    since: since === undefined ? undefined : new Date(since),
    subscriptions: (await unlessMissing(() => subscriptionsOf(clientId, clients.iotData))) ?? [],
  };
}

async function certificatesOf(thingName: string, client: IoTClient): Promise<CertificateSummary[]> {
  const certificates: CertificateSummary[] = [];
  for await (const { certificateArn, certificateId, status } of listCertificates(client, thingName)) {
    const policies: string[] = [];
    for await (const page of paginateListAttachedPolicies({ client }, { target: certificateArn })) {
      policies.push(...(page.policies ?? []).map(({ policyName = '' }) => policyName));
    }
    certificates.push({ certificateId, status, policies });
  }
  return certificates;
}

async function subscriptionsOf(clientId: string, client: IoTDataPlaneClient) {
  const subscriptions: DeviceStatus['subscriptions'][number][] = [];
  for await (const page of paginateListSubscriptions({ client }, { clientId })) {
    const named = ({ topicFilter = '', qos = 0 }: SubscriptionSummary) => ({ topicFilter, qos });
    subscriptions.push(...(page.subscriptions ?? []).map(named));
  }
  return subscriptions;
}

async function unlessMissing<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}
