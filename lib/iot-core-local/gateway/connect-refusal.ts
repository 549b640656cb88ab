import { encodeConnack } from '../mqtt/encode';
import { type ProtocolVersion, ReasonCode } from '../mqtt/packets';

/** CONNACK's return code of 3.1.1 for a version that is neither 3.1.1 nor 5. */
const unacceptableProtocolVersion = 0x01;

/**
 * The CONNACK that refuses a client. As AWS does, most refusals of a 3.1.1 client only close its connection.
 *
 * @param version - undefined if the client's version is not one that is served
 * @param reasonCode - of MQTT 5; below 0x80, a return code of 3.1.1's CONNACK
 * @param maximumPacketSize - bytes; a larger packet is never sent to the client [MQTT-3.1.2-24]
 * @returns undefined if the client gets no answer
 */
export function connectRefusal(
  version: ProtocolVersion | undefined,
  reasonCode: number,
  maximumPacketSize = Number.POSITIVE_INFINITY,
): Buffer | undefined {
  const connack = { type: 'connack', sessionPresent: false } as const;
  if (version === 5) {
    const packet = encodeConnack({ ...connack, reasonCode }, 5);
    return packet.length <= maximumPacketSize ? packet : undefined;
  }
  const returnCode = reasonCode === ReasonCode.UnsupportedProtocolVersion ? unacceptableProtocolVersion : reasonCode;
  return returnCode < ReasonCode.UnspecifiedError
    ? encodeConnack({ ...connack, reasonCode: returnCode }, 4)
    : undefined;
}
