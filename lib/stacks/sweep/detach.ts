import type { IoTClient } from '@aws-sdk/client-iot';
import { type Attachment, strangers } from './attachments';
import type { OwnedDevice } from './fleet-resources';
import { type Left, type Task, type Timing, tryOnce } from './tasks';

/**
 * How long AWS IoT may list an attachment after it was detached, in milliseconds. A policy takes the longest.
 *
 * @see https://docs.aws.amazon.com/iot/latest/apireference/API_DeletePolicy.html
 */
const longestDetachment = 5 * 60_000;

/** Detaches from a device what its stack did not attach, and waits until AWS IoT no longer lists it, for up to five minutes. */
export function detaching(device: OwnedDevice, iot: IoTClient, { signal, now }: Timing): Task {
  /** When each detachment was first asked for. */
  const askedAt = new Map<string, number>();

  async function detach({ undoing, undo }: Attachment): Promise<readonly Left[]> {
    const refused = await tryOnce(undoing, undo);
    if (refused.length > 0) return refused;
    const asked = askedAt.get(undoing) ?? now();
    askedAt.set(undoing, asked);
    // It is done when AWS IoT no longer lists it: https://docs.aws.amazon.com/iot/latest/apireference/API_DetachThingPrincipal.html
    const isLate = now() - asked >= longestDetachment;
    const why = isLate ? 'asked for five minutes ago, and AWS IoT still lists it' : 'asked for, and not yet confirmed';
    return [{ what: undoing, why, retry: !isLate }];
  }

  return {
    name: `detaching from "${device.clientId}" what was attached by hand`,
    async run() {
      const left: Left[] = [];
      for (const search of strangers(device, iot, signal)) {
        const unseen = await tryOnce(search.name, async () => {
          for (const attachment of await search.find()) left.push(...(await detach(attachment)));
        });
        left.push(...unseen);
      }
      return left;
    },
  };
}
