import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
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

// This test fails when cdk.json holds a fleet of your own: delete it then, as only the README needs it. One of docs/permissions fails until
// npm run permissions has written them anew.
test('cdk.json holds the blog post’s fleet', () => {
  expect(readContext().fleet).toEqual(demoContext);
});

describe('in-process synthesis', () => {
  const temporary = join(root, 'tmp');

  beforeAll(() => {
    mkdirSync(temporary);
    jest.spyOn(os, 'tmpdir').mockReturnValue(temporary);
  });

  afterAll(() => jest.restoreAllMocks());

  // Nothing is left behind, whether synthesis succeeds or fails.
  afterEach(() => expect(readdirSync(temporary)).toEqual([]));

  test('A template has the certificate requests of the devices’ folders, and no private key', async () => {
    const { fleet, templates } = await synthesizeFleet({
      target: 'local',
      devicesRoot,
      context: { fleet: demoContext },
      withTeardown: false,
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

  test('The fleet’s templates are the same with the teardown stacks as without, to the last resource', async () => {
    const options = { target: 'local', devicesRoot, context: { fleet: { ...demoContext, stacks: 2 } } } as const;
    const { templates: all } = await synthesizeFleet(options);
    const { templates: deployedLocally } = await synthesizeFleet({ ...options, withTeardown: false });
    expect([...all.keys()].sort()).toEqual([
      'SharedSubscriptionsFleet',
      'SharedSubscriptionsFleet-002',
      'SharedSubscriptionsTeardown',
      'SharedSubscriptionsTeardown-002',
    ]);
    expect([...deployedLocally.keys()]).toEqual(['SharedSubscriptionsFleet', 'SharedSubscriptionsFleet-002']);
    for (const [stackName, template] of deployedLocally) expect(template).toEqual(all.get(stackName));
  });

  test('Two syntheses of a fleet make the same templates', async () => {
    const options = { target: 'local', devicesRoot, withTeardown: false } as const;
    expect((await synthesizeFleet(options)).templates).toEqual((await synthesizeFleet(options)).templates);
  });

  test('Context takes precedence over the fleet of cdk.json', async () => {
    const context = { fleet: { topic: 'trucks', cars: ['truck1'] } };
    const { fleet } = await synthesizeFleet({ target: 'local', devicesRoot, context, withTeardown: false });
    expect(fleet.devices.map(({ thingName, topic }) => [thingName, topic])).toEqual([['truck1', 'trucks']]);
  });

  test('A device’s folder that was copied from another’s is refused, and both are named', async () => {
    const cloned = join(root, 'cloned');
    const options = {
      target: 'aws',
      devicesRoot: cloned,
      context: { fleet: demoContext },
      withTeardown: false,
    } as const;
    await synthesizeFleet(options);
    const [car1, car2] = ['car1', 'car2'].map((thingName) => new DeviceFolder(cloned, 'aws', thingName));
    for (const file of ['keyFile', 'csrFile'] as const) copyFileSync(car1[file], car2[file]);
    await expect(synthesizeFleet(options)).rejects.toThrow(
      `${car2.csrFile} is the certificate request of "car1", too. Each device needs its own key: delete ${car2.path}, and "car2" gets a new one.`,
    );
  });

  test('A fleet that breaks a rule is refused before any file is made', async () => {
    const options = { target: 'aws', devicesRoot: join(root, 'none'), context: { fleet: { topic: '#' } } } as const;
    await expect(synthesizeFleet(options)).rejects.toThrow(FleetError);
    expect(existsSync(options.devicesRoot)).toBe(false);
  });
});

test('The CDK app says in one sentence what is wrong with the fleet, and writes nothing', async () => {
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
