import { variableByteIntegerSize, writeText, writeVariableByteInteger } from './encode-fields';
import { encodeMessageProperties } from './encode-properties';
import { PacketType } from './packet-type';
import type { MessageProperties, ProtocolVersion } from './packets';

/** A PUBLISH without its payload, for all receivers of one version, QoS and RETAIN flag. DUP is 0. Nobody may write to its bytes. */
export interface PublishHead {
  readonly bytes: Buffer;
  /** Where a receiver's packet id goes, whose two bytes are 0 here; 0 at QoS 0, which has none. */
  readonly packetIdOffset: number;
}

interface Remembered extends PublishHead {
  readonly payloadLength: number;
}

/** The number of topics for which heads are remembered. Beyond it all are forgotten. */
const rememberedTopics = 1000;

/** Longer topics are not remembered, as they would take much memory. */
const longestRemembered = 256;

/** By version, QoS and RETAIN flag, and then by topic. */
const remembered = Array.from({ length: 8 }, () => new Map<string, Remembered>());

/**
 * The head of a message's PUBLISH. MQTT 5, 3.3.
 *
 * This is the way of every message. Most messages on a topic have the same length and no properties, so their head is the last one again,
 * and is not encoded anew.
 */
export function publishHead(
  topic: string,
  payloadLength: number,
  properties: MessageProperties | undefined,
  version: ProtocolVersion,
  qos: 0 | 1,
  retain: boolean,
): PublishHead {
  if (properties !== undefined || topic.length > longestRemembered) {
    return encodePublishHead(topic, payloadLength, properties, version, qos, retain);
  }
  const heads = remembered[(version === 5 ? 4 : 0) + (qos << 1) + (retain ? 1 : 0)];
  const last = heads.get(topic);
  if (last !== undefined && last.payloadLength === payloadLength) return last;
  const { bytes, packetIdOffset } = encodePublishHead(topic, payloadLength, undefined, version, qos, retain);
  const head = { bytes, packetIdOffset, payloadLength };
  if (heads.size >= rememberedTopics) heads.clear();
  heads.set(topic, head);
  return head;
}

function encodePublishHead(
  topic: string,
  payloadLength: number,
  properties: MessageProperties | undefined,
  version: ProtocolVersion,
  qos: 0 | 1,
  retain: boolean,
): PublishHead {
  const fields = version === 5 ? encodeMessageProperties(properties) : undefined;
  const topicSize = Buffer.byteLength(topic);
  const packetIdSize = qos === 0 ? 0 : 2;
  const remainingLength = 2 + topicSize + packetIdSize + (fields?.length ?? 0) + payloadLength;
  const bytes = Buffer.allocUnsafe(1 + variableByteIntegerSize(remainingLength) + remainingLength - payloadLength);
  bytes[0] = (PacketType.Publish << 4) | (qos << 1) | (retain ? 1 : 0);
  let at = writeVariableByteInteger(bytes, 1, remainingLength);
  at = bytes.writeUInt16BE(topicSize, at);
  at = writeText(bytes, at, topic, topicSize);
  const packetIdOffset = qos === 0 ? 0 : at;
  if (qos === 1) at = bytes.writeUInt16BE(0, at);
  if (fields !== undefined) fields.copy(bytes, at);
  return { bytes, packetIdOffset };
}
