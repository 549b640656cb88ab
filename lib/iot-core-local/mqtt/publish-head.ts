import { dataViewOf } from './copy-bytes';
import { variableByteIntegerSize, writeText, writeVariableByteInteger } from './encode-fields';
import { PacketType } from './packet-type';
import type { ProtocolVersion } from './packets';
import type { PublishBody } from './publish-body';

/** A PUBLISH without its {@link PublishBody}, for all receivers of one version, QoS and RETAIN flag. DUP is 0. Nobody may write to its bytes. */
export interface PublishHead {
  readonly bytes: Buffer;
  /** Of the same bytes. */
  readonly view: DataView;
  readonly length: number;
  /** Where a receiver's packet id goes, whose two bytes are 0 here; 0 at QoS 0, which has none. */
  readonly packetIdOffset: number;
  /** The bytes of the body that follow: its properties, whose length the head ends with, and its payload; under 3.1.1 the payload alone. */
  readonly bodyLength: number;
  readonly propertiesLength: number;
}

/** The number of topics for which heads are remembered, for each version, QoS and RETAIN flag. */
const capacity = 1000;

/** The number of heads that are remembered for a topic. The last bits of the body's length say which slot a head has. */
const slots = 16;

/** After this many heads that were not remembered, all are forgotten, as other topics and lengths may be in use by then. */
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
  /** The last head that was not remembered. The next receivers of the same message need it, as they follow each other. */
  private passing: { readonly topic: string; readonly head: PublishHead } | undefined = undefined;

  constructor(
    private readonly version: ProtocolVersion,
    private readonly qos: 0 | 1,
    private readonly retain: boolean,
  ) {}

  head(topic: string, propertiesLength: number, bodyLength: number): PublishHead {
    const known = this.find(topic, propertiesLength, bodyLength);
    if (known !== undefined) return known;
    const { passing } = this;
    if (passing?.topic === topic && fits(passing.head, propertiesLength, bodyLength)) return passing.head;
    const head = this.encode(topic, propertiesLength, bodyLength);
    this.add(topic, head);
    return head;
  }

  private find(topic: string, propertiesLength: number, bodyLength: number): PublishHead | undefined {
    if (topic !== this.lastTopic) {
      this.lastHeads = this.byTopic.get(topic);
      this.lastTopic = topic;
    }
    const head = this.lastHeads?.[bodyLength % slots];
    return head !== undefined && fits(head, propertiesLength, bodyLength) ? head : undefined;
  }

  private add(topic: string, head: PublishHead): void {
    const heads = this.byTopic.get(topic) ?? this.addTopic(topic);
    const slot = head.bodyLength % slots;
    if (heads !== undefined && heads[slot] === undefined) {
      heads[slot] = head;
      return;
    }
    this.passing = { topic, head };
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

  private encode(topic: string, propertiesLength: number, bodyLength: number): PublishHead {
    const { version, qos, retain } = this;
    const topicSize = Buffer.byteLength(topic);
    const packetIdSize = qos === 0 ? 0 : 2;
    const lengthSize = version === 5 ? variableByteIntegerSize(propertiesLength) : 0;
    const ownSize = 2 + topicSize + packetIdSize + lengthSize;
    const remainingLength = ownSize + bodyLength;
    const bytes = Buffer.allocUnsafe(1 + variableByteIntegerSize(remainingLength) + ownSize);
    bytes[0] = (PacketType.Publish << 4) | (qos << 1) | (retain ? 1 : 0);
    let at = writeVariableByteInteger(bytes, 1, remainingLength);
    at = bytes.writeUInt16BE(topicSize, at);
    at = writeText(bytes, at, topic);
    const packetIdOffset = qos === 0 ? 0 : at;
    if (qos === 1) at = bytes.writeUInt16BE(0, at);
    if (version === 5) writeVariableByteInteger(bytes, at, propertiesLength);
    return { bytes, view: dataViewOf(bytes), length: bytes.length, packetIdOffset, bodyLength, propertiesLength };
  }
}

function fits(head: PublishHead, propertiesLength: number, bodyLength: number): boolean {
  return head.bodyLength === bodyLength && head.propertiesLength === propertiesLength;
}

const heads = Array.from(
  { length: 8 },
  (_, place) => new Heads((place & 4) === 0 ? 4 : 5, (place & 2) === 0 ? 0 : 1, (place & 1) === 1),
);

/**
 * The head of a message's PUBLISH. MQTT 5, 3.3.
 *
 * This is the way of every message. Most messages on a topic have few different lengths, so most heads were needed before, and are not encoded
 * anew.
 */
export function publishHead(
  topic: string,
  { propertiesLength, length }: PublishBody,
  version: ProtocolVersion,
  qos: 0 | 1,
  retain: boolean,
): PublishHead {
  const same = heads[(version === 5 ? 4 : 0) | (qos << 1) | (retain ? 1 : 0)];
  // 3.1.1 has no properties.
  return version === 5 ? same.head(topic, propertiesLength, length) : same.head(topic, 0, length - propertiesLength);
}
