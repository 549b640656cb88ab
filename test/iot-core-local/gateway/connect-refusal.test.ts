import { connectRefusal } from '../../../lib/iot-core-local/gateway/connect-refusal';

const hexOf = (answer: Buffer | undefined) => answer?.toString('hex');

test('An MQTT 5 client is told the reason code', () => {
  expect(hexOf(connectRefusal(5, 0x87))).toBe('2003008700');
});

test('An MQTT 5 client that takes no packet as large as the CONNACK gets none', () => {
  expect([connectRefusal(5, 0x87, 5)?.length, connectRefusal(5, 0x87, 4)]).toEqual([5, undefined]);
});

test('A 3.1.1 client is told a return code of its version, and nothing where that has none', () => {
  expect([hexOf(connectRefusal(4, 0x02)), connectRefusal(4, 0x87)]).toEqual(['20020002', undefined]);
});

test('A client of a version that is not served is told so as 3.1.1 does, and nothing else', () => {
  expect([hexOf(connectRefusal(undefined, 0x84)), connectRefusal(undefined, 0x81)]).toEqual(['20020001', undefined]);
});
