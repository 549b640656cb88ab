import { ReasonCode } from './packets';

/**
 * A client sent bytes that MQTT does not allow. The decoder throws no other error.
 *
 * It ends the connection that the bytes came on, and nothing else [MQTT-4.13.1-1].
 */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';

  /** @param reasonCode - for the CONNACK or DISCONNECT of MQTT 5; a 3.1.1 connection is only closed */
  constructor(
    readonly reasonCode: number,
    message: string,
  ) {
    super(message);
  }
}

/** Bytes that cannot be parsed as the packet that they claim to be. MQTT 5, 1.2 "Malformed Packet". */
export function malformed(message: string): DecodeError {
  return new DecodeError(ReasonCode.MalformedPacket, message);
}

/** Bytes that can be parsed, but that the protocol does not allow, or not at this point. MQTT 5, 1.2 "Protocol Error". */
export function protocolError(message: string): DecodeError {
  return new DecodeError(ReasonCode.ProtocolError, message);
}

/** A client's text for use in a message: cut short, and with control characters escaped, so that it cannot forge a line of a log. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text);
}
