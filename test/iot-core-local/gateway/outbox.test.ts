import type { Socket } from 'node:net';
import { PassThrough, Writable } from 'node:stream';
import { Outbox } from '../../../lib/iot-core-local/gateway/outbox';
import { PublishBody } from '../../../lib/iot-core-local/mqtt/publish-body';
import { publishHead } from '../../../lib/iot-core-local/mqtt/publish-head';

/** An outbox over a stream that passes on each write at once, which are kept, and the flushes that it asked for. */
function outboxOver(stream = new PassThrough()) {
  const writes: Buffer[] = [];
  jest.spyOn(stream, 'write').mockImplementation((chunk: unknown) => writes.push(Buffer.from(chunk as Buffer)) > 0);
  const scheduled: Outbox[] = [];
  const flushed = jest.fn();
  const outbox = new Outbox(stream as unknown as Socket, (asking) => scheduled.push(asking), flushed);
  return { outbox, writes, scheduled, flushed, stream };
}

test('Packets that are appended in one turn are one write, scheduled once', () => {
  const { outbox, writes, scheduled, flushed } = outboxOver();
  for (const text of ['a', 'bc', 'd']) outbox.append(Buffer.from(text));
  expect([writes.length, scheduled]).toEqual([0, [outbox]]);
  expect(outbox.waiting).toBe(4);
  outbox.flush();
  expect(writes.map(String)).toEqual(['abcd']);
  expect(outbox.waiting).toBe(0);
  expect(flushed).toHaveBeenCalledTimes(1);
});

test('Each turn schedules its own write, and an empty turn writes nothing', () => {
  const { outbox, writes, scheduled } = outboxOver();
  for (const text of ['a', 'b']) {
    outbox.append(Buffer.from(text));
    outbox.flush();
  }
  outbox.flush();
  expect([writes.map(String), scheduled.length]).toEqual([['a', 'b'], 2]);
});

test('An outbox that gives up its buffer loses no bytes, and begins anew with a small one', () => {
  const allocated = jest.spyOn(Buffer, 'allocUnsafeSlow');
  const { outbox, writes } = outboxOver();
  outbox.append(Buffer.alloc(2000, 'a'));
  outbox.release();
  outbox.append(Buffer.from('b'));
  outbox.flush();
  outbox.release();
  outbox.append(Buffer.from('c'));
  outbox.flush();
  expect(Buffer.concat(writes).toString()).toBe(`${'a'.repeat(2000)}bc`);
  expect(allocated.mock.calls.at(-1)).toEqual([512]);
  allocated.mockRestore();
});

test('Each receiver’s PUBLISH has its own packet id, and the shared packet is unchanged', () => {
  const { outbox, writes } = outboxOver();
  const body = PublishBody.of(Buffer.from('x'));
  const head = publishHead('t', body, 4, 1, false);
  const before = head.bytes.toString('hex');
  outbox.appendPublish(head, body, 0x0102);
  outbox.appendPublish(head, body, 0x0304);
  outbox.flush();
  expect(writes[0].toString('hex')).toBe('32060001740102783206000174030478');
  expect(head.bytes.toString('hex')).toBe(before);
});

test('A QoS 0 PUBLISH, which has no packet id, is written unchanged', () => {
  const { outbox, writes } = outboxOver();
  const body = PublishBody.of(Buffer.from('x'));
  outbox.appendPublish(publishHead('t', body, 4, 0, false), body, 0);
  outbox.flush();
  expect(writes[0].toString('hex')).toBe('300400017478');
});

test('Every byte is written in order, unchanged by what is appended later, at any size', () => {
  const { outbox, writes } = outboxOver();
  const packets = [1, 60_000, 5535, 1, 65_536, 200_000, 3, 30_000, 40_000].map((size, index) =>
    Buffer.alloc(size, index),
  );
  for (const [index, packet] of packets.entries()) {
    outbox.append(packet);
    if (index % 3 === 2) outbox.flush();
  }
  outbox.flush();
  expect(Buffer.concat(writes).equals(Buffer.concat(packets))).toBe(true);
});

test('One buffer serves all writes of a socket that passes them on', () => {
  const allocated = jest.spyOn(Buffer, 'allocUnsafeSlow');
  const { outbox, writes } = outboxOver();
  for (let turn = 0; turn < 100; turn += 1) {
    outbox.append(Buffer.alloc(400, turn));
    outbox.flush();
  }
  expect(allocated).toHaveBeenCalledTimes(1);
  expect(writes.map((write) => [write.length, write[0], write[399]])).toEqual(
    writes.map((_, turn) => [400, turn, turn]),
  );
  expect(writes).toHaveLength(100);
  allocated.mockRestore();
});

test('Bytes that the socket has not passed on stay as they were written', () => {
  const kept: Buffer[] = [];
  const passOn: (() => void)[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      kept.push(chunk);
      passOn.push(done);
    },
  });
  const outbox = new Outbox(
    stream as Socket,
    () => {},
    () => {},
  );
  for (const text of ['a', 'b', 'c', 'd']) {
    outbox.append(Buffer.from(text.repeat(100)));
    outbox.flush();
  }
  for (let index = 0; index < 3; index += 1) passOn[index]();
  outbox.append(Buffer.from('e'.repeat(100)));
  outbox.flush();
  expect(kept.map(String)).toEqual(['a', 'b', 'c', 'd'].map((text) => text.repeat(100)));
});

test('Bytes that a socket keeps when it ends stay as they were written, and no more are written to it', () => {
  const kept: Buffer[] = [];
  const stream = new Writable({ write: (chunk) => kept.push(chunk) });
  const outbox = new Outbox(
    stream as Socket,
    () => {},
    () => {},
  );
  outbox.append(Buffer.from('last'));
  outbox.flush();
  stream.end();
  outbox.append(Buffer.from('late'));
  outbox.flush();
  expect([kept.map(String), stream.writableLength]).toEqual([['last'], 4]);
});

test('A flush before the end of the turn writes what was appended, and the scheduled one writes what follows', () => {
  const { outbox, writes, scheduled } = outboxOver();
  outbox.append(Buffer.from('a'));
  outbox.flush();
  outbox.append(Buffer.from('b'));
  outbox.append(Buffer.from('c'));
  for (const each of scheduled) each.flush();
  expect(writes.map(String)).toEqual(['a', 'bc']);
});

test('A PUBLISH that does not fit into the buffer gets its packet id in the right place', () => {
  const { outbox, writes } = outboxOver();
  const payload = Buffer.alloc(50_000, 'x');
  const body = PublishBody.of(payload);
  const head = publishHead('t', body, 4, 1, false);
  outbox.appendPublish(head, body, 1);
  outbox.appendPublish(head, body, 2);
  outbox.flush();
  const bytes = Buffer.concat(writes);
  const size = head.bytes.length + payload.length;
  const ids = [0, size].map((start) => bytes.readUInt16BE(start + head.packetIdOffset));
  expect(ids).toEqual([1, 2]);
  expect(bytes).toHaveLength(2 * size);
  expect([1, 2].every((end) => bytes.subarray(end * size - payload.length, end * size).equals(payload))).toBe(true);
});

test('Nothing is written to a socket that has been closed', () => {
  const { outbox, writes, stream } = outboxOver();
  outbox.append(Buffer.from('a'));
  stream.destroy();
  outbox.flush();
  expect(writes).toEqual([]);
});
