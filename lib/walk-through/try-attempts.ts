import type { Device } from '../fleet/fleet';
import { fewAtATime } from '../util/few-at-a-time';
import { type Attempt, type ConnectAttempt, clientIdOf, isConnectAttempt, judge, type Outcome } from './attempts';
import { RequestError } from './clients/client-failure';
import type { Connector } from './clients/connector';
import type { DeviceClient } from './clients/device-client';

/** Reports the outcome of an attempt. */
type Tell = (attempt: Attempt, outcome: Outcome) => void;

/** What an attempt that a device makes as itself needs of its connection. */
export type Requester = Pick<DeviceClient, 'subscribe' | 'publish'>;

/** Where one attempt is made. */
export interface AttemptProps {
  readonly connector: Connector;
  readonly mqtt: 3 | 5;
  /** The device's own connection. @throws Error with the reason why it has none, which is not a refusal */
  readonly clientOf: (device: Device) => Promise<Requester> | Requester;
}

/**
 * Makes one forbidden attempt.
 *
 * Under MQTT 3.1.1 a refusal ends the device's connection. An attempt under another's client id that is wrongly allowed ends the other's.
 */
export async function tryAttempt(attempt: Attempt, { connector, mqtt, clientOf }: AttemptProps): Promise<Outcome> {
  try {
    await make(attempt, connector, clientOf);
    return { refused: false, reason: 'it was allowed' };
  } catch (error) {
    if (error instanceof RequestError) return judge(attempt, error.failure, mqtt);
    return { refused: false, reason: (error as Error).message };
  }
}

export interface AttemptsProps {
  readonly attempts: readonly Attempt[];
  /** The devices' connections; all are closed in the end. */
  readonly clients: Map<Device, DeviceClient>;
  readonly connector: Connector;
  readonly mqtt: 3 | 5;
  /** How many devices try at the same time. */
  readonly most: number;
}

/**
 * Makes the forbidden attempts.
 *
 * First each device acts as itself, one attempt after the other, because under MQTT 3.1.1 a refusal ends the connection. Then, when all
 * are disconnected, devices connect under another client id, one after the other where it is the same. So an attempt that is wrongly
 * allowed disturbs no other.
 */
export async function tryForbidden(
  { attempts, clients, connector, mqtt, most }: AttemptsProps,
  tell: Tell,
): Promise<void> {
  const props: AttemptProps = { connector, mqtt, clientOf: (device) => openClient(device, clients, connector) };

  const asItself = async (device: Device) => {
    for (const attempt of attempts) {
      if (isConnectAttempt(attempt) || attempt.device !== device) continue;
      tell(attempt, await tryAttempt(attempt, props));
    }
    await clients.get(device)?.end();
  };
  await fewAtATime(clients.keys(), asItself, most);

  const connects = attempts.filter(isConnectAttempt);
  const asAnother = async (clientId: string) => {
    for (const attempt of connects) {
      if (clientIdOf(attempt) === clientId) tell(attempt, await tryAttempt(attempt, props));
    }
  };
  await fewAtATime(new Set(connects.map(clientIdOf)), asAnother, most);
}

/** Of what a target said about an attempt, the sentence that says why: a policy's decision, if it names one. */
export function reasonIn(said: readonly string[] = []): string | undefined {
  return said.find((sentence) => sentence.includes(' was denied ')) ?? said.at(-1);
}

async function make(attempt: Attempt, connector: Connector, clientOf: AttemptProps['clientOf']): Promise<void> {
  if (!isConnectAttempt(attempt)) return request(attempt, await clientOf(attempt.device));
  const client = await (attempt.kind === 'forge'
    ? connector.forge(attempt.victim)
    : connector.connect(attempt.device, clientIdOf(attempt)));
  await client.end();
}

/** Publishes at QoS 1, because a PUBLISH at QoS 0 has no answer under MQTT 5. */
function request(attempt: Exclude<Attempt, ConnectAttempt>, client: Requester): Promise<void> {
  const message = `{"ID": "${attempt.device.thingName}", "forbidden": true}`;
  switch (attempt.kind) {
    case 'listen':
    case 'join':
    case 'bypass':
    case 'widen':
    case 'overhear':
      return client.subscribe(attempt.topicFilter, 0);
    case 'stray':
    case 'publish':
      return client.publish(attempt.topic, message, 1);
    case 'retain':
      return retain(attempt.topic, message, client);
  }
}

/** Deletes the retained message again if it was wrongly allowed. */
async function retain(topic: string, message: string, client: Requester): Promise<void> {
  await client.publish(topic, message, 1, { retain: true });
  await client.publish(topic, '', 1, { retain: true });
}

async function openClient(
  device: Device,
  clients: Map<Device, DeviceClient>,
  connector: Connector,
): Promise<DeviceClient> {
  const client = clients.get(device);
  if (client?.open) return client;
  try {
    const again = await connector.connect(device);
    clients.set(device, again);
    return again;
  } catch (error) {
    // No RequestError: that would count as a refusal of the attempt.
    throw new Error(`could not connect: ${(error as Error).message}`, { cause: error });
  }
}
