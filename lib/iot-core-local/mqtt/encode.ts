import { uint16, variableByteIntegerSize, writeVariableByteInteger } from './encode-fields';
import { encodeConnackProperties, encodeReasonString } from './encode-properties';
import { PacketType } from './packet-type';
import {
  type ConnackPacket,
  type DisconnectPacket,
  type ProtocolVersion,
  type PubackPacket,
  ReasonCode,
  type SubackPacket,
  type UnsubackPacket,
} from './packets';

/** Bytes that {@link writePuback} writes. */
export const pubackSize = 4;

const pingresp = packet(PacketType.Pingresp);

/** MQTT 5, 3.2. Under 3.1.1 only the return code, which `reasonCode` is then, and `sessionPresent` are sent. */
export function encodeConnack(connack: ConnackPacket, version: ProtocolVersion): Buffer {
  const fields = Buffer.of(connack.sessionPresent ? 1 : 0, connack.reasonCode);
  return version === 4
    ? packet(PacketType.Connack, fields)
    : packet(PacketType.Connack, fields, encodeConnackProperties(connack));
}

/** MQTT 5, 3.4. Success is the default, and left off (3.4.2.1); 3.1.1 has no reason codes. */
export function encodePuback(puback: PubackPacket, version: ProtocolVersion): Buffer {
  const withReason = version === 5 && (puback.reasonCode !== ReasonCode.Success || puback.reasonString !== undefined);
  if (withReason) return packet(PacketType.Puback, uint16(puback.packetId), ...reason(puback));
  const bytes = Buffer.allocUnsafe(pubackSize);
  writePuback(bytes, 0, puback.packetId);
  return bytes;
}

/**
 * Writes the PUBACK for success, which is the same under both versions, and returns the offset after its {@link pubackSize} bytes.
 *
 * For the way of every QoS 1 message: straight into what goes out next, it costs a tenth of what a buffer of its own does.
 */
export function writePuback(target: Buffer, offset: number, packetId: number): number {
  target[offset] = PacketType.Puback << 4;
  target[offset + 1] = 2;
  target[offset + 2] = packetId >> 8;
  target[offset + 3] = packetId & 0xff;
  return offset + pubackSize;
}

/** MQTT 5, 3.9. Under 3.1.1 all failures are 0x80 [MQTT-3.9.3-2]. */
export function encodeSuback(suback: SubackPacket, version: ProtocolVersion): Buffer {
  const packetId = uint16(suback.packetId);
  if (version === 4) {
    return packet(PacketType.Suback, packetId, Buffer.from(suback.reasonCodes.map((code) => Math.min(code, 0x80))));
  }
  return packet(PacketType.Suback, packetId, encodeReasonString(suback.reasonString), Buffer.from(suback.reasonCodes));
}

/** MQTT 5, 3.11. Under 3.1.1 it has no payload. */
export function encodeUnsuback(unsuback: UnsubackPacket, version: ProtocolVersion): Buffer {
  const packetId = uint16(unsuback.packetId);
  if (version === 4) return packet(PacketType.Unsuback, packetId);
  return packet(PacketType.Unsuback, packetId, encodeReasonString(undefined), Buffer.from(unsuback.reasonCodes));
}

/** MQTT 5, 3.13. All callers share one buffer, which must not be written to. */
export function encodePingresp(): Buffer {
  return pingresp;
}

/** MQTT 5, 3.14; a 3.1.1 server cannot send it. Only a client may send a session expiry interval, so it is left out [MQTT-3.14.2-2]. */
export function encodeDisconnect(disconnect: DisconnectPacket): Buffer {
  return packet(PacketType.Disconnect, ...reason(disconnect));
}

/** A reason code and properties. Success without properties is left off, as it is the default. */
function reason({ reasonCode, reasonString }: { reasonCode: number; reasonString?: string }): Buffer[] {
  if (reasonString !== undefined) return [Buffer.of(reasonCode), encodeReasonString(reasonString)];
  return reasonCode === ReasonCode.Success ? [] : [Buffer.of(reasonCode)];
}

function packet(type: number, ...fields: readonly Buffer[]): Buffer {
  const remainingLength = fields.reduce((sum, { length }) => sum + length, 0);
  const bytes = Buffer.allocUnsafe(1 + variableByteIntegerSize(remainingLength) + remainingLength);
  bytes[0] = type << 4;
  let at = writeVariableByteInteger(bytes, 1, remainingLength);
  for (const field of fields) at += field.copy(bytes, at);
  return bytes;
}
