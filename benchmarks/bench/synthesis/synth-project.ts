import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeviceFolder } from '../../../lib/devices/device-folder';
import { Fleet } from '../../../lib/fleet/fleet';
import { partsOf, stacksFor } from '../../../lib/fleet/fleet-parts';
import { projectRoot, readContext } from '../../../lib/fleet/project';
import { stackId } from '../../../lib/stacks/fleet-stacks';
import type { PlainApp, PlainDevice } from './plain-app';

/** Copies of the project and of the plain app, for one fleet, its keys and requests there already. */
export interface SynthProject {
  /** For whatever else belongs to it. */
  readonly root: string;
  readonly devices: number;
  /** How many of them the fleet has, its teardown's not counted. */
  readonly stacks: number;
  /** The copy's folder, from which its app is run as cdk.json says. */
  readonly project: string;
  /** Where the plain app lies as `cdk init` would lay it out; its one argument is `stacksFile`. */
  readonly plain: string;
  readonly stacksFile: string;
  /** Of the plain app too, which bundles nothing; it is to be written first. */
  readonly codeFile: string;
  /** The context that the CDK CLI would hand over. */
  readonly contextFile: string;
}

/** The fleet of cdk.json for 5 devices; for more of them, the same with more cars. */
export async function setUpProject(folder: string, devices: number): Promise<SynthProject> {
  const root = mkdtempSync(join(folder, `${devices}-`));
  const [project, plain] = [join(root, 'project'), join(root, 'plain')];
  const context = contextFor(devices);
  const fleet = Fleet.fromContext(context.fleet);
  const write = (file: string, content: unknown) => {
    writeFileSync(join(root, file), JSON.stringify(content));
    return join(root, file);
  };

  for (const name of ['bin', 'lib', 'package.json']) {
    cpSync(join(projectRoot, name), join(project, name), { recursive: true });
  }
  write('project/cdk.json', { ...settings(), context });
  const devicesRoot = join(project, 'devices');
  await makeFolders(devicesRoot, fleet);

  mkdirSync(join(plain, 'bin'), { recursive: true });
  for (const name of ['package.json', 'tsconfig.json']) cpSync(join(projectRoot, name), join(plain, name));
  copyFileSync(join(__dirname, 'plain-app.ts'), join(plain, 'bin', 'app.ts'));
  write('plain/cdk.json', { ...settings(), context });
  for (const copy of [project, plain]) symlinkSync(join(projectRoot, 'node_modules'), join(copy, 'node_modules'));
  const stacks = plainStacks(fleet, devicesRoot);
  const codeFile = join(folder, 'sweep.js');
  return {
    root,
    devices,
    stacks: stacks.length,
    project,
    plain,
    codeFile,
    stacksFile: write('stacks.json', { topic: fleet.topic, codeFile, stacks } satisfies PlainApp),
    contextFile: write('context.json', context),
  };
}

function settings(): object {
  return JSON.parse(readFileSync(join(projectRoot, 'cdk.json'), 'utf8'));
}

function contextFor(devices: number): Record<string, unknown> {
  const context = readContext();
  const demo = Fleet.fromContext(context.fleet);
  const count = demo.cars.length + devices - demo.devices.length;
  const cars = Array.from({ length: count }, (_, index) => `car${String(index + 1).padStart(5, '0')}`);
  const fleet = {
    ...(context.fleet as object),
    cars: count > demo.cars.length ? cars : demo.cars.map(({ thingName }) => thingName),
  };
  return { ...context, fleet: { ...fleet, stacks: stacksFor(Fleet.fromContext(fleet).devices) } };
}

/** A pair of key and request for all devices: to make ten thousand would take minutes, and synthesis does not see a difference. */
async function makeFolders(devicesRoot: string, fleet: Fleet): Promise<void> {
  const [first, ...others] = fleet.devices.map(({ thingName }) => new DeviceFolder(devicesRoot, 'aws', thingName));
  await first.ensureKeyAndCsr();
  for (const folder of others) {
    mkdirSync(folder.path, { mode: 0o700 });
    copyFileSync(first.keyFile, folder.keyFile);
    copyFileSync(first.csrFile, folder.csrFile);
  }
}

function plainStacks(fleet: Fleet, devicesRoot: string): PlainApp['stacks'] {
  return partsOf(fleet).map(({ devices }, index) => ({
    fleetId: stackId('Fleet', index),
    teardownId: stackId('Teardown', index),
    devices: devices.map(
      (device): PlainDevice => ({
        thingName: device.thingName,
        clientId: device.clientId,
        csrFile: new DeviceFolder(devicesRoot, 'aws', device.thingName).csrFile,
        topicFilter: device.role === 'car' ? undefined : device.topicFilter,
      }),
    ),
  }));
}
