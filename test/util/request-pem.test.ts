import { requestDer } from '../../lib/util/request-pem';

const request = '-----BEGIN CERTIFICATE REQUEST-----\nAQID\nBAUG\n-----END CERTIFICATE REQUEST-----\n';
const der = Buffer.from([1, 2, 3, 4, 5, 6]);

test.each([
  ['as it is', request],
  ['with text around it', `Certificate Request:\n    Data:\n${request}more\n`],
  ['with a byte order mark and a blank line', `\ufeff\n${request}`],
  ['without a line end', request.trimEnd()],
  ['with the line ends of Windows', request.replaceAll('\n', '\r\n')],
  ['with the label NEW CERTIFICATE REQUEST', request.replaceAll('CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST')],
])('A request %s is read', (_, text) => {
  expect(requestDer(text)).toEqual(der);
});

test.each([
  ['nothing', ''],
  ['a path', 'car1.csr.pem'],
  ['a certificate', request.replaceAll('CERTIFICATE REQUEST', 'CERTIFICATE')],
  ['a beginning without an end', request.slice(0, 60)],
  ['two labels', request.replace('BEGIN CERTIFICATE REQUEST', 'BEGIN NEW CERTIFICATE REQUEST')],
  ['spaces instead of line ends', request.replaceAll('\n', ' ')],
  ['what is not base64', request.replace('AQID', '!!!!')],
])('A text with %s has no request', (_, text) => {
  expect(requestDer(text)).toBeUndefined();
});
