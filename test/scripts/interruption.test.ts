import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '../../lib/fleet/project';
import { npmScript } from '../support/npm-script';
import { temporaryFolder } from '../support/temporary-folder';

const root = temporaryFolder();
const running = new Set<ChildProcess>();

afterEach(() => {
  for (const { pid } of running) {
    try {
      process.kill(-pid!, 'SIGKILL');
    } catch {
      // Its whole group has ended.
    }
  }
  running.clear();
});

/** A script in a group of processes of its own, as a terminal has it, and with a folder of its own for what is temporary. */
function start(name: string, ...[script, ...args]: string[]) {
  const folder = join(root, name);
  mkdirSync(folder);
  const child = spawn(process.execPath, npmScript(script, ...args), {
    cwd: projectRoot,
    env: { ...process.env, TMPDIR: folder },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let stdout = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  return {
    child,
    /** Waits for a line on stderr. */
    async says(line: RegExp): Promise<void> {
      for await (const said of createInterface({ input: child.stderr })) {
        if (line.test(said)) return;
      }
      throw new Error(`${script} ended without saying ${line}.`);
    },
    async ended() {
      child.stderr.resume();
      const [exitCode] = await once(child, 'close');
      return { exitCode, stdout };
    },
    /** What it has in its folder. */
    left: () => readdirSync(folder),
  };
}

test.each([
  // As Ctrl-C does: all processes of the terminal.
  ['SIGINT', 130, -1],
  ['SIGTERM', 143, 1],
] as const)(
  '%s ends a soak with its result so far, exit code %i, and no private key left',
  async (signal, exitCode, group) => {
    const soak = start(signal, 'soak', '--devices', '10', '--rate', '50', '--json');
    await soak.says(/^0 s: /);
    expect(soak.left()).toHaveLength(1);
    const ended = soak.ended();
    process.kill(group * soak.child.pid!, signal);
    expect(await ended).toEqual({ exitCode, stdout: expect.any(String) });
    expect(JSON.parse((await ended).stdout)).toMatchObject({
      isInterrupted: true,
      destinations: ['blue', 'green', 'consumer1', 'consumer2'].map((name) => ({ name })),
      problems: [expect.stringMatching(/^The soak was too short to judge memory/)],
    });
    expect(soak.left()).toEqual([]);
  },
  30_000,
);

const onPosix = process.platform === 'win32' ? test.skip : test;

onPosix(
  'A script is interrupted, with exit code 129, when the process that started it is killed',
  async () => {
    const script = `
    require('./scripts/interruption').onInterruption((exitCode) => {
      console.log(exitCode);
      process.exit();
    });
    setInterval(() => {}, 1000);
    console.log('started');`;
    const shell = spawn('sh', ['-c', '"$0" --require tsx/cjs -e "$1"; true', process.execPath, script], {
      cwd: projectRoot,
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.add(shell);
    const lines = createInterface({ input: shell.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('started');
    shell.kill('SIGKILL');
    expect((await lines.next()).value).toBe('129');
  },
  20_000,
);

test('SIGTERM ends a benchmark, and leaves no private key', async () => {
  const bench = start('bench', 'bench', 'certs');
  await bench.says(/^certs …$/);
  const ended = bench.ended();
  bench.child.kill('SIGTERM');
  expect(await ended).toEqual({ exitCode: 143, stdout: '' });
  expect(bench.left()).toEqual([]);
}, 30_000);
