import { connect } from 'node:net';
import { AnswerUrl } from '../../../../lib/iot-core-local/cloudformation/lambda/answer-url';

let url: AnswerUrl;

beforeEach(async () => {
  url = await AnswerUrl.open();
});

afterEach(() => url.close());

async function put(body: string, init: RequestInit = {}): Promise<number> {
  // fetch gives a string a content type, and bytes none.
  return (await fetch(url.toString(), { method: 'PUT', body: Buffer.from(body), ...init })).status;
}

test('The first text that is put to an answer URL is its answer', async () => {
  expect(url.answer).toBeUndefined();
  expect(await put('first')).toBe(200);
  expect(await put('second')).toBe(200);
  expect(url.answer).toBe('first');
});

test.each([
  ['another method', { method: 'POST' }],
  ['a content type', { headers: { 'content-type': 'application/json' } }],
])('An answer URL refuses %s', async (_, init) => {
  expect(await put('refused', init)).toBe(403);
  expect(url.answer).toBeUndefined();
});

test('A client that hangs up in the middle of its answer has put nothing, and the next one is heard', async () => {
  const { hostname, port, pathname } = new URL(url.toString());
  const socket = connect(Number(port), hostname);
  const head = `PUT ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\nContent-Length: 100\r\n\r\n`;
  await new Promise((written) => socket.write(`${head}cut off`, written));
  socket.destroy();
  expect(await put('whole')).toBe(200);
  expect(url.answer).toBe('whole');
});
