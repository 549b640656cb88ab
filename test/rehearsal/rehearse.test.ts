import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { devicesRoot, projectRoot } from '../../lib/fleet/project';
import { steps } from '../../lib/rehearsal/steps/steps';
import { runNode } from '../../lib/targets/cdk-cli';
import { temporaryFolder } from '../support/temporary-folder';

const output = temporaryFolder();

test('npm run rehearse passes each step on an empty account of IoT Core Local, and leaves the devices of the user alone', async () => {
  const args = ['--require', 'tsx/cjs', 'scripts/rehearse.ts', '--json', '--output', output];
  const before = existsSync(join(devicesRoot, 'account'));
  let table = '';
  const { exitCode, output: text } = await runNode(args, {
    folder: projectRoot,
    environment: {},
    onOutput: (part) => {
      table += part;
    },
  });
  const line = text.split('\n').find((each) => each.startsWith('{'));
  const result = JSON.parse(line ?? '{}');
  expect(result).toMatchObject({
    verdict: 'pass',
    target: 'account',
    region: 'us-east-1',
    steps: steps.map(({ name }) => ({ name, seconds: expect.any(Number), problems: [] })),
  });
  expect(exitCode).toBe(0);
  for (const { name } of steps) expect(table).toContain(`✓ ${name}`);
  const log = readFileSync(result.cdkLog, 'utf8');
  expect(log).toContain('✅  SharedSubscriptionsTeardown: destroyed');
  expect(existsSync(join(devicesRoot, 'account'))).toBe(before);
}, 120_000);
