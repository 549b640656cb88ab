import { dataViewOf } from './copy-bytes';
import { variableByteIntegerSize, writeText, writeVariableByteInteger } from './encode-fields';
import { encodeMessageProperties } from './encode-properties';
import { PacketType } from './packet-type';
import type { MessageProperties, ProtocolVersion } from './packets';

/** A PUBLISH without its payload, for all receivers of one version, QoS and RETAIN flag. DUP is 0. Nobody may write to its bytes. */
export interface PublishHead {
  readonly bytes: Buffer;
  /** Of the same bytes. */
  readonly view: DataView;
  readonly length: number;
  /** Where a receiver's packet id goes, whose two bytes are 0 here; 0 at QoS 0, which has none. */
  readonly packetIdOffset: number;
  readonly payloadLength: number;
}

/** The number of topics for which heads are remembered, for each version, QoS and RETAIN flag. */
const capacity = 1000;

/** The heads that are remembered for a topic. The last bits of the payload's length are the slot. */
const slots = 16;

/** The number of heads that were not remembered until all are forgotten, as other topics and lengths may be in use by then. */
const missesUntilEmptied = 10 * capacity;

/** Longer topics are not remembered, as they would take much memory. */
const longestRemembered = 256;

/**
 * The heads of one version, QoS and RETAIN flag.
 *
 * A slot that is taken, and a memory that is full, stay as they are for a while: if more topics or lengths are in use than are remembered,
 * some are found, and the others cost no more than to be encoded.
 */
class Heads {
  private readonly byTopic = new Map<string, (PublishHead | undefined)[]>();
  private lastTopic: string | undefined = undefined;
  private lastHeads: (PublishHead | undefined)[] | undefined = undefined;
  private misses = 0;

  find(topic: string, payloadLength: number): PublishHead | undefined {
    if (topic !== this.lastTopic) {
      this.lastHeads = this.byTopic.get(topic);
      this.lastTopic = topic;
    }
    const head = this.lastHeads?.[payloadLength % slots];
    return head !== undefined && head.payloadLength === payloadLength ? head : undefined;
  }

  add(topic: string, head: PublishHead): void {
    const heads = this.byTopic.get(topic) ?? this.addTopic(topic);
    const slot = head.payloadLength % slots;
    if (heads !== undefined && heads[slot] === undefined) {
      heads[slot] = head;
      return;
    }
    this.misses += 1;
    if (this.misses < missesUntilEmptied) return;
    this.byTopic.clear();
    this.lastTopic = undefined;
    this.misses = 0;
  }

  private addTopic(topic: string): (PublishHead | undefined)[] | undefined {
    if (topic.length > longestRemembered || this.byTopic.size >= capacity) return undefined;
    const heads = new Array(slots).fill(undefined);
    this.byTopic.set(topic, heads);
    this.lastTopic = undefined;
    return heads;
  }
}

/** By version, QoS and RETAIN flag. */
const remembered = Array.from({ length: 8 }, () => new Heads());

/**
 * The head of a message's PUBLISH. MQTT 5, 3.3.
 *
 * This is the way of every message. Most messages on a topic have no properties and few different lengths, so most heads were needed before,
 * and are not encoded anew.
 */
export function publishHead(
  topic: string,
  payloadLength: number,
  properties: MessageProperties | undefined,
  version: ProtocolVersion,
  qos: 0 | 1,
  retain: boolean,
): PublishHead {
  if (properties !== undefined) return encodePublishHead(topic, payloadLength, properties, version, qos, retain);
  const heads = remembered[(version === 5 ? 4 : 0) + (qos << 1) + (retain ? 1 : 0)];
  const known = heads.find(topic, payloadLength);
  if (known !== undefined) return known;
  const head = encodePublishHead(topic, payloadLength, undefined, version, qos, retain);
  heads.add(topic, head);
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
  return { bytes, view: dataViewOf(bytes), length: bytes.length, packetIdOffset, payloadLength };
}
