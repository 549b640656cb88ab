import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { foldersOf } from '../../lib/devices/folders';
import { mosquittoCommands, printCommands } from '../../lib/devices/mosquitto-commands';
import { type Shell, shells, syntaxOf } from '../../lib/devices/shell';
import { fleetWith } from '../support/demo-fleet';
import { temporaryFolder } from '../support/temporary-folder';

const endpoint = { host: 'abc-ats.iot.eu-central-1.amazonaws.com', port: 8883 };

function commandsOf(shell: Shell, { from = '/project', fleet = fleetWith() } = {}) {
  return mosquittoCommands({ fleet, folders: foldersOf(fleet, '/project/devices', 'aws'), endpoint, shell, from });
}

describe.each(shells)('for %s', (shell) => {
  test('A terminal each, subscribers first', () => {
    expect(commandsOf(shell).map(({ title }) => title)).toEqual([
      'subscriber2A, of group2',
      'subscriber2B, of group2',
      'consumer3, of no group',
      'car1',
      'car2',
    ]);
  });

  test('The commands', () => {
    expect(printCommands(commandsOf(shell))).toMatchSnapshot();
  });

  test("The shell does not expand a group's $share", () => {
    const [{ command }] = commandsOf(shell);
    expect(command).toContain("-t '$share/group2/cars/data' ");
  });

  test('Only the publishers set a topic alias', () => {
    expect(commandsOf(shell).filter(({ command }) => command.includes('topic-alias 2 -l'))).toHaveLength(2);
  });
});

test('Paths are relative below the current folder, and absolute elsewhere', () => {
  const [here] = commandsOf('bash');
  const [elsewhere] = commandsOf('bash', { from: '/project/lib' });
  expect(here.command).toContain('--cafile devices/aws/subscriber2A/AmazonRootCA1.pem ');
  expect(elsewhere.command).toContain('--cafile /project/devices/aws/subscriber2A/AmazonRootCA1.pem ');
});

const words = [
  'plain',
  'a b',
  '$share/g/t',
  '`id`',
  '$(id)',
  "it's",
  '"',
  '\\',
  'ü',
  '',
  '!',
  '*',
  '~',
  '#',
  'a;b',
  '-x',
  '’',
  'a\nb',
];

test.each(words)('Bash passes on %j unchanged', (word) => {
  expect(execFileSync('bash', ['-c', `printf %s ${syntaxOf('bash').quote(word)}`]).toString()).toBe(word);
});

test.each([
  ['plain', 'plain'],
  ['devices/aws/car1/a.pem', 'devices/aws/car1/a.pem'],
  ['$share/g', "'$share/g'"],
  ["it's", "'it''s'"],
  ['it’s', "'it’’s'"],
  ['-x', "'-x'"],
  ['@a', "'@a'"],
  ['a,b', "'a,b'"],
  ['', "''"],
])('PowerShell is told %j as %s', (word, quoted) => {
  expect(syntaxOf('powershell').quote(word)).toBe(quoted);
});

describe('pasted into bash', () => {
  const folder = temporaryFolder();
  const from = join(folder, 'it\'s a $HOME `of` "names"');
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const name of ['mosquitto_sub', 'mosquitto_pub']) {
    writeFileSync(join(bin, name), `#!/bin/sh\nprintf '%s\\0' ${name} "$@"\n[ ${name} = mosquitto_sub ] || cat\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const fleet = fleetWith({
    topic: "it's a/topic & more; $HOME",
    cars: ['car1'],
    groups: { 'group 2': ['sub'] },
    consumers: [],
  });
  const folders = foldersOf(fleet, join(from, 'devices'), 'local');
  for (const { path } of folders.values()) mkdirSync(path, { recursive: true });
  folders.get('car1')!.writeMessages(['{"speed": "75"}']);
  const [subscriber, car] = mosquittoCommands({ fleet, folders, endpoint, shell: 'bash', from });

  const run = (command: string) => {
    const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
    return execFileSync('bash', ['-c', command], { cwd: from, env }).toString().split('\0');
  };

  test('A subscriber gets its arguments whole', () => {
    expect(run(subscriber.command)).toEqual([
      'mosquitto_sub',
      ...['--cafile', 'devices/local/sub/AmazonRootCA1.pem'],
      ...['--cert', 'devices/local/sub/sub.certificate.pem'],
      ...['--key', 'devices/local/sub/sub.private.key'],
      ...['-h', endpoint.host, '-p', '8883', '-q', '0', '-t', `$share/group 2/${fleet.topic}`, '-i', 'sub-sub'],
      ...['--tls-version', 'tlsv1.2', '-d', '-V', 'mqttv5', ''],
    ]);
  });

  test('A car gets its arguments whole, and its messages', () => {
    const words = run(car.command);
    expect(words.slice(0, 1)).toEqual(['mosquitto_pub']);
    expect(words.slice(-6)).toEqual(['-D', 'publish', 'topic-alias', '2', '-l', '{"speed": "75"}\n']);
  });

  test('From elsewhere, paths with anything in them arrive whole', () => {
    const [{ command }] = mosquittoCommands({ fleet, folders, endpoint, shell: 'bash', from: bin });
    expect(run(command)).toContain(join(from, 'devices/local/sub/sub.private.key'));
  });
});
