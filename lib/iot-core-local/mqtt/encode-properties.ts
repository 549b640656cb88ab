import { sized, uint16, uint32, variableByteInteger } from './encode-fields';
import type { ConnackPacket, MessageProperties } from './packets';
import { PropertyId } from './property-id';

const noProperties = Buffer.of(0);

/** A PUBLISH's properties, length included, as they came and in their order [MQTT-3.3.2-17] [MQTT-3.3.2-18]. */
export function encodeMessageProperties(properties: MessageProperties | undefined): Buffer {
  if (properties === undefined) return noProperties;
  return block([
    property(PropertyId.PayloadFormatIndicator, properties.payloadFormatIndicator, byte),
    property(PropertyId.MessageExpiryInterval, properties.messageExpiryInterval, uint32),
    property(PropertyId.ContentType, properties.contentType, sized),
    property(PropertyId.ResponseTopic, properties.responseTopic, sized),
    property(PropertyId.CorrelationData, properties.correlationData, sized),
    ...(properties.userProperties ?? []).flatMap(([name, value]) => [
      Buffer.of(PropertyId.UserProperty),
      sized(name),
      sized(value),
    ]),
  ]);
}

/** CONNACK's properties, length included: all that are set, even to their default. */
export function encodeConnackProperties(packet: ConnackPacket): Buffer {
  return block([
    property(PropertyId.SessionExpiryInterval, packet.sessionExpiryInterval, uint32),
    property(PropertyId.ReceiveMaximum, packet.receiveMaximum, uint16),
    property(PropertyId.MaximumQos, packet.maximumQos, byte),
    property(PropertyId.RetainAvailable, packet.retainAvailable, flag),
    property(PropertyId.MaximumPacketSize, packet.maximumPacketSize, uint32),
    property(PropertyId.AssignedClientIdentifier, packet.assignedClientIdentifier, sized),
    property(PropertyId.TopicAliasMaximum, packet.topicAliasMaximum, uint16),
    property(PropertyId.ReasonString, packet.reasonString, sized),
    property(PropertyId.WildcardSubscriptionAvailable, packet.wildcardSubscriptionAvailable, flag),
    property(PropertyId.SubscriptionIdentifiersAvailable, packet.subscriptionIdentifiersAvailable, flag),
    property(PropertyId.SharedSubscriptionAvailable, packet.sharedSubscriptionAvailable, flag),
    property(PropertyId.ServerKeepAlive, packet.serverKeepAlive, uint16),
  ]);
}

/** The properties of a packet that can have a reason string and no other. */
export function encodeReasonString(reasonString: string | undefined): Buffer {
  return block([property(PropertyId.ReasonString, reasonString, sized)]);
}

function block(properties: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(properties);
  return Buffer.concat([variableByteInteger(bytes.length), bytes]);
}

function property<Value>(id: number, value: Value | undefined, encode: (value: Value) => Buffer): Buffer {
  return value === undefined ? Buffer.alloc(0) : Buffer.concat([Buffer.of(id), encode(value)]);
}

function byte(value: number): Buffer {
  return Buffer.of(value);
}

function flag(value: boolean): Buffer {
  return Buffer.of(value ? 1 : 0);
}
