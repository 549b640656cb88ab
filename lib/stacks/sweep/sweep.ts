import type { IoTClient } from '@aws-sdk/client-iot';
import { GetRetainedMessageCommand, type IoTDataPlaneClient, PublishCommand } from '@aws-sdk/client-iot-data-plane';
import { detaching } from './detach';
import { arming, type Clients, disarming } from './disarm';
import type { OwnedDevice } from './fleet-resources';
import { carryOut, type Task, type Timing, tryOnce } from './tasks';

/** A fleet as its stack owns it now. */
export interface OwnedFleet {
  readonly topic: string;
  readonly devices: readonly OwnedDevice[];
}

/**
 * Makes a fleet deletable, whatever was done to it by hand, and removes what the message broker holds of it. In this order:
 *
 * 1. It disarms each device: it deactivates the certificate, disconnects the client and drops its session.
 * 2. It clears a retained message on the topic.
 * 3. It detaches strangers from the fleet's things, policies and certificates, and waits until AWS IoT has done so.
 *
 * Detaching takes the longest, so it comes last: a sweep that runs out of time leaves no device connected.
 *
 * It deletes nothing, and deactivates nothing that the fleet does not own. What is done already needs nothing, so it can run any number of
 * times. It leaves the versions of a policy alone, because CloudFormation deletes them together with the policy
 * (aws-cloudformation-resource-providers-iot, AWS::IoT::Policy, DeleteHandler).
 *
 * @throws Unfinished when the signal ends it, or AWS refuses something; everything else is done all the same
 */
export async function sweep({ devices, topic }: OwnedFleet, clients: Clients, timing: Timing): Promise<void> {
  const tasks = [
    ...devices.map((device) => disarming(device, clients, timing.signal)),
    clearing(topic, clients.iotData, timing.signal),
    ...devices.map((device) => detaching(device, clients.iot, timing)),
  ];
  await carryOut(tasks, timing);
}

/**
 * Activates the certificates that a sweep deactivated, and no others: what somebody deactivated by hand stays so.
 *
 * @throws Unfinished when AWS refuses some of them
 */
export async function arm(devices: readonly OwnedDevice[], iot: IoTClient, timing: Timing): Promise<void> {
  await carryOut(
    devices.map((device) => arming(device, iot, timing.signal)),
    timing,
  );
}

function clearing(topic: string, iotData: IoTDataPlaneClient, abortSignal: AbortSignal): Task {
  const name = `clearing the retained message on "${topic}"`;
  return {
    name,
    run: () =>
      tryOnce(name, async () => {
        // An empty message clears it, but reaches subscribers, too. So it is sent only if there is something to clear.
        await iotData.send(new GetRetainedMessageCommand({ topic }), { abortSignal });
        const empty = new PublishCommand({ topic, qos: 1, retain: true, payload: new Uint8Array() });
        await iotData.send(empty, { abortSignal });
      }),
  };
}
