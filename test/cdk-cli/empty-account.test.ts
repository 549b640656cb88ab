import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { npmScript } from '../support/npm-script';
import { temporaryFolder } from '../support/temporary-folder';
import { ProjectCopy } from './project-copy';

const project = new ProjectCopy(temporaryFolder());

test('npm run local -- --empty prints the lines that lead to an empty account, and serves it until it is interrupted', async () => {
  const args = npmScript('local', '--empty', '--port', '0', '--api-port', '0');
  const child = spawn(process.execPath, args, { cwd: project.path, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = text(child.stdout);
  const closed = once(child, 'close');
  for await (const line of createInterface({ input: child.stderr })) {
    const [, url] = /AWS IoT API on (\S+)\. /.exec(line) ?? [];
    if (url === undefined) continue;
    const body = new URLSearchParams({ Action: 'DescribeStacks', Version: '2010-05-15' });
    const response = await fetch(url, { method: 'POST', headers: { authorization: 'AWS4-HMAC-SHA256' }, body });
    expect(await response.text()).toContain('<Stacks></Stacks>');
    child.kill('SIGTERM');
  }
  await closed;
  const lines = await printed;
  expect(lines).toMatch(/^export AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:\d+$/m);
  expect(lines).toMatch(/^export FLEET_TARGET=account$/m);
  expect(lines).toMatch(/^unset AWS_PROFILE$/m);
}, 30_000);

test.each(['--fleet', '--template'])('--empty and %s exclude each other', async (option) => {
  const { exitCode, output } = await project.script({}, 'local', '--empty', option, 'x');
  expect([exitCode, output]).toEqual([2, expect.stringContaining('--empty serves an account with nothing in it')]);
});
