import { certificateRefusal } from '../../../lib/iot-core-local/gateway/client-certificate';
import type { Certificate } from '../../../lib/iot-core-local/registry/certificate';
import type { Registry } from '../../../lib/iot-core-local/registry/registry';

const valid = {
  certificateArn: 'arn',
  status: 'ACTIVE',
  certificateMode: 'DEFAULT',
  notBefore: new Date(10_000),
  notAfter: new Date(20_000),
} as const;

/** Why certificate `c1`, which is attached to car1, opens no connection at a time. */
function refusalOf(changes: Partial<Certificate> | 'unregistered' = {}, { now = 15_000, serverName = '' } = {}) {
  const registry = {
    findCertificate: () => (changes === 'unregistered' ? undefined : { ...valid, ...changes }),
    thingNamesOf: () => ['car1'],
  } as unknown as Registry;
  const clocks = { wall: () => now, monotonic: () => 0 };
  return certificateRefusal('c1', serverName || undefined, { registry, clocks });
}

test('A certificate that is registered, ACTIVE and valid opens a connection', () => {
  expect(refusalOf()).toBeUndefined();
});

test('A certificate that is not registered opens no connection', () => {
  expect(refusalOf('unregistered')).toBe('certificate c1 is not registered');
});

test.each(['INACTIVE', 'REVOKED'] as const)('A certificate that is %s opens no connection', (status) => {
  expect(refusalOf({ status })).toBe(`certificate c1 of car1 is ${status}`);
});

test('A certificate that is SNI_ONLY opens a connection to a client that sent a server name alone', () => {
  const only = { certificateMode: 'SNI_ONLY' } as const;
  expect(refusalOf(only)).toContain('certificate c1 of car1 is SNI_ONLY, and the client sent no server name');
  expect(refusalOf(only, { serverName: 'localhost' })).toBeUndefined();
});

test.each([
  [9999, 'certificate c1 of car1 is not valid yet'],
  [10_000, undefined],
  [20_000, undefined],
  [20_001, 'certificate c1 of car1 has expired'],
])('A certificate opens a connection from the first to the last millisecond of its validity: %i', (now, refusal) => {
  expect(refusalOf({}, { now })).toBe(refusal);
});
