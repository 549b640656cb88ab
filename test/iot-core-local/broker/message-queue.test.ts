import { Message } from '../../../lib/iot-core-local/broker/message';
import { MessageQueue } from '../../../lib/iot-core-local/broker/message-queue';

function queueOf(...payloads: readonly string[]): MessageQueue<{ message: Message }> {
  const queue = new MessageQueue<{ message: Message }>();
  for (const payload of payloads) {
    queue.push({ message: new Message('t', Buffer.from(payload), 1, false, 'car1', 0) });
  }
  return queue;
}

/** Their topic, "t", takes a byte each. */
describe('how much of a bound is taken', () => {
  test.each([
    ['nothing by none', [], 4, 8, 0],
    ['what their number takes', ['a', 'b'], 4, 8, 0.5],
    ['what their bytes take, where that is more', ['four', 'ab'], 4, 10, 0.8],
    ['all of it', ['four', 'four'], 4, 10, 1],
  ])('%s', (_, payloads, messages, bytes, expected) => {
    expect(queueOf(...payloads).fill({ messages, bytes })).toBe(expected);
  });

  test('is less when one is taken out, and nothing when all are', () => {
    const bound = { messages: 100, bytes: 10 };
    const queue = queueOf('first', 'two', 'l');
    expect(queue.shift()?.message.payload.toString()).toBe('first');
    expect(queue.peek()?.message.payload.toString()).toBe('two');
    expect(queue.fill(bound)).toBe(0.6);
    expect(queue.drain().map(({ message }) => message.payload.toString())).toEqual(['two', 'l']);
    expect(queue.shift()).toBeUndefined();
    expect(queue.fill(bound)).toBe(0);
  });
});
