import type { ByteReader } from './byte-reader';
import { malformed, protocolError } from './decode-error';
import { readProperties } from './decode-properties';
import type { ProtocolVersion, Qos, SubscribePacket, SubscriptionRequest, UnsubscribePacket } from './packets';

/** Decodes SUBSCRIBE. MQTT 5, 3.8. The broker checks each topic filter's form. @throws DecodeError */
export function decodeSubscribe(reader: ByteReader, version: ProtocolVersion): SubscribePacket {
  const packetId = reader.packetId();
  const properties = version === 5 ? readProperties(reader, 'SUBSCRIBE') : {};
  const subscriptions: SubscriptionRequest[] = [];
  do {
    subscriptions.push(readSubscription(reader, version));
  } while (reader.position < reader.end);
  return { type: 'subscribe', packetId, subscriptions, subscriptionIdentifier: properties.subscriptionIdentifier };
}

/** Decodes UNSUBSCRIBE. MQTT 5, 3.10. @throws DecodeError */
export function decodeUnsubscribe(reader: ByteReader, version: ProtocolVersion): UnsubscribePacket {
  const packetId = reader.packetId();
  if (version === 5) {
    readProperties(reader, 'UNSUBSCRIBE');
  }
  const topicFilters: string[] = [];
  do {
    topicFilters.push(readTopicFilter(reader));
  } while (reader.position < reader.end);
  return { type: 'unsubscribe', packetId, topicFilters };
}

/** Reads a filter; there must be at least one [MQTT-3.8.3-2] [MQTT-3.10.3-2], of at least one character [MQTT-4.7.3-1]. */
function readTopicFilter(reader: ByteReader): string {
  if (reader.position === reader.end) {
    throw protocolError('There is no topic filter [MQTT-3.8.3-2] [MQTT-3.10.3-2].');
  }
  const topicFilter = reader.string('topic filter');
  if (topicFilter === '') {
    throw protocolError('The topic filter is empty [MQTT-4.7.3-1].');
  }
  return topicFilter;
}

function readSubscription(reader: ByteReader, version: ProtocolVersion): SubscriptionRequest {
  const topicFilter = readTopicFilter(reader);
  const options = reader.byte('subscription options');
  const reserved = version === 5 ? 0xc0 : 0xfc;
  if (options & reserved) {
    throw malformed(`The subscription options 0x${options.toString(16)} have reserved bits set [MQTT-3.8.3-5].`);
  }
  const qos = options & 0x03;
  if (qos === 3) {
    // The two versions differ: MQTT 5, 3.8.3.1, and 3.1.1 [MQTT-3-8.3-4].
    throw (version === 5 ? protocolError : malformed)('The requested QoS is 3; it may be 0, 1 or 2.');
  }
  const retainHandling = (options >> 4) & 0x03;
  if (retainHandling === 3) {
    throw protocolError('The retain handling is 3; it may be 0, 1 or 2 (MQTT 5, 3.8.3.1).');
  }
  return {
    topicFilter,
    qos: qos as Qos,
    noLocal: (options & 0x04) !== 0,
    retainAsPublished: (options & 0x08) !== 0,
    retainHandling: retainHandling as 0 | 1 | 2,
  };
}
