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
describe('the fill of a queue', () => {
  test.each([
    ['nothing when the queue is empty', [], 4, 8, 0],
    ['the share of their number', ['a', 'b'], 4, 8, 0.5],
    ['the share of their bytes, if that is more', ['four', 'ab'], 4, 10, 0.8],
    ['all of it when the queue is full', ['four', 'four'], 4, 10, 1],
  ])('messages take of a bound %s', (_, payloads, messages, bytes, expected) => {
    expect(queueOf(...payloads).fill({ messages, bytes })).toBe(expected);
  });

  test('a message that is taken out takes nothing of the bound any more', () => {
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
