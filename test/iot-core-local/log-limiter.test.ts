import type { LogEntry } from '../../lib/iot-core-local/log';
import { LogLimiter } from '../../lib/iot-core-local/log-limiter';

let now: number;
let written: LogEntry[];
let limiter: LogLimiter;

beforeEach(() => {
  jest.useFakeTimers();
  now = 0;
  written = [];
  limiter = new LogLimiter(
    (entry) => written.push(entry),
    () => now,
  );
});

afterEach(() => jest.useRealTimers());

const warn = (message: string) => limiter.log({ level: 'warn', message });
const summaries = () => written.map(({ message }) => message).filter((message) => message.includes(' left out: '));

/** How many entries the lines stand for: themselves, or the number in a summary. */
function total(): number {
  const numbers = written.map(
    ({ message }) => /^([\d,]+) further lines? w(?:as|ere) left out/.exec(message)?.[1] ?? '1',
  );
  return numbers.reduce((sum, number) => sum + Number(number.replaceAll(',', '')), 0);
}

test('A second of one client’s lines is limited, and the rest is counted', () => {
  for (let count = 0; count < 31_000; count += 1) warn(`"car1" was denied iot:Publish on "t${count}": no.`);
  expect(written).toHaveLength(100);
  now = 1000;
  warn('"car2" connected.');
  expect(summaries()).toEqual(['30,900 further lines were left out: 30,900 of "car1".']);
  expect(written.at(-1)?.message).toBe('"car2" connected.');
  expect(total()).toBe(31_001);
});

test('A quiet client’s lines are written beside those of a noisy one', () => {
  for (let count = 0; count < 1000; count += 1) warn('"noisy" was denied.');
  warn('"quiet" connected.');
  expect(written.at(-1)?.message).toBe('"quiet" connected.');
});

test('A second of many clients’ lines is limited, and the numbers of all lines add up', () => {
  for (let second = 0; second < 3; second += 1) {
    for (let count = 0; count < 3000; count += 1) warn(`"client ${count}" was denied.`);
    now += 1000;
  }
  limiter.flush();
  expect(written).toHaveLength(3 * 301);
  expect(total()).toBe(9000);
  expect(summaries()[0]).toBe(
    '2,700 further lines were left out: 2,000 of further subjects, 1 of "client 300", 1 of "client 301", 698 of others.',
  );
});

test('Lines without a client are counted by their beginning', () => {
  for (let count = 0; count < 200; count += 1) warn(`A TLS handshake failed: reason ${count}.`);
  for (let count = 0; count < 101; count += 1) warn(`The API published to "$aws/things/${count}".`);
  limiter.flush();
  expect(summaries()).toEqual([
    '101 further lines were left out: 100 of "A TLS handshake failed", 1 of "The API published to".',
  ]);
});

test('An error of IoT Core Local itself is written even if clients use up all lines', () => {
  for (let count = 0; count < 3000; count += 1) warn(`"client ${count}" was denied.`);
  limiter.log({ level: 'error', message: 'IoT Core Local failed.' });
  expect(written.at(-1)?.level).toBe('error');
  for (let count = 0; count < 3000; count += 1) limiter.log({ level: 'error', message: 'IoT Core Local failed.' });
  expect(written).toHaveLength(400);
});

test('The summary comes within a second even if nothing more is logged', () => {
  for (let count = 0; count < 101; count += 1) warn('"car1" was denied.');
  jest.advanceTimersByTime(1000);
  expect(summaries()).toEqual(['1 further line was left out: 1 of "car1".']);
  jest.advanceTimersByTime(10_000);
  limiter.flush();
  expect(written).toHaveLength(101);
  for (let count = 0; count < 7; count += 1) warn('"car1" was denied.');
  limiter.flush();
  expect(summaries().at(-1)).toBe('7 further lines were left out: 7 of "car1".');
});

test('A client id with quotes and backslashes is one subject', () => {
  for (let count = 0; count < 150; count += 1) warn(`${JSON.stringify('a"b\\')} was denied ${count}.`);
  limiter.flush();
  expect(summaries()).toEqual(['50 further lines were left out: 50 of "a\\"b\\\\".']);
});
