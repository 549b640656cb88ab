import { execFileSync } from 'node:child_process';
import { accountEnvironment, printEnvironment } from '../../lib/targets/account-environment';
import { useAccount } from '../support/use-account';

const account = useAccount();

test('The environment points AWS’s tools at IoT Core Local, and away from everything of the user’s', () => {
  const environment = accountEnvironment(account.fixture.iotCore, '/devices');
  expect(environment).toMatchObject({
    AWS_ENDPOINT_URL: account.controlPlane.url,
    AWS_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    FLEET_TARGET: 'account',
    AWS_PROFILE: undefined,
  });
  expect('AWS_SESSION_TOKEN' in environment).toBe(true);
});

test('The lines for bash set each variable, whatever is in its value, and unset the others', () => {
  const lines = printEnvironment({ A: "it's $HOME", B: undefined, C: '/dev/null' }, 'bash');
  expect(lines).toBe("export A='it'\\''s $HOME'\nunset B\nexport C=/dev/null\n");
});

// Without a POSIX shell there is nothing to try.
(process.platform === 'win32' ? test.skip : test)('A POSIX shell takes the lines for bash', () => {
  const lines = printEnvironment({ A: "it's $HOME", B: undefined }, 'bash');
  const env = { PATH: process.env.PATH, B: 'set' };
  const output = execFileSync('sh', ['-c', `${lines}printf '%s|%s' "$A" "\${B-unset}"`], { env, encoding: 'utf8' });
  expect(output).toBe("it's $HOME|unset");
});

test('The lines for PowerShell set each variable in quotes, and remove the others', () => {
  const lines = printEnvironment({ A: "it's $HOME", B: undefined }, 'powershell');
  expect(lines).toBe("$env:A = 'it''s $HOME'\nRemove-Item Env:B -ErrorAction SilentlyContinue\n");
});
