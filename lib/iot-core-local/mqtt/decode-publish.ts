import type { ByteReader } from './byte-reader';
import { protocolError } from './decode-error';
import { type MessageProperties, readMessageProperties } from './message-properties';
import type { ProtocolVersion, PublishPacket, Qos } from './packets';
import type { TopicNameReader } from './topic-name';

/**
 * Decodes PUBLISH. MQTT 5, 3.3.
 *
 * This is the hot path: it allocates the packet, the body without its bytes, a topic that differs from the last one, and where properties lie.
 *
 * @throws DecodeError
 */
export function decodePublish(
  reader: ByteReader,
  firstByte: number,
  version: ProtocolVersion,
  topics: TopicNameReader,
): PublishPacket {
  const qos = ((firstByte >> 1) & 0x03) as Qos;
  const topic = topics.read(reader);
  const packetId = qos === 0 ? 0 : reader.packetId();
  let properties: MessageProperties | undefined;
  // Most messages have no properties, and then a property length of 0 is all there is to read.
  if (version === 5 && !reader.takeZero()) properties = readMessageProperties(reader, 'PUBLISH');
  const topicAlias = properties?.topicAlias;
  if (topic === '' && topicAlias === undefined) {
    throw protocolError('The topic name is empty, and no alias stands for it [MQTT-4.7.3-1] (MQTT 5, 3.3.2.1).');
  }
  return {
    type: 'publish',
    topic,
    body: properties === undefined ? reader.body(0, 0) : properties.bodyOfRest(reader),
    qos,
    retain: (firstByte & 0x01) !== 0,
    dup: (firstByte & 0x08) !== 0,
    packetId,
    topicAlias,
  };
}
