import { tlsOptionsOf } from '../../../lib/walk-through/clients/secure-socket';

const host = 'abc-ats.iot.us-east-1.amazonaws.com';

test('A connection to port 443 names MQTT with client certificates by ALPN', () => {
  expect(tlsOptionsOf({ host, port: 443 })).toMatchObject({ port: 443, ALPNProtocols: ['x-amzn-mqtt-ca'] });
});

test('A connection to port 8883 has no ALPN', () => {
  expect(tlsOptionsOf({ host, port: 8883 }).ALPNProtocols).toBeUndefined();
});

test('A connection names the host by SNI, unless it is an address', () => {
  expect(tlsOptionsOf({ host, port: 8883 }).servername).toBe(host);
  expect(tlsOptionsOf({ host: '127.0.0.1', port: 8883 }).servername).toBeUndefined();
});
