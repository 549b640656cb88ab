import { ClientLog } from '../../../lib/iot-core-local/gateway/client-log';
import type { LogEntry } from '../../../lib/iot-core-local/log';

function clientLog() {
  const entries: LogEntry[] = [];
  return { entries, log: new ClientLog((entry) => entries.push(entry)) };
}

test('Each entry about a client begins with its client id, as soon as that is known', () => {
  const { entries, log } = clientLog();
  log.warn('was refused: it sent an HTTP request');
  log.identify('car1');
  log.info('disconnected');
  expect(entries).toEqual([
    { level: 'warn', message: 'A client without a CONNECT was refused: it sent an HTTP request.' },
    { level: 'info', message: '"car1" disconnected.' },
  ]);
});

test('A reserved topic is named once for each use of it', () => {
  const { entries, log } = clientLog();
  log.identify('car1');
  for (const use of ['published', 'subscribed', 'published'] as const) {
    log.warnOfReserved(use, '$aws/events/x', 'events');
  }
  expect(entries.map(({ message }) => message)).toEqual([
    '"car1" published to "$aws/events/x", which on AWS belongs to events; IoT Core Local has no such service.',
    '"car1" subscribed to "$aws/events/x", which on AWS belongs to events; IoT Core Local has no such service.',
  ]);
});

test('At most 20 reserved topics are named for one connection', () => {
  const { entries, log } = clientLog();
  for (let topic = 0; topic < 50; topic += 1) log.warnOfReserved('published', `$aws/rules/${topic}`, 'rules');
  expect(entries).toHaveLength(20);
});
