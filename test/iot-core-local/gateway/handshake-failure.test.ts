import { handshakeFailure } from '../../../lib/iot-core-local/gateway/handshake-failure';

const failure = (reason: string) => handshakeFailure(Object.assign(new Error('00:error:…'), { reason }));

// OpenSSL 3.0, in Node.js 20 and 22, and OpenSSL 3.5, in Node.js 24, name some alerts in different words.
test.each([
  'tlsv1 alert unknown ca',
  'sslv3 alert bad certificate',
  'ssl/tls alert bad certificate',
  'sslv3 alert certificate unknown',
])('The failure "%s" tells a person which certificate the client must trust', (reason) => {
  expect(failure(reason)).toContain(`does not accept the server's certificate (${reason})`);
  expect(failure(reason)).toContain('AmazonRootCA1.pem');
});

test.each([
  ['wrong version number', 'not TLS'],
  ['unsupported protocol', 'TLS 1.2'],
  ['no shared cipher', 'no cipher that AWS IoT Core takes'],
  ['http request', 'HTTP'],
  ['no application protocol', 'x-amzn-mqtt-ca'],
])('The failure "%s" is explained in words', (reason, words) => {
  expect(failure(reason)).toContain(words);
});

test('A client that closed the connection is not told to trust anything', () => {
  expect(handshakeFailure(new Error('socket hang up'))).toMatch(/^the client closed the connection/);
});

test('The words of an unknown failure are left as they are', () => {
  expect(failure('tlsv1 alert internal error')).toBe('tlsv1 alert internal error');
  expect(handshakeFailure(new Error('TLS handshake timeout'))).toBe('TLS handshake timeout');
});
