import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { readFleet } from '../../lib/fleet/fleet-file';
import { devicesRoot, projectRoot } from '../../lib/fleet/project';
import { npmScript } from '../support/npm-script';

// Whichever fleet cdk.json holds: the scripts take no other.
const fleet = readFleet();

function run(script: string, ...args: string[]) {
  return runFrom(projectRoot, script, ...args);
}

/** As npm runs it for someone in a folder of the project: in the project's own. */
function runFrom(folder: string, script: string, ...args: string[]) {
  const { NO_COLOR: _, FORCE_COLOR: __, ...rest } = process.env;
  const env = { ...rest, INIT_CWD: folder };
  const { status, stdout, stderr } = spawnSync(process.execPath, npmScript(script, ...args), {
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

test('npm start -- --scenario list names each scenario and what it shows', () => {
  const { status, stdout } = run('start', '--scenario', 'list');
  expect(stdout).toMatch(/^shared +the blog post's fleet: /);
  expect(stdout.trimEnd().split('\n')).toHaveLength(8);
  expect(status).toBe(0);
});

test('npm start off a terminal prints plain lines without color', () => {
  const file = 'examples/figure.json';
  const { status, stdout } = run('start', '--fleet', file);
  for (const { thingName, clientId } of readFleet(join(projectRoot, file)).devices) {
    expect(stdout).toContain(`${thingName} connected as ${clientId}\n`);
  }
  expect(stdout).toMatch(/^Pass\. /m);
  expect(stdout).toContain(`\nnpm run local -- --fleet ${file}  for clients of your own\n`);
  expect(stdout).not.toContain(String.fromCharCode(27));
  expect(status).toBe(0);
}, 30_000);

test.each([
  ['start', ['--messages', '0'], '--messages is a whole number from 1 to 250000, not "0".'],
  [
    'start',
    ['--fleet', 'examples/figure.json', '--messages', '250000'],
    'a run keeps at most 250,000 in memory: --messages 125000 is the most.',
  ],
  ['start', ['--scenario', 'moon'], 'There is no scenario "moon". --scenario list lists all.'],
  ['start', ['--scenario', 'slow', '--mqtt', '3'], 'The scenario "slow" needs MQTT 5: leave out --mqtt 3.'],
  ['start', ['--mqtt-port', '443'], '--mqtt-port is for --aws: IoT Core Local picks a free port.'],
  ['start', ['--qos', '2'], '--qos is 0 or 1, not "2".'],
  ['start', ['--mqtt', '4'], '--mqtt is 3 or 5, not "4".'],
  [
    'start',
    ['--fleet', 'examples/buses.json', '--aws'],
    '--fleet is for this machine, and AWS has the fleet of cdk.json: leave out --aws.',
  ],
  [
    'commands',
    ['--fleet', 'examples/buses.json', '--target', 'aws'],
    'AWS has the fleet of cdk.json: use --target local.',
  ],
  ['keys', ['--fleet', 'examples/buses.json', '--target', 'aws'], 'AWS has the fleet of cdk.json: use --target local.'],
  ['status', ['--fleet', 'examples/buses.json'], 'AWS has the fleet of cdk.json: add --local.'],
  ['local', ['--fleet', 'examples/buses.json', '--template', 'x.json'], '--template and --fleet exclude each other'],
  ['page', ['--qos', '2'], '--qos is 0 or 1, not "2".'],
  ['page', ['--mqtt', '4'], '--mqtt is 3 or 5, not "4".'],
  ['page', ['--port', '65536'], '--port is a whole number from 0 to 65535, not "65536".'],
  ['page', ['--scenario', 'moon'], 'There is no scenario "moon". npm start -- --scenario list lists all.'],
  ['page', ['--fleet', 'examples/buses.json', '--aws'], 'AWS has the fleet of cdk.json: leave out --aws.'],
  ['page', ['--play', 'docs/page.json', '--aws'], '--play needs no fleet: leave out --aws, --fleet and --scenario.'],
  ['commands', ['--port', '0'], '--port is a whole number from 1 to 65535, not "0".'],
  ['fuzz', ['--packets', '0'], '--packets is a whole number from 1 to 999999999, not "0".'],
  ['soak', ['--minutes', '0'], '--minutes is a number from 0.1 to 1440, not "0".'],
  ['soak', ['--devices', '10.5'], '--devices is a whole number from 10 to 500, not "10.5".'],
  ['bench', ['--fast'], "bench: Unknown option '--fast'. See npm run bench -- --help.\n"],
  ['commands', ['--shell', 'fish'], '--shell is bash or powershell, not "fish".'],
  ['commands', ['--target', 'moon'], '--target is aws or account or local, not "moon".'],
])('npm run %s refuses %j with exit code 2', (script, args, sentence) => {
  const { status, stdout, stderr } = run(script, ...args);
  expect(stderr).toContain(sentence);
  expect(stdout).toBe('');
  expect(status).toBe(2);
});

test('npm start -- --fleet runs another fleet, and --verbose has a line for each refused attempt', () => {
  const { status, stdout, stderr } = run('start', '--fleet', 'examples/buses.json', '--verbose');
  expect(stderr).toBe('');
  expect(stdout).toContain('bus-12 subscribing to city/buses/position: refused (SUBACK 0x87)\n');
  expect(stdout).toMatch(/^archive got each message exactly once: /m);
  expect(status).toBe(0);
}, 30_000);

test('npm run commands -- --fleet prints the commands of another fleet', () => {
  const { status, stdout } = run('commands', '--fleet', 'examples/buses.json');
  expect(stdout.match(/^mosquitto_sub .*$/gm)).toHaveLength(6);
  expect(stdout).toContain('city/buses/position');
  expect(status).toBe(0);
});

test('npm run commands prints a command for each device', () => {
  const { status, stdout } = run('commands', '--target', 'local', '--port', '18883');
  expect(stdout.match(/^mosquitto_sub .*$/gm)).toHaveLength(fleet.subscribers.length);
  expect(stdout.match(/ \| mosquitto_pub /g)).toHaveLength(fleet.cars.length);
  expect(stdout.match(/ -p 18883 /g)).toHaveLength(fleet.devices.length);
  expect(status).toBe(0);
});

test('The commands are for the folder that the person is in', () => {
  const cafiles = (folder: string) => {
    const { stdout } = runFrom(folder, 'commands', '--target', 'local');
    return [...stdout.matchAll(/--cafile (\S+)/g)].map(([, file]) => file);
  };
  const files = fleet.devices.map(({ thingName }) => `local/${thingName}/AmazonRootCA1.pem`).sort();
  expect(cafiles(projectRoot).sort()).toEqual(files.map((file) => `devices/${file}`));
  expect(cafiles(devicesRoot).sort()).toEqual(files);
});
