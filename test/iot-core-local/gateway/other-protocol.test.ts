import { otherProtocol } from '../../../lib/iot-core-local/gateway/other-protocol';
import { clientPackets } from '../../codec/client-packets';

test.each([
  ['an HTTP request', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n', 'it sent an HTTP request'],
  [
    'a request to publish',
    'POST /topics/cars/data?qos=1 HTTP/1.1\r\n\r\n75',
    'IoT Core Local has no publishing over HTTPS',
  ],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'it sent an HTTP request'],
  [
    'a WebSocket',
    'GET /mqtt HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n',
    'it asked for a WebSocket, and this port serves MQTT; IoT Core Local has no MQTT over WebSocket',
  ],
])('%s is recognized by its first bytes, and answered in its own protocol', (_, bytes, explanation) => {
  const other = otherProtocol(Buffer.from(bytes));
  expect(other?.explanation).toContain(explanation);
  const [head, body] = other!.answer.split('\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  expect(head).toContain(`Content-Length: ${Buffer.byteLength(body)}`);
  expect(body).toMatch(/^This port serves MQTT/);
});

test.each(clientPackets)('MQTT $version: $name is not taken for another protocol', ({ bytes }) => {
  expect(otherProtocol(bytes)).toBeUndefined();
});

test.each(['', 'G', 'GET', 'GETX /', '\u0016\u0003\u0001'])('The bytes %j are not taken for HTTP', (text) => {
  expect(otherProtocol(Buffer.from(text))).toBeUndefined();
});
