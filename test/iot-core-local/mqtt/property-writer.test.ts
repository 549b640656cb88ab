import { properties, sized } from '../../../benchmarks/mqtt-bytes';
import { PropertyId } from '../../../lib/iot-core-local/mqtt/property-id';
import { PropertyWriter } from '../../../lib/iot-core-local/mqtt/property-writer';

const { UserProperty, ContentType, CorrelationData, PayloadFormatIndicator } = PropertyId;

test('Properties that are undefined are left out, and none of them leave a length of 0', () => {
  const writer = new PropertyWriter()
    .byte(PayloadFormatIndicator, undefined)
    .flag(PropertyId.RetainAvailable, undefined)
    .uint16(PropertyId.ReceiveMaximum, undefined)
    .uint32(PropertyId.MessageExpiryInterval, undefined)
    .text(ContentType, undefined)
    .binary(CorrelationData, undefined);
  expect(bytesOf(writer)).toEqual(Buffer.of(0));
});

test.each([
  ['ASCII', 'a'],
  ['two bytes a character', 'ж'],
  ['three bytes a character', '€'],
  ['four bytes a character', '🚗'],
])('Texts of %s are written whole, whatever their length', (_, character) => {
  for (const length of [0, 1, 50, 99, 100, 101, 500, 10_000]) {
    const text = character.repeat(length);
    const bytes = bytesOf(new PropertyWriter().text(ContentType, text).pair(UserProperty, text, 'x'));
    const expected = properties([ContentType, ...sized(text)], [UserProperty, ...sized(text), ...sized('x')]);
    expect(bytes.equals(Buffer.from(expected))).toBe(true);
  }
});

test.each([
  [4, [4]],
  [127, [0x7f]],
  [128, [0x80, 1]],
  [16_383, [0xff, 0x7f]],
  [16_384, [0x80, 0x80, 1]],
])('The length of %i bytes of properties is written in its shortest form', (length, expected) => {
  const bytes = bytesOf(new PropertyWriter().binary(CorrelationData, Buffer.alloc(length - 3)));
  expect([...bytes.subarray(0, expected.length)]).toEqual(expected);
  expect(bytes).toHaveLength(expected.length + length);
});

test('The properties of a packet are not overwritten by those of the next', () => {
  const [first, second] = ['first', 'second'].map((text) => bytesOf(new PropertyWriter().text(ContentType, text)));
  expect(first).toEqual(Buffer.from(properties([ContentType, ...sized('first')])));
  expect(second).toEqual(Buffer.from(properties([ContentType, ...sized('second')])));
});

test('Properties after some that could not be written are whole', () => {
  expect(() => new PropertyWriter().text(ContentType, 'lost').uint32(PropertyId.MessageExpiryInterval, -1)).toThrow(
    'out of range',
  );
  expect(bytesOf(new PropertyWriter().byte(PayloadFormatIndicator, 1))).toEqual(
    Buffer.from(properties([PayloadFormatIndicator, 1])),
  );
});

/** What a writer has written, at an offset of a larger buffer whose other bytes stay as they are. */
function bytesOf(writer: PropertyWriter): Buffer {
  const target = Buffer.alloc(writer.size + 5, 0xee);
  const { size } = writer;
  writer.end(target, 3);
  expect([...target.subarray(0, 3), ...target.subarray(3 + size)]).toEqual([0xee, 0xee, 0xee, 0xee, 0xee]);
  return target.subarray(3, 3 + size);
}
