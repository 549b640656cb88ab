import type { ByteReader } from './byte-reader';
import { type DecodeError, malformed, protocolError } from './decode-error';
import type { UserProperty } from './packets';
import { PropertyId } from './property-id';

/** A packet that a client sends, except PUBLISH, whose properties are those of a message. */
type PropertyOwner = 'CONNECT' | 'PUBACK' | 'SUBSCRIBE' | 'UNSUBSCRIBE' | 'DISCONNECT';

/** The properties that such a packet can have; those that the client left out are undefined. */
interface PacketProperties {
  subscriptionIdentifier?: number;
  sessionExpiryInterval?: number;
  authenticationMethod?: string;
  authenticationData?: Buffer;
  requestProblemInformation?: boolean;
  requestResponseInformation?: boolean;
  reasonString?: string;
  receiveMaximum?: number;
  topicAliasMaximum?: number;
  userProperties?: UserProperty[];
  maximumPacketSize?: number;
}

interface PropertyRule {
  readonly id: number;
  readonly owners: readonly PropertyOwner[];
  readonly read: (reader: ByteReader, into: PacketProperties) => void;
}

/** MQTT 5, table 2-4, for packets that a client sends. The packets' own sections say which values are allowed. */
const propertyRules: readonly PropertyRule[] = [
  rule('subscriptionIdentifier', PropertyId.SubscriptionIdentifier, identifier, ['SUBSCRIBE']),
  rule('sessionExpiryInterval', PropertyId.SessionExpiryInterval, uint32, ['CONNECT', 'DISCONNECT']),
  rule('authenticationMethod', PropertyId.AuthenticationMethod, string, ['CONNECT']),
  rule('authenticationData', PropertyId.AuthenticationData, binary, ['CONNECT']),
  rule('requestProblemInformation', PropertyId.RequestProblemInformation, flag, ['CONNECT']),
  rule('requestResponseInformation', PropertyId.RequestResponseInformation, flag, ['CONNECT']),
  rule('reasonString', PropertyId.ReasonString, string, ['PUBACK', 'DISCONNECT']),
  rule('receiveMaximum', PropertyId.ReceiveMaximum, positiveUint16, ['CONNECT']),
  rule('topicAliasMaximum', PropertyId.TopicAliasMaximum, uint16, ['CONNECT']),
  userPropertyRule(['CONNECT', 'PUBACK', 'SUBSCRIBE', 'UNSUBSCRIBE', 'DISCONNECT']),
  rule('maximumPacketSize', PropertyId.MaximumPacketSize, positiveUint32, ['CONNECT']),
];

const ruleById: readonly (PropertyRule | undefined)[] = propertyRules.reduce<PropertyRule[]>((byId, entry) => {
  byId[entry.id] = entry;
  return byId;
}, []);

/**
 * Reads a property length and the properties that it covers.
 *
 * @throws DecodeError for a property that its owner may not have (malformed: MQTT 5, 2.2.2.2), that only a server sends, that is there
 * twice, or whose value is not allowed (protocol errors)
 */
export function readProperties(reader: ByteReader, owner: PropertyOwner): Readonly<PacketProperties> {
  const packetEnd = enterProperties(reader);
  const properties: PacketProperties = {};
  while (reader.position < reader.end) readProperty(reader, owner, properties);
  reader.end = packetEnd;
  return properties;
}

/**
 * Reads a property length, and makes the properties' end that of the reader, as no property may reach past it.
 *
 * @returns the packet's end, which becomes the reader's again when the properties are read
 */
export function enterProperties(reader: ByteReader): number {
  const length = reader.variableByteInteger('property length');
  const packetEnd = reader.end;
  const end = reader.position + length;
  if (end > packetEnd) {
    throw malformed(`The property length ${length} reaches past the end of the packet.`);
  }
  reader.end = end;
  return packetEnd;
}

/** The error for a property that its owner may not have. */
export function foreignProperty(id: number, owner: string): DecodeError {
  return malformed(`The property 0x${id.toString(16).padStart(2, '0')} does not belong in ${owner} (MQTT 5, 2.2.2.2).`);
}

/** The error for a property that only a server may send in this packet: [MQTT-3.3.4-6]; MQTT 5, 3.14.2.2.5. */
export function serverOnlyProperty(name: string, owner: string): DecodeError {
  return protocolError(`Only a server may send a ${name} in ${owner}.`);
}

/** The error for a property that is repeated, and may not be. */
export function repeatedProperty(name: string): DecodeError {
  return protocolError(`The ${name} is there twice (MQTT 5, 2.2.2.2).`);
}

/** The value of a property that is 0 or 1. */
export function readBit(reader: ByteReader, name: string): 0 | 1 {
  const value = reader.byte(name);
  if (value !== 0 && value !== 1) {
    throw protocolError(`The ${name} is ${value}; it may be 0 or 1.`);
  }
  return value;
}

function readProperty(reader: ByteReader, owner: PropertyOwner, into: PacketProperties): void {
  const id = reader.variableByteInteger('property identifier');
  if (id === PropertyId.ServerReference && owner === 'DISCONNECT') throw serverOnlyProperty('server reference', owner);
  const entry = ruleById[id];
  if (!entry?.owners.includes(owner)) throw foreignProperty(id, owner);
  entry.read(reader, into);
}

function rule<Key extends keyof PacketProperties>(
  key: Key,
  id: number,
  readValue: (reader: ByteReader, name: string) => PacketProperties[Key],
  owners: readonly PropertyOwner[],
): PropertyRule {
  const name = key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const read = (reader: ByteReader, into: PacketProperties): void => {
    if (into[key] !== undefined) throw repeatedProperty(name);
    into[key] = readValue(reader, name);
  };
  return { id, owners, read };
}

/** The only property that may be repeated; its order is kept. MQTT 5, 3.3.2.3.7. */
function userPropertyRule(owners: readonly PropertyOwner[]): PropertyRule {
  const read = (reader: ByteReader, into: PacketProperties): void => {
    into.userProperties ??= [];
    into.userProperties.push([reader.string("user property's name"), reader.string("user property's value")]);
  };
  return { id: PropertyId.UserProperty, owners, read };
}

function flag(reader: ByteReader, name: string): boolean {
  return readBit(reader, name) === 1;
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
