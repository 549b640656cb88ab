import type { ByteReader } from './byte-reader';
import { protocolError } from './decode-error';
import { readProperties } from './decode-properties';
import { type ProtocolVersion, type PubackPacket, ReasonCode } from './packets';

/** MQTT 5, 3.4.2.1, without No matching subscribers, which only a server sends. */
const clientReasonCodes: readonly number[] = [
  ReasonCode.Success,
  ReasonCode.UnspecifiedError,
  ReasonCode.ImplementationSpecificError,
  ReasonCode.NotAuthorized,
  ReasonCode.TopicNameInvalid,
  ReasonCode.PacketIdentifierInUse,
  ReasonCode.QuotaExceeded,
  ReasonCode.PayloadFormatInvalid,
];

/** Decodes PUBACK. MQTT 5, 3.4; the reason code and the properties may be left off from the end (3.4.2.1, 3.4.2.2.1). @throws DecodeError */
export function decodePuback(reader: ByteReader, version: ProtocolVersion): PubackPacket {
  const packetId = reader.packetId();
  if (version === 4 || reader.position === reader.end) {
    return { type: 'puback', packetId, reasonCode: ReasonCode.Success };
  }
  const reasonCode = reader.byte('reason code');
  if (!clientReasonCodes.includes(reasonCode)) {
    throw protocolError(`A client cannot send the PUBACK reason code ${reasonCode} [MQTT-3.4.2-1].`);
  }
  const properties = reader.position < reader.end ? readProperties(reader, 'PUBACK') : {};
  return { type: 'puback', packetId, reasonCode, reasonString: properties.reasonString };
}
