import { type Loss, LossLog } from '../../../lib/iot-core-local/broker/loss-log';

test('The lines of a second are bounded, and their numbers add up to all lost messages', () => {
  const lines: string[] = [];
  const losses = new LossLog(({ message }) => lines.push(message), { messages: 7, bytes: 1_500_000 });
  const receivers = Array.from({ length: 700 }, (_, index) => ({ logName: `"client ${index}"` }));
  const reasons: Loss[] = ['queueFull', 'allQueuesFull', 'slow', 'tooLarge', 'denied'];
  for (const reason of reasons) {
    for (const receiver of receivers) for (let n = 0; n < 3; n += 1) losses.add(reason, receiver);
  }
  losses.flush();
  expect(lines).toHaveLength(21 * reasons.length);
  const counted = lines.map((line) =>
    Number(/([\d,]+)(?: QoS \d)? messages?(?: for .*)? dropped/.exec(line)![1].replace(',', '')),
  );
  expect(counted.reduce((sum, count) => sum + count, 0)).toBe(3 * 700 * reasons.length);
  expect(lines[20]).toBe('The queue for 680 other receivers is full: 2,040 QoS 1 messages dropped.');
  expect(lines[41]).toBe(
    'All queues together are full, at 7 messages or 1.5 MB: 2,040 QoS 1 messages for 680 other receivers dropped.',
  );
  losses.flush();
  expect(lines).toHaveLength(21 * reasons.length);
});
