import { Message } from '../../../lib/iot-core-local/broker/message';
import { RetainedMessages } from '../../../lib/iot-core-local/broker/retained-messages';

let now: number;
let retained: RetainedMessages;

beforeEach(() => {
  now = 0;
  retained = new RetainedMessages({ messages: 2, bytes: 30 }, () => now);
});

function retain(topic: string, payload: string, messageExpiryInterval?: number): void {
  retained.retain(new Message(topic, Buffer.from(payload), 1, true, 'car1', now, { messageExpiryInterval }));
}

const found = (topic: string) => retained.find(topic)?.payload.toString();

test('a topic keeps its last message until one without a payload comes', () => {
  retain('a', '1');
  retain('a', '2');
  expect(found('a')).toBe('2');
  retain('a', '');
  expect(found('a')).toBeUndefined();
});

test('a retained message that has expired is not found', () => {
  retain('a', '1', 10);
  now = 9999;
  expect(found('a')).toBe('1');
  now = 10_000;
  expect(found('a')).toBeUndefined();
});

test('the number of retained messages is bounded, and the refused ones are counted', () => {
  for (const topic of ['a', 'b', 'c', 'd']) retain(topic, '1');
  retain('a', '2');
  expect(['a', 'b', 'c', 'd'].map(found)).toEqual(['2', '1', undefined, undefined]);
  expect([retained.takeRefused(), retained.takeRefused()]).toEqual([2, 0]);
  retain('b', '');
  retain('c', '1');
  expect(found('c')).toBe('1');
});

test('the bytes of retained messages are bounded, and a replaced message is not counted', () => {
  retain('a', 'x'.repeat(20));
  retain('b', 'x'.repeat(20));
  expect([found('a')?.length, found('b'), retained.takeRefused()]).toEqual([20, undefined, 1]);
  retain('a', 'x'.repeat(29));
  expect(found('a')?.length).toBe(29);
  retain('a', '');
  retain('b', 'x'.repeat(29));
  expect(found('b')?.length).toBe(29);
});
