import type { RawClient } from './raw-client';

/** Subscribes to a filter at QoS 1. @throws Error when that is not granted */
export async function subscribe(client: RawClient, topic: string): Promise<void> {
  client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos: 1 }] });
  const suback = await client.next();
  if (suback.cmd !== 'suback' || suback.granted[0] !== 1) throw new Error(`${topic} was not granted at QoS 1.`);
}

/**
 * Acknowledges every message that comes, until the connection is closed.
 *
 * @param onMessage - returns false to close the connection instead of acknowledging the message
 */
export async function work(client: RawClient, onMessage: (payload: string) => boolean): Promise<void> {
  for (;;) {
    const packet = await client.next().catch(() => undefined);
    if (!packet) return;
    if (packet.cmd !== 'publish') continue;
    if (onMessage(packet.payload.toString())) client.send({ cmd: 'puback', messageId: packet.messageId! });
    else client.destroy();
  }
}

/** Publishes at QoS 1. @param window - the most messages that wait for their PUBACKs at the same time */
export async function publishAll(client: RawClient, topic: string, payloads: readonly string[], window = 100) {
  for (let start = 0; start < payloads.length; start += window) {
    const batch = payloads.slice(start, start + window);
    client.send(
      ...batch.map((payload, index) => {
        return { cmd: 'publish', topic, payload, qos: 1, dup: false, retain: false, messageId: index + 1 } as const;
      }),
    );
    for (let count = 0; count < batch.length; count += 1) await client.next();
  }
}

/**
 * Acknowledges every message that comes, until the connection is closed.
 *
 * @returns the payloads, as soon as `count` have come
 * @throws Error when the connection is closed before
 */
export function takeAll(client: RawClient, count: number): Promise<string[]> {
  const payloads: string[] = [];
  return new Promise((resolve, reject) => {
    const worked = work(client, (payload) => {
      if (payloads.push(payload) === count) resolve(payloads);
      return true;
    });
    worked.then(
      () => reject(new Error(`The connection was closed after ${payloads.length} of ${count} messages.`)),
      reject,
    );
  });
}
