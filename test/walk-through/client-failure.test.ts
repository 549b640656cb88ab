import { type Failure, failureOf } from '../../lib/walk-through/client-failure';

/** What OpenSSL's message has of an alert. */
const opensslText = (number: number) =>
  `40C7:error:0A000416:SSL routines:ssl3_read_bytes:ssl/record.c:1:SSL alert number ${number}`;

test.each<[code: string | number | undefined, message: string, Failure]>([
  [0x87, 'Connection refused: Not authorized', { kind: 'answer', packet: 'CONNACK', code: 0x87 }],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', opensslText(48), { kind: 'alert', number: 48 }],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN', opensslText(46), { kind: 'alert', number: 46 }],
  ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_UNKNOWN', opensslText(46), { kind: 'alert', number: 46 }],
  ['EPROTO', `write EPROTO ${opensslText(46)}`, { kind: 'alert', number: 46 }],
  ['EPROTO', 'write EPROTO wrong version number', { kind: 'trouble', message: 'write EPROTO wrong version number' }],
  ['ECONNRESET', 'read ECONNRESET', { kind: 'closed' }],
  ['ECONNABORTED', 'read ECONNABORTED', { kind: 'closed' }],
  ['EPIPE', 'write EPIPE', { kind: 'closed' }],
  ['ECONNREFUSED', 'connect ECONNREFUSED', { kind: 'trouble', message: 'connect ECONNREFUSED' }],
  ['ECONNREFUSED', '', { kind: 'trouble', message: 'ECONNREFUSED' }],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'text', { kind: 'trouble', message: 'text' }],
  [undefined, 'text', { kind: 'trouble', message: 'text' }],
])('An error with the code %p and the message %p stands for the failure %o', (code, message, failure) => {
  expect(failureOf(Object.assign(new Error(message), { code }))).toEqual(failure);
});
