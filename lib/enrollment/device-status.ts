import { DescribeThingCommand, type IoTClient, paginateListAttachedPolicies } from '@aws-sdk/client-iot';
import {
  GetConnectionCommand,
  type IoTDataPlaneClient,
  paginateListSubscriptions,
  type SubscriptionSummary,
} from '@aws-sdk/client-iot-data-plane';
import type { Device } from '../fleet/fleet';
import { deactivatedAttribute } from '../fleet/thing-attributes';
import { fewAtATime } from '../util/few-at-a-time';
import type { AwsClients } from './aws-clients';
import { explained, listCertificates, unlessMissing } from './aws-iot';

interface CertificateSummary {
  readonly certificateId: string;
  readonly status: string;
  /** Whether the teardown's sweep deactivated it. Then deploying the teardown stack activates it again. */
  readonly isDeactivatedByTeardown: boolean;
  /** The names of the policies that are attached to it. */
  readonly policies: readonly string[];
}

/** What AWS IoT Core knows about a device. */
export interface DeviceStatus {
  readonly thingName: string;
  readonly clientId: string;
  /** Whether the thing exists. */
  readonly isDeployed: boolean;
  readonly certificates: readonly CertificateSummary[];
  readonly isConnected: boolean;
  /** When it last connected or disconnected. AWS keeps the time of a disconnection for half an hour. */
  readonly since?: Date;
  /** Its subscriptions; those of a persistent session too, while its client is away. */
  readonly subscriptions: readonly { readonly topicFilter: string; readonly qos: number }[];
}

/** A device about which AWS IoT Core gave no answer. */
export interface UnknownStatus {
  readonly thingName: string;
  readonly clientId: string;
  /** Why it gave no answer, as a sentence. */
  readonly failure: string;
}

/**
 * Asks AWS IoT Core about each device. A question that fails does not stop the others.
 *
 * @returns the answers, in the order of the devices
 * @throws AwsIotError when the first question fails, because the others would fail as well
 */
export async function fleetStatus(
  [first, ...others]: readonly Device[],
  clients: AwsClients,
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
 * Asks AWS IoT Core about a device. A missing thing, connection or session is part of the answer.
 *
 * @throws Error of the AWS SDK, for any other exception
 */
export async function deviceStatus({ thingName, clientId }: Device, clients: AwsClients): Promise<DeviceStatus> {
  const certificates = await unlessMissing(certificatesOf(thingName, clients.iot));
  const connection = await unlessMissing(clients.iotData.send(new GetConnectionCommand({ clientId })));
  const isConnected = connection?.connected ?? false;
  const since = isConnected ? connection?.connectedSince : connection?.disconnectedSince;
  return {
    thingName,
    clientId,
    isDeployed: certificates !== undefined,
    certificates: certificates ?? [],
    isConnected,
    since: since === undefined ? undefined : new Date(since),
    subscriptions: (await unlessMissing(subscriptionsOf(clientId, clients.iotData))) ?? [],
  };
}

async function certificatesOf(thingName: string, client: IoTClient): Promise<CertificateSummary[]> {
  const certificates: CertificateSummary[] = [];
  for await (const { certificateArn, certificateId, status } of listCertificates(client, thingName)) {
    const policies: string[] = [];
    for await (const page of paginateListAttachedPolicies({ client }, { target: certificateArn })) {
      policies.push(...(page.policies ?? []).map(({ policyName = '' }) => policyName));
    }
    certificates.push({ certificateId, status, isDeactivatedByTeardown: false, policies });
  }
  if (certificates.every(({ status }) => status !== 'INACTIVE')) return certificates;
  const { attributes } = await client.send(new DescribeThingCommand({ thingName }));
  return certificates.map((certificate) => ({
    ...certificate,
    isDeactivatedByTeardown:
      certificate.status === 'INACTIVE' && attributes?.[deactivatedAttribute] === certificate.certificateId,
  }));
}

async function subscriptionsOf(clientId: string, client: IoTDataPlaneClient) {
  const subscriptions: DeviceStatus['subscriptions'][number][] = [];
  for await (const page of paginateListSubscriptions({ client }, { clientId })) {
    const named = ({ topicFilter = '', qos = 0 }: SubscriptionSummary) => ({ topicFilter, qos });
    subscriptions.push(...(page.subscriptions ?? []).map(named));
  }
  return subscriptions;
}
