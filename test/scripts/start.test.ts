import { spawnSync } from 'node:child_process';
import { projectRoot } from '../../lib/project';

function run(script: string, ...args: string[]) {
  const { NO_COLOR: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', `scripts/${script}.ts`, ...args], {
    cwd: projectRoot,
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('npm start -- --json prints one object and nothing else', () => {
  const { status, stdout, stderr } = run('start', '--json', '--mqtt', '3', '--qos', '1', '--messages', '4');
  expect(stderr).toBe('');
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  expect(JSON.parse(stdout)).toMatchObject({
    target: 'local',
    mqtt: 3,
    qos: 1,
    published: expect.any(Number),
    verdict: 'pass',
  });
  expect(status).toBe(0);
}, 30_000);

test('npm start off a terminal prints plain lines without colour', () => {
  const { status, stdout } = run('start');
  expect(stdout).toMatch(/^consumer3 got /m);
  expect(stdout).toMatch(/^Pass\. /m);
  expect(stdout).not.toContain(String.fromCharCode(27));
  expect(status).toBe(0);
}, 30_000);

test.each([
  ['start', ['--messages', '0'], '--messages is a number from 1 to 9999999, not "0".'],
  ['start', ['--messages', 'many'], '--messages is a number from 1 to 9999999, not "many".'],
  ['start', ['--qos', '2'], '--qos is 0 or 1, not "2".'],
  ['start', ['--mqtt', '4'], '--mqtt is 3 or 5, not "4".'],
  ['commands', ['--shell', 'fish'], '--shell is bash or powershell, not "fish".'],
  ['commands', ['--target', 'moon'], '--target is aws or local, not "moon".'],
])('npm run %s refuses %j with exit code 2', (script, args, sentence) => {
  const { status, stdout, stderr } = run(script, ...args);
  expect(stderr).toContain(sentence);
  expect(stdout).toBe('');
  expect(status).toBe(2);
});

test('npm run commands prints a command for each device', () => {
  const { status, stdout } = run('commands', '--target', 'local', '--port', '18883');
  expect(stdout.match(/^mosquitto_sub .*$/gm)).toHaveLength(3);
  expect(stdout.match(/ \| mosquitto_pub /g)).toHaveLength(2);
  expect(stdout.match(/ -p 18883 /g)).toHaveLength(5);
  expect(status).toBe(0);
});
