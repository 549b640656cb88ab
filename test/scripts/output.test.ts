import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { projectRoot } from '../../lib/fleet/project';
import { npmScript } from '../support/npm-script';

/** Starts a command that prints its help. */
function start(stdout: 'pipe' | number) {
  return spawn(process.execPath, npmScript('start', '--help'), {
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

test('A command that has to clean up first is told that nobody reads its output, and goes on', async () => {
  const script = `
    const { endIfOutputFails, onOutputFailure } = require('./scripts/output.ts');
    endIfOutputFails('x');
    onOutputFailure((exitCode) => { process.exitCode = exitCode; console.error('cleaned up'); });
    process.stdin.once('end', () => console.log('text')).resume();`;
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', '--eval', script], { cwd: projectRoot });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdout.destroy();
  child.stdin.end();
  const [exitCode] = await once(child, 'close');
  expect([exitCode, stderr]).toEqual([141, 'cleaned up\n']);
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
