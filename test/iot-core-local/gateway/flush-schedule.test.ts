import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { FlushSchedule } from '../../../lib/iot-core-local/gateway/flush-schedule';
import { Outbox } from '../../../lib/iot-core-local/gateway/outbox';

/** A schedule whose turns end when the test says so, and the writes of its outboxes. */
function scheduleInHand() {
  const turnEnds: (() => void)[] = [];
  const writes: string[] = [];
  const schedule = new FlushSchedule((callback) => turnEnds.push(callback));
  /** An outbox that writes under its name. @param next - appended when it is flushed, as a session's waiting messages are */
  const outboxOf = (name: string, next: string[] = []) => {
    const socket = new PassThrough();
    jest.spyOn(socket, 'write').mockImplementation((chunk) => writes.push(`${name}: ${chunk}`) > 0);
    const outbox: Outbox = new Outbox(
      socket as unknown as Socket,
      (asking) => schedule.add(asking),
      () => append(outbox, next.shift() ?? ''),
    );
    return outbox;
  };
  const endTurn = () => {
    for (const callback of turnEnds.splice(0)) callback();
  };
  return { outboxOf, writes, turnEnds, endTurn };
}

function append(outbox: Outbox, text: string): void {
  if (text !== '') outbox.append(Buffer.from(text));
}

test('What a quiet turn has gathered is written at its end, from all outboxes in the order in which they got packets', () => {
  const { outboxOf, writes, turnEnds, endTurn } = scheduleInHand();
  const [one, two] = [outboxOf('one'), outboxOf('two')];
  append(two, 'b');
  append(one, 'x'.repeat(1021));
  append(two, 'c');
  expect([writes, turnEnds.length]).toEqual([[], 1]);
  endTurn();
  expect(writes).toEqual(['two: bc', `one: ${'x'.repeat(1021)}`]);
  expect(turnEnds).toEqual([]);
});

test('What a busy turn has gathered, 1,024 bytes in all outboxes together, is written with what the next turn adds', () => {
  const { outboxOf, writes, turnEnds, endTurn } = scheduleInHand();
  const [one, two, three] = [outboxOf('one'), outboxOf('two'), outboxOf('three')];
  append(one, 'x'.repeat(1000));
  append(two, 'y'.repeat(24));
  endTurn();
  expect([writes, turnEnds.length]).toEqual([[], 1]);
  append(two, '!');
  append(three, 'z');
  endTurn();
  expect(writes).toEqual([`one: ${'x'.repeat(1000)}`, `two: ${'y'.repeat(24)}!`, 'three: z']);
  expect(turnEnds).toEqual([]);
});

test('What a busy turn has gathered waits for one more turn alone, even if that is busy too', () => {
  const { outboxOf, writes, turnEnds, endTurn } = scheduleInHand();
  const [one, two] = [outboxOf('one'), outboxOf('two')];
  append(one, 'x'.repeat(2000));
  endTurn();
  append(two, 'y'.repeat(2000));
  endTurn();
  expect(writes).toEqual([`one: ${'x'.repeat(2000)}`, `two: ${'y'.repeat(2000)}`]);
  expect(turnEnds).toEqual([]);
});

test('An outbox that gets packets while it is flushed is flushed again at the end of the next turn', () => {
  const { outboxOf, writes, endTurn } = scheduleInHand();
  append(outboxOf('one', ['b', 'c']), 'a');
  endTurn();
  expect(writes).toEqual(['one: a']);
  endTurn();
  endTurn();
  expect(writes).toEqual(['one: a', 'one: b', 'one: c']);
});
