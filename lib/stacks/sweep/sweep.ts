import { type CertificateStatus, type IoTClient, UpdateCertificateCommand } from '@aws-sdk/client-iot';
import {
  DeleteConnectionCommand,
  GetRetainedMessageCommand,
  type IoTDataPlaneClient,
  PublishCommand,
} from '@aws-sdk/client-iot-data-plane';
import { strangers } from './attachments';
import type { OwnedDevice } from './fleet-resources';
import { attempt, carryOut, type Left, type Pace, type Task } from './tasks';

export interface Clients {
  readonly iot: IoTClient;
  readonly iotData: IoTDataPlaneClient;
}

export interface OwnedFleet {
  readonly topic: string;
  readonly devices: readonly OwnedDevice[];
}

/**
 * Makes a fleet deletable, whatever was done to it by hand, and leaves nothing of it in the message broker. In this order:
 *
 * 1. detaches strangers from the fleet's things, policies and certificates, and waits until AWS IoT has done so;
 * 2. deactivates the fleet's certificates, then disconnects each client and drops its session: the other way round it would come back;
 * 3. clears a retained message on the topic.
 *
 * It deletes nothing, and deactivates nothing that the fleet does not own. What is gone already is fine, so it can run any number of times.
 * Versions that somebody added to a policy are no concern of its: CloudFormation deletes them together with the policy
 * (aws-cloudformation-resource-providers-iot, AWS::IoT::Policy, DeleteHandler).
 *
 * @throws Unfinished when the signal ends it, or AWS refuses something; everything else is done all the same
 */
export async function sweep({ devices, topic }: OwnedFleet, { iot, iotData }: Clients, pace: Pace): Promise<void> {
  const tasks = [
    ...devices.map((device) => detaching(device, iot, pace.signal)),
    ...devices.map((device) => disarming(device, { iot, iotData }, pace.signal)),
    clearing(topic, iotData, pace.signal),
  ];
  await carryOut(tasks, pace);
}

/**
 * Activates the fleet's certificates: what a sweep disarmed can connect again.
 *
 * @throws Unfinished when AWS refuses some of them
 */
export async function arm(devices: readonly OwnedDevice[], iot: IoTClient, pace: Pace): Promise<void> {
  const tasks = devices.map(({ clientId, certificateArn }) => ({
    name: `activating the certificate of "${clientId}"`,
    run: () => setStatus('ACTIVE', certificateArn, iot, pace.signal),
  }));
  await carryOut(tasks, pace);
}

function detaching(device: OwnedDevice, iot: IoTClient, signal: AbortSignal): Task {
  return {
    name: `detaching from "${device.clientId}" what was attached by hand`,
    async run() {
      const left: Left[] = [];
      for (const search of strangers(device, iot, signal)) {
        const unseen = await attempt(search.name, async () => {
          for (const { undoing, undo } of await search.find()) {
            const refused = await attempt(undoing, undo);
            // Detached is what AWS lists no more, which takes it some seconds:
            // https://docs.aws.amazon.com/iot/latest/apireference/API_DetachThingPrincipal.html
            left.push(
              ...(refused.length > 0
                ? refused
                : [{ what: undoing, why: 'asked for, and not seen to be done', retry: true }]),
            );
          }
        });
        left.push(...unseen);
      }
      return left;
    },
  };
}

function disarming(
  { clientId, certificateArn }: OwnedDevice,
  { iot, iotData }: Clients,
  abortSignal: AbortSignal,
): Task {
  const name = `disconnecting "${clientId}" and dropping its session`;
  // A last will would be one more message of a fleet that is no more.
  const disconnect = new DeleteConnectionCommand({ clientId, cleanSession: true, preventWillMessage: true });
  return {
    name,
    async run() {
      const left = await setStatus('INACTIVE', certificateArn, iot, abortSignal);
      return left.length > 0 ? left : attempt(name, () => iotData.send(disconnect, { abortSignal }));
    },
  };
}

function clearing(topic: string, iotData: IoTDataPlaneClient, abortSignal: AbortSignal): Task {
  const name = `clearing the retained message on "${topic}"`;
  return {
    name,
    run: () =>
      attempt(name, async () => {
        // An empty message clears it, but reaches subscribers as well: so none is sent unless there is something to clear.
        await iotData.send(new GetRetainedMessageCommand({ topic }), { abortSignal });
        await iotData.send(new PublishCommand({ topic, qos: 1, retain: true, payload: new Uint8Array() }), {
          abortSignal,
        });
      }),
  };
}

async function setStatus(
  newStatus: CertificateStatus,
  certificateArn: string | undefined,
  iot: IoTClient,
  abortSignal: AbortSignal,
): Promise<readonly Left[]> {
  if (certificateArn === undefined) return [];
  const certificateId = certificateArn.slice(certificateArn.lastIndexOf('/') + 1);
  const update = new UpdateCertificateCommand({ certificateId, newStatus });
  return attempt(`setting ${certificateArn} to ${newStatus}`, () => iot.send(update, { abortSignal }));
}
