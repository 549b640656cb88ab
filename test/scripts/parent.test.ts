import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { projectRoot } from '../../lib/fleet/project';

/** A process that says `watching`, and `alone` when its parent is gone. */
const script = `
  const { onParentGone } = require('./scripts/parent');
  onParentGone(() => { console.log('alone'); process.exit(); }, 20);
  setInterval(() => {}, 1000);
  console.log('watching');`;

/** Starts it through as many processes as npm has between: a shell, or a shell within a process. */
function start(depth: 1 | 2, env: Record<string, string>) {
  const inner = `${process.execPath} --require tsx/cjs -e "$SCRIPT"; true`;
  const command = depth === 1 ? inner : `sh -c '${inner}'; true`;
  const child = spawn('sh', ['-c', command], {
    cwd: projectRoot,
    env: { ...process.env, ...env, SCRIPT: script },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}

const onPosix = process.platform === 'win32' ? test.skip : test;

onPosix(
  'A process is told when its parent is killed',
  async () => {
    const { child, lines } = start(1, {});
    expect((await lines.next()).value).toBe('watching');
    child.kill('SIGKILL');
    expect((await lines.next()).value).toBe('alone');
    await once(child.stdout, 'close');
  },
  20_000,
);

onPosix(
  'A process that npm runs is told when npm is killed, though npm’s shell is not',
  async () => {
    const { child, lines } = start(2, { npm_lifecycle_event: 'local' });
    expect((await lines.next()).value).toBe('watching');
    child.kill('SIGKILL');
    expect((await lines.next()).value).toBe('alone');
  },
  20_000,
);
