import { Message } from '../broker/message';
import type { PublishPacket } from '../mqtt/packets';
import type { PublishBody } from '../mqtt/publish-body';
import { quotas } from '../quotas';

type MessageFields = Pick<PublishPacket, 'body' | 'qos' | 'retain'>;

/**
 * The message of a client's PUBLISH or will.
 *
 * @param receivedAt - milliseconds that never go back
 */
export function clientMessage(topic: string, fields: MessageFields, clientId: string, receivedAt: number): Message {
  const { body, qos, retain } = fields;
  bringWithinExpiryQuota(body);
  return new Message(topic, body, qos === 0 ? 0 : 1, retain, clientId, receivedAt);
}

function bringWithinExpiryQuota(body: PublishBody): void {
  const { messageExpiryInterval } = body;
  if (messageExpiryInterval === undefined) return;
  const { shortest, longest } = quotas.messageExpiry;
  body.replaceExpiryInterval(Math.min(Math.max(messageExpiryInterval, shortest), longest));
}
