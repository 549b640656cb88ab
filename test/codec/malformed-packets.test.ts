import { packet, properties, sized } from '../../benchmarks/mqtt-bytes';
import { Decoder } from '../../lib/iot-core-local/mqtt/decode';
import { DecodeError } from '../../lib/iot-core-local/mqtt/decode-error';
import type { ProtocolVersion } from '../../lib/iot-core-local/mqtt/packets';
import { clientPackets } from './client-packets';
import { connect, decoderFor, oneByteEach, readAll } from './decoders';
import { malformedPackets } from './malformed-packets';

const cases = malformedPackets.flatMap((entry) =>
  entry.versions.map((version) => ({ ...entry, version, bytes: entry.bytes(version) })),
);

describe.each(cases)('MQTT $version refuses $rule', ({ version, bytes, reasonCode, says }) => {
  test.each([
    ['in one piece', [bytes]],
    ['in single bytes', oneByteEach(bytes)],
  ])('The decoder refuses it %s', (_, chunks) => {
    const error = refusal(() => readAll(decoderFor(bytes, version), ...chunks));
    expect(error).toBeInstanceOf(DecodeError);
    expect(error).toMatchObject({ reasonCode, message: expect.stringContaining(says) });
  });
});

const notConnect = clientPackets.filter((each) => each.packet.type !== 'connect');

test.each(notConnect)('MQTT $version refuses $name before CONNECT [MQTT-3.1.0-1]', ({ bytes }) => {
  const error = refusal(() => readAll(new Decoder({ maximumPacketSize: 1000 }), bytes));
  expect(error).toBeInstanceOf(DecodeError);
  expect(error).toMatchObject({ reasonCode: 0x82, message: expect.stringContaining('[MQTT-3.1.0-1]') });
});

test('DISCONNECT may change a session expiry that CONNECT set', () => {
  const connected = packet(0x10, sized('MQTT'), 5, 2, [0, 0], properties([0x11, 0, 0, 0, 1]), sized('c'));
  const disconnect = packet(0xe0, 0, properties([0x11, 0, 0, 1, 0]));
  const packets = readAll(new Decoder({ maximumPacketSize: 100 }), connected, disconnect);
  expect(packets[1]).toMatchObject({ sessionExpiryInterval: 256 });
});

const pubackCodes = [0x00, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99];
const disconnectCodes = [0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99];

test.each([
  ['PUBACK', pubackCodes, (code: number) => packet(0x40, [0, 1], code)],
  ['DISCONNECT', disconnectCodes, (code: number) => packet(0xe0, code)],
])("Of all reason codes, %s takes a client's and no other", (_, codes, bytesOf) => {
  const taken = Array.from({ length: 256 }, (_each, code) => code).filter(
    (code) => refusal(() => readAll(decoderFor(bytesOf(code), 5), bytesOf(code))) === undefined,
  );
  expect(taken).toEqual(codes);
});

test('An error quotes a client’s text cut short and without control characters', () => {
  const bytes = packet(0x30, sized(`+\n${'x'.repeat(300)}`));
  const error = refusal(() => readAll(decoderFor(bytes, 4), bytes));
  expect((error as Error).message).toMatch(/^The topic name "\+\\nx{62}…" has a wildcard/);
});

test.each<ProtocolVersion>([4, 5])('HTTP and TLS are refused as no CONNECT (MQTT %i)', () => {
  for (const start of ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03']) {
    const decoder = new Decoder({ maximumPacketSize: 1000 });
    const error = refusal(() => readAll(decoder, Buffer.from(start, 'latin1'), connect(5)));
    expect(error).toBeInstanceOf(DecodeError);
    expect(decoder.version).toBeUndefined();
  }
});

function refusal(read: () => unknown): unknown {
  try {
    read();
    return undefined;
  } catch (error) {
    return error;
  }
}
