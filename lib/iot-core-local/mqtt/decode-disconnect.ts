import type { ByteReader } from './byte-reader';
import { protocolError } from './decode-error';
import { readProperties } from './decode-properties';
import { type DisconnectPacket, type ProtocolVersion, ReasonCode } from './packets';

/** MQTT 5, 3.14.2.1, the rows that a client may send. */
const clientReasonCodes: readonly number[] = [
  ReasonCode.Success,
  ReasonCode.DisconnectWithWillMessage,
  ReasonCode.UnspecifiedError,
  ReasonCode.MalformedPacket,
  ReasonCode.ProtocolError,
  ReasonCode.ImplementationSpecificError,
  ReasonCode.TopicNameInvalid,
  ReasonCode.ReceiveMaximumExceeded,
  ReasonCode.TopicAliasInvalid,
  ReasonCode.PacketTooLarge,
  0x96, // Message rate too high
  ReasonCode.QuotaExceeded,
  ReasonCode.AdministrativeAction,
  ReasonCode.PayloadFormatInvalid,
];

/**
 * Decodes DISCONNECT. MQTT 5, 3.14; the reason code and the properties may be left off from the end (3.14.2.1, 3.14.2.2.1).
 *
 * @param connectExpiry - the session expiry interval that CONNECT gave, in seconds
 */
export function decodeDisconnect(
  reader: ByteReader,
  version: ProtocolVersion,
  connectExpiry: number,
): DisconnectPacket {
  if (version === 4 || reader.position === reader.end) {
    return { type: 'disconnect', reasonCode: ReasonCode.Success };
  }
  const reasonCode = reader.byte('reason code');
  if (!clientReasonCodes.includes(reasonCode)) {
    throw protocolError(`A client cannot send the DISCONNECT reason code ${reasonCode} [MQTT-3.14.2-1].`);
  }
  const { sessionExpiryInterval, reasonString } =
    reader.position < reader.end ? readProperties(reader, 'DISCONNECT') : {};
  if (connectExpiry === 0 && sessionExpiryInterval !== undefined && sessionExpiryInterval > 0) {
    throw protocolError(
      `DISCONNECT cannot set the session expiry interval to ${sessionExpiryInterval}: CONNECT set it to 0 (MQTT 5, 3.14.2.2.2).`,
    );
  }
  return { type: 'disconnect', reasonCode, sessionExpiryInterval, reasonString };
}
