/** What a client that does not speak MQTT is told. */
export interface OtherProtocol {
  /** For the log: an explanation without a full stop. */
  readonly explanation: string;
  /** The bytes to answer with. */
  readonly answer: string;
}

const request = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|TRACE) \S|^PRI \* HTTP\/2/;
const serves = 'This port serves MQTT 3.1.1 and 5 over TLS with client certificates';

/**
 * Recognizes an HTTP request, or a WebSocket's, by the first bytes of a connection. No MQTT client begins so.
 *
 * @returns undefined if it is neither
 */
export function otherProtocol(bytes: Buffer): OtherProtocol | undefined {
  const text = bytes.toString('latin1', 0, 4096);
  if (!request.test(text)) return undefined;
  const isWebSocket = /^upgrade: *websocket/im.test(text);
  const lacks = isWebSocket ? 'MQTT over WebSocket' : 'publishing over HTTPS';
  const body = `${serves}. IoT Core Local has no ${lacks}.\n`;
  const head = [
    'HTTP/1.1 400 Bad Request',
    'Content-Type: text/plain',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  const sent = isWebSocket ? 'asked for a WebSocket' : 'sent an HTTP request';
  return {
    explanation: `it ${sent}, and this port serves MQTT; IoT Core Local has no ${lacks}`,
    answer: `${head.join('\r\n')}\r\n\r\n${body}`,
  };
}
