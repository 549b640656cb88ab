import type { ByteReader } from './byte-reader';
import { DecodeError } from './decode-error';
import { enterProperties, foreignProperty, readBit, repeatedProperty, serverOnlyProperty } from './decode-properties';
import { ReasonCode } from './packets';
import { PropertyId } from './property-id';
import { PublishBody } from './publish-body';
import { skipTopicName } from './topic-name';

/** What has the properties of a message. */
type MessageOwner = 'PUBLISH' | 'will';

/** The properties of a message: where those that receivers get lie, and the value of the one that is for this server alone. */
export interface MessageProperties {
  /** Of a PUBLISH. */
  readonly topicAlias: number | undefined;
  /** Of a will. */
  readonly willDelayInterval: number | undefined;
  /** The body of the message, whose payload is the rest of the packet. @param reader - that read the properties, and nothing behind them */
  bodyOfRest(reader: ByteReader): PublishBody;
  /** The body of the message with this payload, in memory of its own. @param reader - that read the properties */
  bodyWith(reader: ByteReader, payload: Buffer): PublishBody;
}

/**
 * Reads a property length and the properties that it covers.
 *
 * Receivers get the bytes as they came, in their order [MQTT-3.3.2-17] [MQTT-3.3.2-18]. So each property is checked, and none but those for
 * this server are decoded: strings of them would take longer than all else that a message needs.
 *
 * @throws DecodeError for a property that its owner may not have (malformed: MQTT 5, 2.2.2.2), that only a server sends, that is there
 * twice, or whose value is not allowed (protocol errors)
 */
export function readMessageProperties(reader: ByteReader, owner: MessageOwner): MessageProperties {
  const packetEnd = enterProperties(reader);
  const walk = new PropertyWalk(reader.position);
  while (reader.position < reader.end) walk.step(reader, owner);
  walk.end = reader.end;
  reader.end = packetEnd;
  return walk;
}

/** Walks over the properties of a message. All offsets are of the reader's bytes. */
class PropertyWalk implements MessageProperties {
  topicAlias: number | undefined = undefined;
  willDelayInterval: number | undefined = undefined;
  end = 0;
  /** The property that receivers do not get: a topic alias or a will delay interval. */
  private ownStart: number;
  private ownEnd: number;
  /** Where the value of the message expiry interval begins; 0 if there is none. */
  private expiryAt = 0;
  /** A bit for each property that was read and may not be repeated. */
  private seen = 0;

  constructor(private readonly start: number) {
    this.ownStart = start;
    this.ownEnd = start;
  }

  step(reader: ByteReader, owner: MessageOwner): void {
    const { position } = reader;
    const id = reader.variableByteInteger('property identifier');
    switch (id) {
      case PropertyId.UserProperty:
        // The only property that may be repeated. MQTT 5, 3.3.2.3.7.
        reader.skipString("user property's name");
        reader.skipString("user property's value");
        return;
      case PropertyId.ContentType:
        this.see(id, 'content type');
        reader.skipString('content type');
        return;
      case PropertyId.MessageExpiryInterval:
        this.see(id, 'message expiry interval');
        this.expiryAt = reader.take(4, 'message expiry interval');
        return;
      case PropertyId.PayloadFormatIndicator:
        this.see(id, 'payload format indicator');
        readBit(reader, 'payload format indicator');
        return;
      case PropertyId.ResponseTopic:
        this.see(id, 'response topic');
        skipTopicName(reader, 'response topic', ReasonCode.ProtocolError);
        return;
      case PropertyId.CorrelationData:
        this.see(id, 'correlation data');
        reader.take(reader.uint16('correlation data'), 'correlation data');
        return;
      case PropertyId.TopicAlias:
        if (owner !== 'PUBLISH') break;
        if (this.topicAlias !== undefined) throw repeatedProperty('topic alias');
        this.topicAlias = readTopicAlias(reader);
        this.leaveOut(position, reader.position);
        return;
      case PropertyId.WillDelayInterval:
        if (owner !== 'will') break;
        this.see(id, 'will delay interval');
        this.willDelayInterval = reader.uint32('will delay interval');
        this.leaveOut(position, reader.position);
        return;
      case PropertyId.SubscriptionIdentifier:
        if (owner === 'PUBLISH') throw serverOnlyProperty('subscription identifier', owner);
    }
    throw foreignProperty(id, owner);
  }

  bodyOfRest(reader: ByteReader): PublishBody {
    // Nothing is left out, or only what lies in front of the others: then the others and the payload are one run of bytes.
    if (this.ownStart === this.start) return reader.body(this.length, this.expiryOffset);
    return this.bodyWith(reader, reader.view(reader.end - reader.position, 'payload'));
  }

  bodyWith({ bytes }: ByteReader, payload: Buffer): PublishBody {
    const before = bytes.subarray(this.start, this.ownStart);
    const behind = bytes.subarray(this.ownEnd, this.end);
    return PublishBody.of(Buffer.concat([before, behind, payload]), this.length, this.expiryOffset);
  }

  private get length(): number {
    return this.end - this.start - (this.ownEnd - this.ownStart);
  }

  /** In the body; 0 if there is none. */
  private get expiryOffset(): number {
    const { expiryAt, ownStart, ownEnd, start } = this;
    if (expiryAt === 0) return 0;
    return expiryAt - start - (expiryAt > ownStart ? ownEnd - ownStart : 0);
  }

  /** @param id - below 32. The topic alias has 35, and is looked for by its value. */
  private see(id: number, name: string): void {
    const bit = 1 << id;
    if ((this.seen & bit) !== 0) throw repeatedProperty(name);
    this.seen |= bit;
  }

  private leaveOut(from: number, to: number): void {
    this.ownStart = from;
    this.ownEnd = to;
  }
}

function readTopicAlias(reader: ByteReader): number {
  const alias = reader.uint16('topic alias');
  if (alias === 0) {
    throw new DecodeError(ReasonCode.TopicAliasInvalid, 'The topic alias is 0 [MQTT-3.3.2-8].');
  }
  return alias;
}
