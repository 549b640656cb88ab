import { dataViewOf } from '../../../lib/iot-core-local/mqtt/copy-bytes';
import { Payload } from '../../../lib/iot-core-local/mqtt/payload';

/** A chunk whose bytes all differ from their neighbors, and the payload at an offset of it. */
function payloadIn(size: number, start: number, length: number) {
  const chunk = Buffer.from(Array.from({ length: size }, (_, index) => (index * 7) % 251));
  const expected = Buffer.from(chunk.subarray(start, start + length));
  return { chunk, expected, payload: new Payload(dataViewOf(chunk), start, length) };
}

/** The payload as it is copied to an offset, between bytes that stay 0. */
function copied(payload: Payload, to: number): Buffer {
  const target = Buffer.alloc(to + payload.length + 5);
  payload.copyTo(target, dataViewOf(target), to);
  expect([...target.subarray(0, to), ...target.subarray(to + payload.length)].some((byte) => byte !== 0)).toBe(false);
  return target.subarray(to, to + payload.length);
}

test('A payload of any length is copied to where it is wanted, and nothing beside it', () => {
  for (let length = 0; length < 200; length += 1) {
    const { payload, expected } = payloadIn(400, 13 + (length % 4), length);
    expect(copied(payload, 3).equals(expected)).toBe(true);
    expect(payload.bytes.equals(expected)).toBe(true);
  }
});

test('A payload that is kept does not change with its chunk, and does not hold it in memory', () => {
  for (const length of [0, 1, 39, 150]) {
    const { chunk, payload, expected } = payloadIn(65_536, 100, length);
    payload.keep();
    payload.keep();
    chunk.fill(0);
    expect(copied(payload, 1).equals(expected)).toBe(true);
    expect(payload.bytes.equals(expected)).toBe(true);
    expect(payload.bytes.buffer).not.toBe(chunk.buffer);
  }
});

test('A payload that is most of its chunk is not copied to be kept', () => {
  const { chunk, payload } = payloadIn(1000, 20, 980);
  payload.keep();
  expect(payload.bytes.buffer).toBe(chunk.buffer);
});
