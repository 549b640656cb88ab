import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { availableParallelism } from 'node:os';
import { type Check, runChecks, runOnTerminal } from '../../scripts/checks';

let shown: string;
let interruption: AbortController;
let server: Server;
let sockets: Socket[];

beforeEach(() => {
  shown = '';
  interruption = new AbortController();
  server = createServer();
  sockets = [];
});

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

/** A check that runs this JavaScript. */
function check(name: string, code: string): Check {
  return { name, command: ['--eval', code] };
}

function run(...checks: readonly Check[]): Promise<string[]> {
  const write = (text: string) => {
    shown += text;
  };
  return runChecks(checks, { signal: interruption.signal, write });
}

test('Checks that pass show a line each, and none of their output', async () => {
  const checks = ['types', 'lint', 'format'].map((name) => check(name, 'console.log("noise")'));
  expect(await run(...checks)).toEqual([]);
  expect(
    shown
      .replace(/\d+\.\d s/g, '… s')
      .split('\n')
      .sort(),
  ).toEqual(['', '✓ format  … s', '✓ lint  … s', '✓ types  … s']);
});

test('A check that fails shows all that it wrote, and keeps no other from its turn', async () => {
  const failing = check('types', 'console.log("found"); console.error("a fault"); process.exitCode = 2');
  expect(await run(failing, check('lint', ''), check('format', ''))).toEqual(['types']);
  expect(shown).toMatch(/✗ types .*\n\nfound\na fault\n\n/);
  expect(shown).toMatch(/✓ lint /);
  expect(shown).toMatch(/✓ format /);
});

test('A check that a signal ends has failed', async () => {
  expect(await run(check('types', 'process.kill(process.pid, "SIGKILL"); setInterval(() => {}, 1000)'))).toEqual([
    'types',
  ]);
});

test('An interruption ends the checks that run and what they have started, starts no other and shows nothing of them', async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  // A check is over when nobody can write its output any longer, which the grandchild can until its connection is closed.
  const grandchild = `require('node:net').connect(${port}, '127.0.0.1')`;
  const parent = `require('node:child_process').spawn(process.execPath, ['-e', "${grandchild}"], { stdio: 'inherit' })`;
  const running = run(...Array.from({ length: 100 }, (_, index) => check(String(index), parent)));
  while (sockets.length < availableParallelism()) sockets.push(...(await once(server, 'connection')));
  interruption.abort();
  expect(await running).toEqual([]);
  expect(shown).toBe('');
}, 5000);

test('A check on the terminal gives its exit code', async () => {
  expect(await runOnTerminal(check('tests', 'process.exitCode = 3'), interruption.signal)).toBe(3);
  expect(await runOnTerminal(check('tests', ''), interruption.signal)).toBe(0);
});
