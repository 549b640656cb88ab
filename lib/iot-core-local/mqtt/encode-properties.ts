import type { ConnackPacket } from './packets';
import { PropertyId } from './property-id';
import { PropertyWriter } from './property-writer';

/** CONNACK's properties, length included: all that are set, even to their default. */
export function encodeConnackProperties(packet: ConnackPacket): Buffer {
  const writer = new PropertyWriter()
    .uint32(PropertyId.SessionExpiryInterval, packet.sessionExpiryInterval)
    .uint16(PropertyId.ReceiveMaximum, packet.receiveMaximum)
    .byte(PropertyId.MaximumQos, packet.maximumQos)
    .flag(PropertyId.RetainAvailable, packet.retainAvailable)
    .uint32(PropertyId.MaximumPacketSize, packet.maximumPacketSize)
    .text(PropertyId.AssignedClientIdentifier, packet.assignedClientIdentifier)
    .uint16(PropertyId.TopicAliasMaximum, packet.topicAliasMaximum)
    .text(PropertyId.ReasonString, packet.reasonString)
    .flag(PropertyId.WildcardSubscriptionAvailable, packet.wildcardSubscriptionAvailable)
    .flag(PropertyId.SubscriptionIdentifiersAvailable, packet.subscriptionIdentifiersAvailable)
    .flag(PropertyId.SharedSubscriptionAvailable, packet.sharedSubscriptionAvailable)
    .uint16(PropertyId.ServerKeepAlive, packet.serverKeepAlive);
  return bytesOf(writer);
}

/** The properties of a packet that can have a reason string and no other. */
export function encodeReasonString(reasonString: string | undefined): Buffer {
  return bytesOf(new PropertyWriter().text(PropertyId.ReasonString, reasonString));
}

function bytesOf(writer: PropertyWriter): Buffer {
  const bytes = Buffer.allocUnsafe(writer.size);
  writer.end(bytes, 0);
  return bytes;
}
