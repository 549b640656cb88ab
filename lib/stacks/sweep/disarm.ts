import type { IoTClient } from '@aws-sdk/client-iot';
import { DeleteConnectionCommand, type IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane';
import { Certificates } from './certificates';
import type { OwnedDevice } from './fleet-resources';
import { isRefusal, type Left, type Task, tryOnce } from './tasks';

/** The sweep's clients of AWS IoT. */
export interface Clients {
  readonly iot: IoTClient;
  readonly iotData: IoTDataPlaneClient;
}

/**
 * Deactivates a device's certificate, remembers that with its thing, then disconnects its client and drops its session. In the other order
 * the client would come back.
 *
 * Nothing is done to a certificate with which no client can connect already, nor is it remembered: one that is INACTIVE, REVOKED, or on its
 * way to another account (PENDING_TRANSFER).
 */
export function disarming(device: OwnedDevice, { iot, iotData }: Clients, abortSignal: AbortSignal): Task {
  const { clientId, thingName, certificateArn } = device;
  const certificates = new Certificates(iot, abortSignal);
  const name = `disconnecting "${clientId}" and dropping its session`;
  // A last will would be one more message of a fleet that is being destroyed.
  const disconnect = new DeleteConnectionCommand({ clientId, cleanSession: true, preventWillMessage: true });
  let isToRemember = false;

  async function deactivate(): Promise<readonly Left[]> {
    if (certificateArn === undefined) return [];
    return tryOnce(`setting ${certificateArn} to INACTIVE`, async () => {
      const status = await certificates.statusOf(certificateArn);
      if (status !== undefined && status !== 'ACTIVE') return;
      // It is to be remembered even if the answer is lost.
      isToRemember = true;
      try {
        await certificates.setStatus(certificateArn, 'INACTIVE');
      } catch (error) {
        if (isRefusal(error)) isToRemember = false;
        throw error;
      }
    });
  }

  async function remember(): Promise<readonly Left[]> {
    if (!isToRemember || thingName === undefined || certificateArn === undefined) return [];
    const what = `remembering with the thing "${thingName}" that ${certificateArn} was deactivated`;
    const left = await tryOnce(what, () => certificates.remember(thingName, certificateArn));
    if (left.length === 0) isToRemember = false;
    // Only a fleet that is kept needs the memory, so its lack does not fail the sweep.
    return left.map((one) => ({ ...one, isOptional: true }));
  }

  return {
    name,
    async run() {
      const stillActive = await deactivate();
      if (stillActive.length > 0) return stillActive;
      const forgotten = await remember();
      return [...forgotten, ...(await tryOnce(name, () => iotData.send(disconnect, { abortSignal })))];
    },
  };
}

/**
 * Activates a device's certificate if the sweep deactivated it.
 *
 * The memory goes first: should the function end before the activation, the certificate stays INACTIVE, and no later deployment activates it.
 * If AWS refuses the activation, the memory is put back, so that a later deployment tries again.
 */
export function arming(
  { clientId, thingName, certificateArn }: OwnedDevice,
  iot: IoTClient,
  signal: AbortSignal,
): Task {
  const certificates = new Certificates(iot, signal);
  const name = `activating the certificate of "${clientId}"`;
  let isDue = false;

  async function activate(thingName: string, certificateArn: string): Promise<void> {
    try {
      if ((await certificates.statusOf(certificateArn)) !== 'INACTIVE') return;
      await certificates.setStatus(certificateArn, 'ACTIVE');
    } catch (error) {
      // A certificate that may be ACTIVE is not remembered: if a person deactivates it next, it must stay INACTIVE.
      if (isRefusal(error)) {
        const left = await tryOnce(name, () => certificates.remember(thingName, certificateArn));
        isDue = left.length > 0;
      }
      throw error;
    }
  }

  return {
    name,
    async run() {
      if (thingName === undefined || certificateArn === undefined) return [];
      return tryOnce(`${name}, ${certificateArn}`, async () => {
        if (!isDue) {
          if (!(await certificates.wasDeactivated(thingName, certificateArn))) return;
          await certificates.forget(thingName);
          isDue = true;
        }
        await activate(thingName, certificateArn);
      });
    },
  };
}
