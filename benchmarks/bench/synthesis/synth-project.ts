import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureCheckoutId } from '../../../lib/devices/checkout-id';
import { DeviceFolder } from '../../../lib/devices/device-folder';
import { Fleet } from '../../../lib/fleet/fleet';
import { partsOf, stacksFor } from '../../../lib/fleet/fleet-parts';
import { projectRoot, readContext } from '../../../lib/fleet/project';
import { stackId } from '../../../lib/stacks/fleet-stacks';
import { blogFleet } from '../blog-fleet';
import type { PlainApp, PlainDevice } from './plain-app';

/** Copies of the project and of the plain app for one fleet, with its keys and certificate requests. */
export interface SynthProject {
  /** The folder of both copies and of other files. */
  readonly root: string;
  readonly devices: number;
  /** How many stacks the fleet has, without its teardown stacks. */
  readonly stacks: number;
  /** The folder of the project's copy, in which its app runs as cdk.json says. */
  readonly project: string;
  /** The folder of the plain app, laid out as `cdk init` does. The app's one argument is `stacksFile`. */
  readonly plain: string;
  readonly stacksFile: string;
  /** Where the plain app, which bundles nothing, expects the sweep's code. The caller writes it. */
  readonly codeFile: string;
  /** The context that the CDK's CLI would pass to the app. */
  readonly contextFile: string;
}

/** @param devices - 5 for the blog post's fleet; with more, the fleet has more cars */
export async function setUpProject(folder: string, devices: number): Promise<SynthProject> {
  const root = mkdtempSync(join(folder, `${devices}-`));
  const [project, plain] = [join(root, 'project'), join(root, 'plain')];
  const context = contextFor(devices);
  const fleet = Fleet.fromContext(context.fleet);
  const write = (file: string, content: unknown) => {
    writeFileSync(join(root, file), JSON.stringify(content));
    return join(root, file);
  };

  for (const name of ['bin', 'lib', 'scripts/node-version.cjs', 'package.json']) {
    cpSync(join(projectRoot, name), join(project, name), { recursive: true });
  }
  write('project/cdk.json', { ...settings(), context });
  const devicesRoot = join(project, 'devices');
  await makeFolders(devicesRoot, fleet);

  mkdirSync(join(plain, 'bin'), { recursive: true });
  for (const name of ['package.json', 'tsconfig.json']) cpSync(join(projectRoot, name), join(plain, name));
  copyFileSync(join(projectRoot, 'benchmarks', 'bench', 'synthesis', 'plain-app.ts'), join(plain, 'bin', 'app.ts'));
  write('plain/cdk.json', { ...settings(), context });
  for (const copy of [project, plain]) symlinkSync(join(projectRoot, 'node_modules'), join(copy, 'node_modules'));
  const stacks = plainStacks(fleet, devicesRoot);
  const codeFile = join(folder, 'sweep.js');
  const checkoutId = ensureCheckoutId(devicesRoot, 'aws');
  return {
    root,
    devices,
    stacks: stacks.length,
    project,
    plain,
    codeFile,
    stacksFile: write('stacks.json', { topic: fleet.topic, codeFile, checkoutId, stacks } satisfies PlainApp),
    contextFile: write('context.json', context),
  };
}

function settings(): object {
  return JSON.parse(readFileSync(join(projectRoot, 'cdk.json'), 'utf8'));
}

function contextFor(devices: number): Record<string, unknown> {
  const demo = Fleet.fromContext(blogFleet);
  const count = demo.cars.length + devices - demo.devices.length;
  const cars = Array.from({ length: count }, (_, index) => `car${String(index + 1).padStart(5, '0')}`);
  const fleet = { ...blogFleet, cars: count > demo.cars.length ? cars : blogFleet.cars };
  return { ...readContext(), fleet: { ...fleet, stacks: stacksFor(Fleet.fromContext(fleet).devices) } };
}

/**
 * Makes the key and the request of one device, and copies of them for the others: 10,000 pairs would take minutes, and synthesis sees no
 * difference. The copies of the request differ in bytes at their end, because the project refuses two devices with one request.
 */
async function makeFolders(devicesRoot: string, fleet: Fleet): Promise<void> {
  const [first, ...others] = fleet.devices.map(({ thingName }) => new DeviceFolder(devicesRoot, 'aws', thingName));
  const csr = await first.ensureKeyAndCsr();
  const der = Buffer.from(csr.replace(/-----[^-]+-----/g, ''), 'base64');
  for (const [index, folder] of others.entries()) {
    mkdirSync(folder.path, { mode: 0o700 });
    copyFileSync(first.keyFile, folder.keyFile);
    const base64 = Buffer.concat([der, Buffer.from(String(index))]).toString('base64');
    const lines = base64.match(/.{1,64}/g)!.join('\n');
    writeFileSync(folder.csrFile, `-----BEGIN CERTIFICATE REQUEST-----\n${lines}\n-----END CERTIFICATE REQUEST-----\n`);
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

/** The code of the sweep's function, in the template of a teardown stack. */
export function sweepCodeIn(template: object): string {
  const { Resources } = template as {
    Resources: Record<string, { Type: string; Properties: { Code: { ZipFile: string } } }>;
  };
  return Object.values(Resources).find(({ Type }) => Type === 'AWS::Lambda::Function')!.Properties.Code.ZipFile;
}
