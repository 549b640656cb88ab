import { LossLog } from '../../../lib/iot-core-local/broker/loss-log';
import { Message } from '../../../lib/iot-core-local/broker/message';
import { RetainedMessages } from '../../../lib/iot-core-local/broker/retained-messages';
import { bodyWith } from '../../support/message-properties';

let now: number;
let retained: RetainedMessages;
let losses: LossLog;
let log: string[];

beforeEach(() => {
  now = 0;
  log = [];
  losses = new LossLog(({ message }) => log.push(message), { messages: 2, bytes: 30 });
  const bound = { messages: 2, bytes: 30 };
  retained = new RetainedMessages({ bound, now: () => now, wall: () => 1_000_000 - now, losses });
});

/** Retains a message with an expiry interval if there is one, and otherwise without properties. */
function retain(topic: string, payload: string, messageExpiryInterval?: number): void {
  retained.retain(new Message(topic, bodyWith({ messageExpiryInterval }, payload), 1, true, 'car1', now));
}

const found = (topic: string) => retained.find(topic)?.message.body.payload.toString();

test('A topic keeps its last message until one without a payload comes', () => {
  retain('a', '1');
  retain('a', '2');
  expect(found('a')).toBe('2');
  retain('a', '');
  expect(found('a')).toBeUndefined();
});

test('A message that has properties and no payload removes what its topic keeps', () => {
  retain('a', '1', 10);
  retain('a', '', 10);
  expect(found('a')).toBeUndefined();
});

test('A retained message that has expired is not found', () => {
  retain('a', '1', 10);
  now = 9999;
  expect(found('a')).toBe('1');
  now = 10_000;
  expect(found('a')).toBeUndefined();
});

test('The number of retained messages is bounded, and the refused ones are counted', () => {
  for (const topic of ['a', 'b', 'c', 'd']) retain(topic, '1');
  retain('a', '2');
  expect(['a', 'b', 'c', 'd'].map(found)).toEqual(['2', '1', undefined, undefined]);
  losses.flush();
  losses.flush();
  expect(log).toEqual(['The limit of retained messages is reached: 2 messages not retained.']);
  retain('b', '');
  retain('c', '1');
  expect(found('c')).toBe('1');
});

test('The bytes of retained messages are bounded, and a replaced message is not counted', () => {
  retain('a', 'x'.repeat(20));
  retain('b', 'x'.repeat(20));
  losses.flush();
  expect([found('a')?.length, found('b'), log.length]).toEqual([20, undefined, 1]);
  retain('a', 'x'.repeat(29));
  expect(found('a')?.length).toBe(29);
  retain('a', '');
  retain('b', 'x'.repeat(29));
  expect(found('b')?.length).toBe(29);
});

test('Expired retained messages give up their place to a new one', () => {
  retain('a', '1', 10);
  retain('b', '1', 20);
  now = 9999;
  retain('c', '1');
  expect(found('c')).toBeUndefined();
  now = 10_000;
  retain('c', '1');
  retain('d', '1');
  expect(['a', 'b', 'c', 'd'].map(found)).toEqual([undefined, '1', '1', undefined]);
  now = 20_000;
  retain('d', '1');
  expect(['b', 'c', 'd'].map(found)).toEqual([undefined, '1', '1']);
});

test('A retained message has the wall clock’s time at which it was retained', () => {
  now = 5000;
  retain('a', '1');
  now = 6000;
  expect(retained.find('a')?.retainedAt).toBe(995_000);
});
