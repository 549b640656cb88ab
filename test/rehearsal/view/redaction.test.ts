import { redactor } from '../../../lib/rehearsal/view/redaction';

const redact = redactor(
  { accountId: '123456789012', values: ['AKIAIOSFODNN7EXAMPLE', 'secret/key+1', undefined, ''] },
  '/home/ada',
);

test.each([
  [
    'an account number in an ARN',
    'arn:aws:iot:eu-west-1:123456789012:thing/car1',
    'arn:aws:iot:eu-west-1:<account>:thing/car1',
  ],
  ['an account number within a name', 'cdk-assets-123456789012-eu-west-1', 'cdk-assets-<account>-eu-west-1'],
  ['another account’s number', 'aws://210987654321/eu-west-1', 'aws://<account>/eu-west-1'],
  ['the access key', 'key AKIAIOSFODNN7EXAMPLE', 'key <secret>'],
  ['another access key', 'key ASIAABCDEFGHIJKLMNOP.', 'key <id>.'],
  ['the secret key', 'a secret/key+1 b', 'a <secret> b'],
  [
    'the caller’s name',
    'arn:aws:sts::123456789012:assumed-role/Admin/ada is',
    'arn:aws:sts::<account>:assumed-role/<name> is',
  ],
  ['the data endpoint', 'a1b2c3d4e5f6g7-ats.iot.eu-west-1.amazonaws.com', '<endpoint>.iot.eu-west-1.amazonaws.com'],
  ['the home folder', '/home/ada/project/cdk.out', '~/project/cdk.out'],
  ['a private key', 'a\n-----BEGIN PRIVATE KEY-----\nMIG\n-----END PRIVATE KEY-----\nb', 'a\n<private key>\nb'],
  ['a private key that is cut off', 'a\n-----BEGIN EC PRIVATE KEY-----\nMIG\n', 'a\n<private key>'],
])('A transcript does not hold %s', (_, text, redacted) => {
  expect(redact(text)).toBe(redacted);
});

test.each([
  ['a certificate’s id', `certificate ${'9876543210987654'.repeat(4)}`],
  ['a time and a duration', '2026-11-26T16:20:30.123Z 12.5 s'],
  ['a UUID', 'f81d4fae-7dec-11d0-a765-123456789013'],
  ['a stack’s events', 'SharedSubscriptionsFleet | 3/22 | CREATE_COMPLETE | AWS::IoT::Policy | car1Policy8AE7989D'],
])('A transcript keeps %s', (_, text) => {
  expect(redact(text)).toBe(text);
});
