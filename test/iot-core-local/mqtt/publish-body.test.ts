import { dataViewOf } from '../../../lib/iot-core-local/mqtt/copy-bytes';
import { PublishBody } from '../../../lib/iot-core-local/mqtt/publish-body';
import { bodyWith, propertiesOf } from '../../support/message-properties';

/** A chunk whose bytes all differ from their neighbors, and the body at an offset of it. A quarter of the body is properties. */
function bodyIn(size: number, start: number, length: number) {
  const chunk = Buffer.from(Array.from({ length: size }, (_, index) => (index * 7) % 251));
  const expected = Buffer.from(chunk.subarray(start, start + length));
  const body = new PublishBody(dataViewOf(chunk), start, length >> 2, length, 0);
  return { chunk, expected, body };
}

/** The last bytes of a body as they are copied to an offset, between bytes that stay 0. */
function copied(body: PublishBody, to: number, length = body.length): Buffer {
  const target = Buffer.alloc(to + length + 5);
  body.copyTo(target, dataViewOf(target), to, length);
  expect([...target.subarray(0, to), ...target.subarray(to + length)].some((byte) => byte !== 0)).toBe(false);
  return target.subarray(to, to + length);
}

test('A body of any length is copied to where it is wanted, with its properties or without, and nothing beside it', () => {
  for (let length = 0; length < 200; length += 1) {
    const { body, expected } = bodyIn(400, 13 + (length % 4), length);
    const payload = expected.subarray(length >> 2);
    expect(body.payloadLength).toBe(payload.length);
    expect(copied(body, 3).equals(expected)).toBe(true);
    expect(copied(body, 3, payload.length).equals(payload)).toBe(true);
    expect(body.bytes.equals(expected)).toBe(true);
    expect(body.payload.equals(payload)).toBe(true);
  }
});

test('A body that is kept does not change with its chunk, and does not hold it in memory', () => {
  for (const length of [0, 1, 39, 150]) {
    const { chunk, body, expected } = bodyIn(65_536, 100, length);
    body.keep();
    body.keep();
    chunk.fill(0);
    expect(copied(body, 1).equals(expected)).toBe(true);
    expect(body.payload.equals(expected.subarray(length >> 2))).toBe(true);
    expect(body.bytes.buffer).not.toBe(chunk.buffer);
  }
});

test('A body that is most of its chunk is not copied to be kept', () => {
  const { chunk, body } = bodyIn(1000, 20, 980);
  body.keep();
  expect(body.bytes.buffer).toBe(chunk.buffer);
});

test.each([0, 1, 604_800, 0xffffffff])(
  'A message expiry interval of %i s is read, and replaced in its place',
  (seconds) => {
    const others = { payloadFormatIndicator: 1, contentType: 'text/plain' };
    const body = bodyWith({ ...others, messageExpiryInterval: seconds }, '75');
    expect(body.messageExpiryInterval).toBe(seconds);
    for (const rest of [0xfffffffe, 7]) {
      body.replaceExpiryInterval(rest);
      expect(body.messageExpiryInterval).toBe(rest);
      expect(propertiesOf(body)).toEqual({ ...others, messageExpiryInterval: rest });
      expect(body.payload.toString()).toBe('75');
    }
  },
);

test('The message expiry interval of a body that is kept is replaced in the memory of its own', () => {
  const chunk = Buffer.alloc(1000);
  const body = new PublishBody(dataViewOf(chunk), 100, 5, 9, 1);
  body.keep();
  body.replaceExpiryInterval(7);
  expect(copied(body, 0)).toEqual(Buffer.of(0, 0, 0, 0, 7, 0, 0, 0, 0));
  expect(chunk.equals(Buffer.alloc(1000))).toBe(true);
});

test('A body without properties has no message expiry interval', () => {
  expect(PublishBody.of(Buffer.from('75')).messageExpiryInterval).toBeUndefined();
  expect(bodyWith({ contentType: 'text/plain' }, '75').messageExpiryInterval).toBeUndefined();
});
