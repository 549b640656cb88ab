import { Message } from '../../../lib/iot-core-local/broker/message';
import { MessageQueue } from '../../../lib/iot-core-local/broker/message-queue';
import { QueueTotal } from '../../../lib/iot-core-local/broker/queue-total';
import { PublishBody } from '../../../lib/iot-core-local/mqtt/publish-body';
import { atMost } from '../../support/fake-client';

function queueOf(total: QueueTotal, ...payloads: readonly string[]): MessageQueue<{ message: Message }> {
  const queue = new MessageQueue<{ message: Message }>(total);
  for (const payload of payloads) {
    queue.push({ message: new Message('t', PublishBody.of(Buffer.from(payload)), 1, false, 'car1', 0) });
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
  ])('Messages take of a bound %s', (_, payloads, messages, bytes, expected) => {
    expect(queueOf(new QueueTotal(atMost(100)), ...payloads).fill({ messages, bytes })).toBe(expected);
  });

  test('A message that is taken out takes nothing of the bound any more', () => {
    const bound = { messages: 100, bytes: 10 };
    const queue = queueOf(new QueueTotal(atMost(100)), 'first', 'two', 'l');
    expect(queue.shift()?.message.body.payload.toString()).toBe('first');
    expect(queue.fill(bound)).toBe(0.6);
    expect(queue.drain().map(({ message }) => message.body.payload.toString())).toEqual(['two', 'l']);
    expect(queue.shift()).toBeUndefined();
    expect(queue.fill(bound)).toBe(0);
  });
});

test('The total of two queues counts each message that they hold, and its bytes', () => {
  const total = new QueueTotal({ messages: 4, bytes: 20 });
  const [first, second] = [queueOf(total, 'a', 'b'), queueOf(total, 'c')];
  expect(total.hasRoom()).toBe(true);
  second.push({ message: new Message('t', PublishBody.of(Buffer.from('d')), 1, false, 'car1', 0) });
  expect(total.hasRoom()).toBe(false);
  first.shift();
  expect(total.hasRoom()).toBe(true);
  // With its topic it has 14 bytes, beside 6 bytes of the three others.
  first.push({ message: new Message('t', PublishBody.of(Buffer.alloc(13)), 1, false, 'car1', 0) });
  second.shift();
  expect(total.hasRoom()).toBe(true);
  first.push({ message: new Message('u', PublishBody.of(Buffer.alloc(1)), 1, false, 'car1', 0) });
  expect(total.hasRoom()).toBe(false);
  first.drain();
  second.drain();
  for (let count = 0; count < 4; count += 1) {
    expect(total.hasRoom()).toBe(true);
    second.push({ message: new Message('t', PublishBody.of(Buffer.from('x')), 1, false, 'car1', 0) });
  }
  expect(total.hasRoom()).toBe(false);
});
