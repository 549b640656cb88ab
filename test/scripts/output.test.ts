import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { projectRoot } from '../../lib/fleet/project';

/** Starts a command that prints its help. */
function start(stdout: 'pipe' | number) {
  return spawn(process.execPath, ['--require', 'tsx/cjs', 'scripts/start.ts', '--help'], {
    cwd: projectRoot,
    stdio: ['ignore', stdout, 'pipe'],
  });
}

test('A command whose output nobody reads to its end has the exit code of SIGPIPE', async () => {
  const child = start('pipe');
  child.stdout!.destroy();
  const [exitCode] = await once(child, 'close');
  expect(exitCode).toBe(141);
}, 20_000);

const full = '/dev/full';

(existsSync(full) ? test : test.skip)(
  'A command whose output cannot be written says so in one line, and has exit code 1',
  async () => {
    const descriptor = openSync(full, 'w');
    const child = start(descriptor);
    closeSync(descriptor);
    let stderr = '';
    child.stderr!.on('data', (chunk) => {
      stderr += chunk;
    });
    const [exitCode] = await once(child, 'close');
    expect([exitCode, stderr]).toEqual([1, 'start: The output cannot be written (ENOSPC: no space left on device).\n']);
  },
  20_000,
);
