import { request as send } from 'node:http';
import { Hub } from '../../../lib/page/server/hub';
import { PageServer } from '../../../lib/page/server/page-server';
import { ActionError, type Program } from '../../../lib/page/shows/show';
import { demoShow, messageEvents } from '../../support/page-show';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const hub = new Hub();
const acted: unknown[] = [];
const complaints: string[] = [];
let fails: Error | undefined;
let server: PageServer;
let token: string;

const program: Program = {
  scenarios: [{ name: 'shared', shows: 'something' }],
  act: async (action) => {
    if (fails) throw fails;
    acted.push(action);
  },
  stop: async () => {},
};

beforeAll(async () => {
  const complain = (sentence: string) => complaints.push(sentence);
  server = await PageServer.start({ port: 0, hub, program, isRecording: false, complain });
  [, token] = /name="page-token" content="([\w-]+)"/.exec((await ask('/')).body) ?? [];
});

beforeEach(() => {
  fails = undefined;
  acted.length = 0;
  complaints.length = 0;
});

afterAll(() => server.stop());

/** A request that can have any Host, which fetch does not allow. */
function ask(path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Answer> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const request = send({ hostname, port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        // The stream of events has no end.
        if (path === '/events' && text.includes('event: state') && text.endsWith('\n\n')) finish();
      });
      const finish = () => {
        resolve({ status: response.statusCode!, headers: response.headers, body: text });
        request.destroy();
      };
      response.on('end', finish);
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Headers of a request that changes something. @param changes - what is different; undefined leaves one out */
function changing(changes: Readonly<Record<string, string | undefined>> = {}): Record<string, string> {
  const origin = server.url.slice(0, -1);
  const all = { Origin: origin, 'X-Page-Token': token, 'Content-Type': 'application/json', ...changes };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function act(headers = changing(), body = '{"do":"pause"}'): Promise<Answer> {
  return ask('/actions', { method: 'POST', headers, body });
}

test('The page is one file, and its policy lets a browser run its own script and style alone', async () => {
  const { status, headers, body } = await ask('/');
  expect(status).toBe(200);
  expect(body).not.toMatch(/<(script|link|img|iframe)[^>]* src=|<style>\/\*|<script>\/\*| style="| on\w+="/);
  const policy = String(headers['content-security-policy']);
  expect(policy).toMatch(
    /^default-src 'none'; script-src 'sha256-[\w+/]{43}='; style-src 'sha256-[\w+/]{43}='; connect-src 'self';/,
  );
  for (const rule of ["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"]) {
    expect(policy).toContain(rule);
  }
  expect(policy).not.toMatch(/unsafe|\*|http/);
});

test('An action with token, origin and host is done', async () => {
  expect((await act()).status).toBe(204);
  expect(acted).toEqual([{ do: 'pause' }]);
});

test.each([
  ['without a token', { 'X-Page-Token': undefined }],
  ['with another token', { 'X-Page-Token': 'x'.repeat(32) }],
  ['with an empty token', { 'X-Page-Token': '' }],
  ['without an origin', { Origin: undefined }],
  ['from another origin', { Origin: 'http://evil.example' }],
  ['from an origin without a name', { Origin: 'null' }],
  ['from another port of this machine', { Origin: 'http://127.0.0.1:1' }],
  ['for another host', { Host: 'evil.example' }],
  ['for a host that begins with this machine', { Host: '127.0.0.1.evil.example' }],
  ['for another port', { Host: '127.0.0.1:1' }],
  ['from another site', { 'Sec-Fetch-Site': 'cross-site' }],
])('An action %s is 403, and nothing is done', async (_, changes) => {
  expect((await act(changing(changes))).status).toBe(403);
  expect(acted).toEqual([]);
});

test.each(['/', '/events', '/recording.json', '/nothing'])(
  'GET %s for another host, or from another page, is 403',
  async (path) => {
    expect((await ask(path, { headers: { Host: 'evil.example' } })).status).toBe(403);
    expect((await ask(path, { headers: { Origin: 'http://evil.example' } })).status).toBe(403);
  },
);

test.each([
  ['/nothing', 'GET', 404],
  ['/actions', 'GET', 405],
  ['/', 'POST', 405],
  ['/../package.json', 'GET', 404],
  ['/constructor', 'GET', 404],
])('%s by %s is %i', async (path, method, status) => {
  expect((await ask(path, { method })).status).toBe(status);
});

test('An action that is not JSON, or too large, or no action, is refused with a sentence', async () => {
  expect((await act(changing({ 'Content-Type': 'text/plain' }))).status).toBe(415);
  expect((await act(changing(), `{"do":"send","device":"${'x'.repeat(5_000)}"}`)).status).toBe(413);
  expect(await act(changing(), '{"do":"format"}')).toMatchObject({
    status: 409,
    body: expect.stringContaining('"do" that is one of'),
  });
  expect(acted).toEqual([]);
});

test('What the program refuses is told to the page', async () => {
  fails = new ActionError('car1 is busy.');
  expect(await act()).toMatchObject({ status: 409, body: 'car1 is busy.' });
});

test('An error that is not for the page goes to the terminal alone', async () => {
  fails = new Error('ENOENT: /home/someone/devices/car1.private.key');
  expect(await act()).toMatchObject({ status: 500, body: 'Something failed here.' });
  expect(complaints).toEqual(['ENOENT: /home/someone/devices/car1.private.key']);
});

test('A page that connects gets the scenarios and the state until now, and each page the same', async () => {
  hub.tell(demoShow());
  for (const event of messageEvents(3)) hub.tell(event);
  const pages = await Promise.all([ask('/events'), ask('/events')]);
  for (const { body, headers } of pages) {
    expect(headers['content-type']).toBe('text/event-stream');
    const [hello, state] = body.split('\n\n').map((event) => JSON.parse(event.split('\ndata: ')[1] ?? 'null'));
    expect(hello).toMatchObject({ scenarios: [{ name: 'shared' }], isRecording: false });
    expect(state).toEqual(JSON.parse(JSON.stringify(hub.state)));
    expect(state.published).toBe(3);
  }
});

test('The recording of a show begins with it, and has its events in their order', async () => {
  hub.tell(demoShow());
  const events = messageEvents(2);
  for (const event of events) hub.tell(event);
  const { body, headers } = await ask('/recording.json');
  expect(headers['content-disposition']).toBe('attachment; filename="recording.json"');
  const { format, isCut, events: recorded } = JSON.parse(body);
  expect([format, isCut]).toEqual(['shared-subscriptions-page-1', false]);
  expect(recorded.map(([, event]: [number, unknown]) => event)).toEqual([demoShow(), ...events]);
});

test('A port that is in use is named, with what to do', async () => {
  const port = Number(new URL(server.url).port);
  const second = PageServer.start({ port, hub, program, isRecording: false, complain: () => {} });
  await expect(second).rejects.toThrow(
    `Port ${port} of 127.0.0.1 cannot be opened: something listens on it already. Choose another with --port, or 0 for a free one.`,
  );
});
