import type { ByteReader } from './byte-reader';
import { DecodeError, malformed, protocolError } from './decode-error';
import { type MessageProperties, ReasonCode, type UserProperty } from './packets';
import { PropertyId } from './property-id';
import { requireTopicName } from './topic-name';

/** A packet that a client sends, or the will in CONNECT. */
export type PropertyOwner = 'CONNECT' | 'will' | 'PUBLISH' | 'PUBACK' | 'SUBSCRIBE' | 'UNSUBSCRIBE' | 'DISCONNECT';

/** The properties that a client can send; those that it left out are undefined. */
export interface PacketProperties {
  payloadFormatIndicator?: 0 | 1;
  messageExpiryInterval?: number;
  contentType?: string;
  responseTopic?: string;
  correlationData?: Buffer;
  subscriptionIdentifier?: number;
  sessionExpiryInterval?: number;
  authenticationMethod?: string;
  authenticationData?: Buffer;
  requestProblemInformation?: boolean;
  willDelayInterval?: number;
  requestResponseInformation?: boolean;
  serverReference?: string;
  reasonString?: string;
  receiveMaximum?: number;
  topicAliasMaximum?: number;
  topicAlias?: number;
  userProperties?: UserProperty[];
  maximumPacketSize?: number;
}

interface PropertyRule {
  readonly id: number;
  readonly name: string;
  /** Where a client may send it. */
  readonly owners: readonly PropertyOwner[];
  /** Where only a server may send it: [MQTT-3.3.4-6]; MQTT 5, 3.14.2.2.5. */
  readonly serverOwners: readonly PropertyOwner[];
  readonly read: (reader: ByteReader, into: PacketProperties) => void;
}

/** MQTT 5, table 2-4, for packets that a client sends. The packets' own sections say which values are allowed. */
const propertyRules: readonly PropertyRule[] = [
  rule('payloadFormatIndicator', PropertyId.PayloadFormatIndicator, bit, ['PUBLISH', 'will']),
  rule('messageExpiryInterval', PropertyId.MessageExpiryInterval, uint32, ['PUBLISH', 'will']),
  rule('contentType', PropertyId.ContentType, string, ['PUBLISH', 'will']),
  rule('responseTopic', PropertyId.ResponseTopic, responseTopic, ['PUBLISH', 'will']),
  rule('correlationData', PropertyId.CorrelationData, binary, ['PUBLISH', 'will']),
  rule('subscriptionIdentifier', PropertyId.SubscriptionIdentifier, identifier, ['SUBSCRIBE'], ['PUBLISH']),
  rule('sessionExpiryInterval', PropertyId.SessionExpiryInterval, uint32, ['CONNECT', 'DISCONNECT']),
  rule('authenticationMethod', PropertyId.AuthenticationMethod, string, ['CONNECT']),
  rule('authenticationData', PropertyId.AuthenticationData, binary, ['CONNECT']),
  rule('requestProblemInformation', PropertyId.RequestProblemInformation, flag, ['CONNECT']),
  rule('willDelayInterval', PropertyId.WillDelayInterval, uint32, ['will']),
  rule('requestResponseInformation', PropertyId.RequestResponseInformation, flag, ['CONNECT']),
  rule('serverReference', PropertyId.ServerReference, string, [], ['DISCONNECT']),
  rule('reasonString', PropertyId.ReasonString, string, ['PUBACK', 'DISCONNECT']),
  rule('receiveMaximum', PropertyId.ReceiveMaximum, positiveUint16, ['CONNECT']),
  rule('topicAliasMaximum', PropertyId.TopicAliasMaximum, uint16, ['CONNECT']),
  rule('topicAlias', PropertyId.TopicAlias, topicAlias, ['PUBLISH']),
  userPropertyRule(['CONNECT', 'will', 'PUBLISH', 'PUBACK', 'SUBSCRIBE', 'UNSUBSCRIBE', 'DISCONNECT']),
  rule('maximumPacketSize', PropertyId.MaximumPacketSize, positiveUint32, ['CONNECT']),
];

const ruleById: readonly (PropertyRule | undefined)[] = propertyRules.reduce<PropertyRule[]>((byId, entry) => {
  byId[entry.id] = entry;
  return byId;
}, []);

/** Most packets have no properties, and share this object. */
const none: Readonly<PacketProperties> = Object.freeze({});

/**
 * Reads a property length and the properties that it covers.
 *
 * @throws DecodeError for a property that its owner may not have (malformed: MQTT 5, 2.2.2.2), that only a server sends, that is there
 * twice, or whose value is not allowed (protocol errors)
 */
export function readProperties(reader: ByteReader, owner: PropertyOwner): Readonly<PacketProperties> {
  const length = reader.variableByteInteger('property length');
  if (length === 0) {
    return none;
  }
  const end = reader.position + length;
  const packetEnd = reader.end;
  if (end > packetEnd) {
    throw malformed(`The property length ${length} reaches past the end of the packet.`);
  }
  // No property may reach past the end of the properties.
  reader.end = end;
  const properties: PacketProperties = {};
  while (reader.position < end) {
    readProperty(reader, owner, properties);
  }
  reader.end = packetEnd;
  return properties;
}

/** The properties of a PUBLISH or a will that receivers get; undefined if there are none. */
export function messageProperties(properties: Readonly<PacketProperties>): MessageProperties | undefined {
  if (properties === none) {
    return undefined;
  }
  const { payloadFormatIndicator, messageExpiryInterval, contentType } = properties;
  const { responseTopic, correlationData, userProperties } = properties;
  const isEmpty =
    payloadFormatIndicator === undefined &&
    messageExpiryInterval === undefined &&
    contentType === undefined &&
    responseTopic === undefined &&
    correlationData === undefined &&
    userProperties === undefined;
  if (isEmpty) return undefined;
  return {
    payloadFormatIndicator,
    messageExpiryInterval,
    contentType,
    responseTopic,
    correlationData,
    userProperties,
  };
}

function readProperty(reader: ByteReader, owner: PropertyOwner, into: PacketProperties): void {
  const id = reader.variableByteInteger('property identifier');
  const entry = ruleById[id];
  if (entry?.owners.includes(owner)) {
    entry.read(reader, into);
  } else if (entry?.serverOwners.includes(owner)) {
    throw protocolError(`Only a server may send a ${entry.name} in ${owner}.`);
  } else {
    throw malformed(
      `The property 0x${id.toString(16).padStart(2, '0')} does not belong in ${owner} (MQTT 5, 2.2.2.2).`,
    );
  }
}

function rule<Key extends keyof PacketProperties>(
  key: Key,
  id: number,
  readValue: (reader: ByteReader, name: string) => PacketProperties[Key],
  owners: readonly PropertyOwner[],
  serverOwners: readonly PropertyOwner[] = [],
): PropertyRule {
  const name = key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const read = (reader: ByteReader, into: PacketProperties): void => {
    if (into[key] !== undefined) {
      throw protocolError(`The ${name} is there twice (MQTT 5, 2.2.2.2).`);
    }
    into[key] = readValue(reader, name);
  };
  return { id, name, owners, serverOwners, read };
}

/** The only property that may be repeated; its order is kept. MQTT 5, 3.3.2.3.7. */
function userPropertyRule(owners: readonly PropertyOwner[]): PropertyRule {
  const read = (reader: ByteReader, into: PacketProperties): void => {
    into.userProperties ??= [];
    into.userProperties.push([reader.string("user property's name"), reader.string("user property's value")]);
  };
  return { id: PropertyId.UserProperty, name: 'user property', owners, serverOwners: [], read };
}

function bit(reader: ByteReader, name: string): 0 | 1 {
  const value = reader.byte(name);
  if (value !== 0 && value !== 1) {
    throw protocolError(`The ${name} is ${value}; it may be 0 or 1.`);
  }
  return value;
}

function flag(reader: ByteReader, name: string): boolean {
  return bit(reader, name) === 1;
}

function uint16(reader: ByteReader, name: string): number {
  return reader.uint16(name);
}

function uint32(reader: ByteReader, name: string): number {
  return reader.uint32(name);
}

function string(reader: ByteReader, name: string): string {
  return reader.string(name);
}

function binary(reader: ByteReader, name: string): Buffer {
  return reader.binary(name);
}

function positiveUint16(reader: ByteReader, name: string): number {
  return positive(reader.uint16(name), name);
}

function positiveUint32(reader: ByteReader, name: string): number {
  return positive(reader.uint32(name), name);
}

function identifier(reader: ByteReader, name: string): number {
  return positive(reader.variableByteInteger(name), name);
}

function positive(value: number, name: string): number {
  if (value === 0) {
    throw protocolError(`The ${name} is 0; it must be at least 1.`);
  }
  return value;
}

function topicAlias(reader: ByteReader, name: string): number {
  const alias = reader.uint16(name);
  if (alias === 0) {
    throw new DecodeError(ReasonCode.TopicAliasInvalid, 'The topic alias is 0 [MQTT-3.3.2-8].');
  }
  return alias;
}

function responseTopic(reader: ByteReader, name: string): string {
  return requireTopicName(reader.string(name), name, ReasonCode.ProtocolError);
}
