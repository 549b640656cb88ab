import { Message } from '../broker/message';
import type { MessageProperties, PublishPacket } from '../mqtt/packets';
import { quotas } from '../quotas';

type MessageFields = Pick<PublishPacket, 'payload' | 'qos' | 'retain' | 'properties'>;

/**
 * The message of a client's PUBLISH or will.
 *
 * @param receivedAt - milliseconds that never go back
 */
export function clientMessage(topic: string, fields: MessageFields, clientId: string, receivedAt: number): Message {
  const { payload, qos, retain, properties } = fields;
  return new Message(
    topic,
    payload,
    qos === 0 ? 0 : 1,
    retain,
    clientId,
    receivedAt,
    properties && withinExpiryQuota(properties),
  );
}

function withinExpiryQuota(properties: MessageProperties): MessageProperties {
  const { messageExpiryInterval } = properties;
  if (messageExpiryInterval === undefined) return properties;
  const { shortest, longest } = quotas.messageExpiry;
  return { ...properties, messageExpiryInterval: Math.min(Math.max(messageExpiryInterval, shortest), longest) };
}
