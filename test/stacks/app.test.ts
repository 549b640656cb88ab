import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { DeviceFolder } from '../../lib/devices/device-folder';
import { FleetError } from '../../lib/fleet/fleet-rules';
import { readContext } from '../../lib/fleet/project';
import { synthesizeFleet } from '../../lib/stacks/app';
import { demoContext } from '../support/demo-fleet';
import { temporaryFolder } from '../support/temporary-folder';

const root = temporaryFolder();
const devicesRoot = join(root, 'devices');

// The one test that a fleet of your own in cdk.json makes fail: what the README says of cars and consumers is of this fleet. Delete it then.
test('cdk.json holds the blog post’s fleet, unless it holds one of your own', () => {
  expect(readContext().fleet).toEqual(demoContext);
});

describe('a fleet synthesized in process', () => {
  const temporary = join(root, 'tmp');

  beforeAll(() => {
    mkdirSync(temporary);
    jest.spyOn(os, 'tmpdir').mockReturnValue(temporary);
  });

  afterAll(() => jest.restoreAllMocks());

  // Nothing stays behind, neither when it goes well nor when it does not.
  afterEach(() => expect(readdirSync(temporary)).toEqual([]));

  test('has in its template the requests of its folders, and no private key', async () => {
    const { fleet, templates } = await synthesizeFleet({
      target: 'local',
      devicesRoot,
      context: { fleet: demoContext },
    });
    expect(fleet.devices).toHaveLength(5);
    expect([...templates.keys()]).toEqual(['SharedSubscriptionsFleet']);
    const text = JSON.stringify([...templates.values()]);
    for (const { thingName } of fleet.devices) {
      const { csrFile } = new DeviceFolder(devicesRoot, 'local', thingName);
      expect(text).toContain(JSON.stringify(readFileSync(csrFile, 'utf8')));
    }
    expect(text).not.toContain('PRIVATE KEY');
    expect(readdirSync(devicesRoot)).toEqual(['local']);
  });

  test('is the same each time', async () => {
    const options = { target: 'local', devicesRoot } as const;
    expect((await synthesizeFleet(options)).templates).toEqual((await synthesizeFleet(options)).templates);
  });

  test('can be another than that of cdk.json', async () => {
    const context = { fleet: { topic: 'trucks', cars: ['truck1'] } };
    const { fleet } = await synthesizeFleet({ target: 'local', devicesRoot, context });
    expect(fleet.devices.map(({ thingName, topic }) => [thingName, topic])).toEqual([['truck1', 'trucks']]);
  });

  test('is refused before anything is made when it breaks a rule', async () => {
    const options = { target: 'aws', devicesRoot: join(root, 'none'), context: { fleet: { topic: '#' } } } as const;
    await expect(synthesizeFleet(options)).rejects.toThrow(FleetError);
    expect(existsSync(options.devicesRoot)).toBe(false);
  });
});

test('the CDK app says in one sentence what is wrong with the fleet, and makes nothing', async () => {
  const outdir = join(root, 'cdk.out');
  const context = JSON.stringify({ fleet: { ...demoContext, groups: { group2: [] } } });
  const env = { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: context };
  const args = ['--require', 'tsx/cjs', 'bin/shared-subscriptions.ts'];
  const ended = await new Promise((resolve) => {
    execFile(process.execPath, args, { env, cwd: join(__dirname, '../..') }, (error, stdout, stderr) =>
      resolve({ exitCode: error?.code, stdout, stderr }),
    );
  });
  expect(ended).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: 'A group needs at least one member; "group2" has none.\n',
  });
  expect(existsSync(join(outdir, 'manifest.json'))).toBe(false);
}, 20_000);
