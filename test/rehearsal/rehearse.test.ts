import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { devicesRoot } from '../../lib/fleet/project';
import { steps } from '../../lib/rehearsal/steps/steps';
import { startScript } from '../support/script-process';
import { temporaryFolder } from '../support/temporary-folder';

const output = temporaryFolder();

test('npm run rehearse passes each step on an empty account of IoT Core Local, stops before the destruction with --keep, and leaves the devices of the user alone', async () => {
  const before = existsSync(join(devicesRoot, 'account'));
  let kept = '';
  const script = startScript('rehearse', ['--json', '--keep', '--output', output], {}, (text) => {
    if (kept !== '' || !text.includes('Ctrl-C goes on.')) return;
    kept = text;
    script.interrupt();
  });
  const { exitCode, text } = await script.ended;
  expect(kept).toMatch(/✓ drift of every kind .*\n[\s\S]*export AWS_ENDPOINT_URL='?http:/);
  expect(kept).not.toContain('cdk destroy');

  const line = text.split('\n').find((each) => each.startsWith('{'));
  const result = JSON.parse(line ?? '{}');
  const names = steps.map(({ name }) => name);
  names.splice(names.indexOf('cdk destroy --all'), 0, 'a look around');
  expect(result).toMatchObject({
    verdict: 'pass',
    target: 'account',
    region: 'us-east-1',
    steps: names.map((name) => ({ name, seconds: expect.any(Number), problems: [] })),
  });
  expect(exitCode).toBe(0);
  for (const name of names) expect(text).toContain(`✓ ${name}`);
  expect(readFileSync(join(output, 'cdk.log'), 'utf8')).toContain('✅  SharedSubscriptionsTeardown: destroyed');
  expect(existsSync(join(output, 'transcript.txt'))).toBe(false);
  expect(existsSync(join(devicesRoot, 'account'))).toBe(before);
}, 120_000);
