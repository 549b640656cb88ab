import { STATUS_CODES } from 'node:http';

/** What Node.js says of bytes that it cannot read as HTTP. */
export interface ClientError extends Error {
  /** `HPE_INVALID_METHOD` */
  readonly code?: string;
  /** `Invalid method encountered` */
  readonly reason?: string;
  /** The bytes. Undefined if the client broke off or said nothing for too long. */
  readonly rawPacket?: Buffer;
}

const served = 'this port serves the AWS IoT API over plain HTTP';

/** The statuses that Node.js answers with too. https://nodejs.org/api/http.html#event-clienterror */
const statuses: ReadonlyMap<string | undefined, number> = new Map([
  ['HPE_HEADER_OVERFLOW', 431],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413],
  ['ERR_HTTP_REQUEST_TIMEOUT', 408],
]);

/** The answer to a client whose bytes are not a request of HTTP. */
export function answerTo({ code }: ClientError): string {
  const status = statuses.get(code) ?? 400;
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`;
}

/**
 * What a client sent that is not HTTP, for a person who mixed up the ports.
 *
 * @param mqttPort - the port that such a client may have been meant for
 * @returns a clause for the log, without a full stop; undefined if the client sent nothing
 */
export function explanationOf({ rawPacket, reason, message }: ClientError, mqttPort: number): string | undefined {
  if (rawPacket === undefined) return undefined;
  const mqtt = `MQTT over TLS is on port ${mqttPort}`;
  // A record of a handshake. https://www.rfc-editor.org/rfc/rfc8446#section-5.1
  if (rawPacket[0] === 0x16) return `the client began a TLS handshake, and ${served}; ${mqtt}`;
  if (isConnect(rawPacket)) return `the client sent MQTT's CONNECT without TLS, and ${served}; ${mqtt}`;
  return `the client sent what is not HTTP/1.1 (${reason ?? message}), and ${served}`;
}

/** Whether bytes begin with a CONNECT of MQTT: its type, its length in up to four bytes, and the protocol's name. */
function isConnect(bytes: Buffer): boolean {
  return bytes[0] === 0x10 && /MQTT|MQIsdp/.test(bytes.toString('latin1', 0, 13));
}
