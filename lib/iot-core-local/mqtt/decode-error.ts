import { ReasonCode } from './packets';

/**
 * What is wrong with the bytes that a client sent.
 *
 * The only error that the decoder throws. It ends the connection that the bytes came on, and nothing else [MQTT-4.13.1-1].
 */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';

  /** @param reasonCode what an MQTT 5 server gives in CONNACK or DISCONNECT; to a 3.1.1 client it only closes the connection */
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

/** Bytes that can be parsed, but say what the protocol does not allow, or not at this point. MQTT 5, 1.2 "Protocol Error". */
export function protocolError(message: string): DecodeError {
  return new DecodeError(ReasonCode.ProtocolError, message);
}

/** A client's text for use in a message: control characters escaped, so that it can forge no line of a log, and cut short. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text);
}
