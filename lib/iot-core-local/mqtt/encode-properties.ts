import { variableByteIntegerSize, writeVariableByteInteger } from './encode-fields';
import type { ConnackPacket } from './packets';
import { PropertyId } from './property-id';

const nothing: readonly number[] = [];

/** CONNACK's properties, length included: all that are set, even to their default. */
export function encodeConnackProperties(packet: ConnackPacket): Buffer {
  return withLength([
    property(PropertyId.SessionExpiryInterval, packet.sessionExpiryInterval, uint32),
    property(PropertyId.ReceiveMaximum, packet.receiveMaximum, uint16),
    property(PropertyId.MaximumQos, packet.maximumQos, byte),
    property(PropertyId.RetainAvailable, packet.retainAvailable, flag),
    property(PropertyId.MaximumPacketSize, packet.maximumPacketSize, uint32),
    property(PropertyId.AssignedClientIdentifier, packet.assignedClientIdentifier, text),
    property(PropertyId.TopicAliasMaximum, packet.topicAliasMaximum, uint16),
    property(PropertyId.ReasonString, packet.reasonString, text),
    property(PropertyId.WildcardSubscriptionAvailable, packet.wildcardSubscriptionAvailable, flag),
    property(PropertyId.SubscriptionIdentifiersAvailable, packet.subscriptionIdentifiersAvailable, flag),
    property(PropertyId.SharedSubscriptionAvailable, packet.sharedSubscriptionAvailable, flag),
    property(PropertyId.ServerKeepAlive, packet.serverKeepAlive, uint16),
  ]);
}

/** The properties of a packet that can have a reason string and no other. */
export function encodeReasonString(reasonString: string | undefined): Buffer {
  return withLength([property(PropertyId.ReasonString, reasonString, text)]);
}

/** A property, or nothing if its value is undefined. */
function property<T>(id: number, value: T | undefined, encode: (value: T) => readonly number[]): readonly number[] {
  return value === undefined ? nothing : [id, ...encode(value)];
}

function withLength(properties: readonly (readonly number[])[]): Buffer {
  const content = properties.flat();
  const bytes = Buffer.allocUnsafe(variableByteIntegerSize(content.length) + content.length);
  bytes.set(content, writeVariableByteInteger(bytes, 0, content.length));
  return bytes;
}

function byte(value: number): number[] {
  return [value];
}

function flag(value: boolean): number[] {
  return [Number(value)];
}

function uint16(value: number): number[] {
  return [value >> 8, value & 0xff];
}

function uint32(value: number): number[] {
  return [...uint16(value >>> 16), ...uint16(value & 0xffff)];
}

function text(value: string): number[] {
  const bytes = Buffer.from(value);
  return [...uint16(bytes.length), ...bytes];
}
