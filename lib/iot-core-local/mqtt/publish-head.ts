import { dataViewOf } from './copy-bytes';
import { variableByteIntegerSize, writeText, writeVariableByteInteger } from './encode-fields';
import { writeMessageProperties } from './encode-properties';
import { PacketType } from './packet-type';
import type { MessageProperties, ProtocolVersion } from './packets';

/** A PUBLISH without its payload, for all receivers of one version, QoS and RETAIN flag. DUP is 0. Nobody may write to its bytes. */
export interface PublishHead {
  readonly bytes: Buffer;
  /** Of the same bytes, for a head that is used often. */
  readonly view: DataView | undefined;
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
  /** The last message with properties: its receivers follow each other. */
  private lastProperties: MessageProperties | undefined = undefined;
  private lastWithProperties: { readonly topic: string; readonly head: PublishHead } | undefined = undefined;

  constructor(
    private readonly version: ProtocolVersion,
    private readonly qos: 0 | 1,
    private readonly retain: boolean,
  ) {}

  head(topic: string, payloadLength: number): PublishHead {
    const known = this.find(topic, payloadLength);
    if (known !== undefined) return known;
    const head = this.encode(topic, payloadLength, undefined);
    this.add(topic, head);
    return head;
  }

  headWith(properties: MessageProperties, topic: string, payloadLength: number): PublishHead {
    if (properties === this.lastProperties) {
      const last = this.lastWithProperties!;
      if (last.topic === topic && last.head.payloadLength === payloadLength) return last.head;
    }
    const head = this.encode(topic, payloadLength, properties);
    this.lastProperties = properties;
    this.lastWithProperties = { topic, head };
    return head;
  }

  private find(topic: string, payloadLength: number): PublishHead | undefined {
    if (topic !== this.lastTopic) {
      this.lastHeads = this.byTopic.get(topic);
      this.lastTopic = topic;
    }
    const head = this.lastHeads?.[payloadLength % slots];
    return head !== undefined && head.payloadLength === payloadLength ? head : undefined;
  }

  private add(topic: string, head: PublishHead): void {
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

  private encode(topic: string, payloadLength: number, properties: MessageProperties | undefined): PublishHead {
    const { version, qos, retain } = this;
    const own = properties && writeMessageProperties(properties);
    const fieldsSize = own ? own.size : version === 5 ? 1 : 0;
    const topicSize = Buffer.byteLength(topic);
    const packetIdSize = qos === 0 ? 0 : 2;
    const remainingLength = 2 + topicSize + packetIdSize + fieldsSize + payloadLength;
    const bytes = Buffer.allocUnsafe(1 + variableByteIntegerSize(remainingLength) + remainingLength - payloadLength);
    bytes[0] = (PacketType.Publish << 4) | (qos << 1) | (retain ? 1 : 0);
    let at = writeVariableByteInteger(bytes, 1, remainingLength);
    at = bytes.writeUInt16BE(topicSize, at);
    at = writeText(bytes, at, topic);
    const packetIdOffset = qos === 0 ? 0 : at;
    if (qos === 1) at = bytes.writeUInt16BE(0, at);
    if (own) own.end(bytes, at);
    else if (version === 5) bytes[at] = 0;
    // A view takes longer to make than it saves in the few copies of a head with properties.
    const view = own ? undefined : dataViewOf(bytes);
    return { bytes, view, length: bytes.length, packetIdOffset, payloadLength };
  }
}

const heads = Array.from(
  { length: 8 },
  (_, place) => new Heads((place & 4) === 0 ? 4 : 5, (place & 2) === 0 ? 0 : 1, (place & 1) === 1),
);

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
  const same = heads[(version === 5 ? 4 : 0) | (qos << 1) | (retain ? 1 : 0)];
  // 3.1.1 has no properties.
  return properties === undefined || version === 4
    ? same.head(topic, payloadLength)
    : same.headWith(properties, topic, payloadLength);
}
