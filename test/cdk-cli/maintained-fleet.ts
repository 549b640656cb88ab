import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { waitUntilStackDeleteComplete } from '@aws-sdk/client-cloudformation';
import { DeviceFolder } from '../../lib/devices/device-folder';
import { readEndpoint } from '../../lib/devices/endpoint';
import { type Device, Fleet } from '../../lib/fleet/fleet';
import { synthesizeAssembly } from '../../lib/stacks/app';
import { accountEnvironment } from '../../lib/targets/account-environment';
import type { CommandOutcome } from '../../lib/targets/cdk-cli';
import { RequestError } from '../../lib/walk-through/clients/client-failure';
import { type ClientOptions, Connector } from '../../lib/walk-through/clients/connector';
import type { DeviceClient } from '../../lib/walk-through/clients/device-client';
import { systemClock } from '../../lib/walk-through/clients/pacer';
import type { Account } from '../support/clients';
import { maintenanceGuide, parseCommand } from './maintenance-guide';
import type { ProjectCopy } from './project-copy';

/** What a person answers to the CLI's question, as there is no terminal. */
const yes: Readonly<Record<string, readonly string[]>> = {
  deploy: ['--require-approval', 'never'],
  destroy: ['--force'],
};

/** What AWS and a device's folder have of it. */
type DeviceState = Awaited<ReturnType<MaintainedFleet['stateOf']>>;

/** What a device can do. */
type Trial = 'works' | 'cannot connect' | 'may not publish' | 'may not subscribe';

/** A fleet in an account of IoT Core Local, the checkout that it is deployed from, and the person who maintains it. */
export class MaintainedFleet {
  private assemblies = 0;

  constructor(
    readonly account: Account,
    readonly project: ProjectCopy,
    private readonly runsApp = false,
  ) {}

  /** The same fleet, maintained with commands in which the CLI itself runs the app. */
  get withApp(): MaintainedFleet {
    return new MaintainedFleet(this.account, this.project, true);
  }

  private get core() {
    return this.account.fixture.iotCore;
  }

  private get cdkJson(): { readonly context: { readonly fleet: Record<string, unknown> } } {
    return JSON.parse(readFileSync(join(this.project.path, 'cdk.json'), 'utf8'));
  }

  /** Another checkout of the project: the same cdk.json, and no folder `devices`. @param account - the account that it is for */
  another(name: string, account = this.account): MaintainedFleet {
    return new MaintainedFleet(account, this.project.another(join(dirname(this.project.path), name)));
  }

  /** The fleet of the checkout's cdk.json. */
  get fleet(): Fleet {
    return Fleet.fromContext(this.cdkJson.context.fleet);
  }

  /** Edits `fleet` in the checkout's cdk.json. */
  edit(changes: Record<string, unknown>): void {
    const { context, ...rest } = this.cdkJson;
    const edited = { ...rest, context: { ...context, fleet: { ...context.fleet, ...changes } } };
    writeFileSync(join(this.project.path, 'cdk.json'), JSON.stringify(edited));
  }

  /**
   * Types a block of commands of docs/maintenance.md, and stops at the first that fails. The folder `devices/aws` is `devices/account` here.
   *
   * @param values - what stands for the guide's `<words>`
   */
  async type(section: string, block: number, values: Readonly<Record<string, string>> = {}): Promise<CommandOutcome> {
    const lines = maintenanceGuide.get(section)?.[block];
    if (lines === undefined) throw new Error(`"${section}" has no block ${block} in docs/maintenance.md.`);
    let [exitCode, output] = [0, ''];
    for (const line of lines) {
      const command = line
        .replace(/<([\w ]+)>/g, (all, word) => values[word] ?? all)
        .replaceAll('devices/aws', 'devices/account');
      const outcome = await this.command(parseCommand(command).words);
      exitCode = outcome.exitCode;
      output += `$ ${command}\n${outcome.output}`;
      if (exitCode !== 0) break;
    }
    return { exitCode, output };
  }

  private async command([program, ...words]: readonly string[]): Promise<CommandOutcome> {
    switch (program) {
      case 'npx':
        return this.cdk(words[1], ...words.slice(2));
      case 'npm':
        return this.script(...scriptIn(words));
      case 'aws':
        return { exitCode: 0, output: JSON.stringify(await this.aws(words)) };
      case 'git':
        // There is no network: the test has the other version already.
        return { exitCode: 0, output: '' };
      default:
        return { exitCode: 0, output: execFileSync(program, words, { cwd: this.project.path, encoding: 'utf8' }) };
    }
  }

  private get environment() {
    return accountEnvironment(this.core, this.project.devicesRoot);
  }

  /** Runs the CDK's own CLI. It gets what the app synthesizes, which saves a process, unless it runs the app itself. */
  async cdk(command: string, ...args: readonly string[]): Promise<CommandOutcome> {
    const app = this.runsApp ? [] : ['--app', await this.synthesize()];
    return this.project.cdk(this.environment, command, ...args, ...app, ...(yes[command] ?? []));
  }

  /** Runs one of the project's scripts. */
  script(name: string, ...args: readonly string[]): Promise<CommandOutcome> {
    return this.project.script(this.environment, name, ...args);
  }

  /** @returns the folder of the assembly */
  private async synthesize(): Promise<string> {
    this.assemblies += 1;
    const folder = join(this.project.path, `cdk-${this.assemblies}.out`);
    rmSync(folder, { recursive: true, force: true });
    const { devicesRoot } = this.project;
    await synthesizeAssembly(folder, { target: 'account', devicesRoot, context: this.cdkJson.context });
    return folder;
  }

  /** Calls what a command of the AWS CLI calls: `iot delete-certificate --certificate-id …`. */
  private async aws([service, operation, ...options]: readonly string[]): Promise<unknown> {
    const isCloudFormation = service === 'cloudformation';
    const input: Record<string, unknown> = {};
    for (const [index, word] of options.entries()) {
      if (!word.startsWith('--')) continue;
      const value = options[index + 1];
      const name = camelCase(word.slice(2));
      const values = options
        .slice(index + 1)
        .join(' ')
        .split(' --')[0]
        .split(' ');
      if (isCloudFormation) input[capitalized(name)] = word === '--retain-resources' ? values : value;
      else input[name] = value === undefined || value.startsWith('--') ? true : jsonOr(value);
    }
    const { iot, iotData, cloudFormation } = this.account;
    if (isCloudFormation && operation === 'wait') {
      return waitUntilStackDeleteComplete({ client: cloudFormation, maxWaitTime: 10, minDelay: 1 }, input as never);
    }
    const client = isCloudFormation ? cloudFormation : service === 'iot-data' ? iotData : iot;
    const call = client[camelCase(operation) as keyof typeof client] as (input: object) => Promise<unknown>;
    return call.call(client, input);
  }

  /** What AWS and the device's folder have of a device: what must be the same if a change is not about the device. */
  async stateOf({ thingName }: Pick<Device, 'thingName'>) {
    const { registry } = this.core;
    const { versions, defaultVersionId } = registry.getPolicy(thingName);
    // The version counts updates, with those that the teardown's function undoes.
    const { version: _, ...thing } = registry.describeThing(thingName);
    return structuredClone({
      thing,
      certificates: this.core.certificatesOf(thingName).map(({ certificateId, status, certificateArn }) => ({
        certificateId,
        status,
        policies: registry.listAttachedPolicies(certificateArn).map(({ policyName }) => policyName),
      })),
      policy: { defaultVersionId, document: versions.get(defaultVersionId)?.document.text },
      physicalIds: await this.physicalIdsOf(thingName),
      files: this.filesOf(thingName),
    });
  }

  /** The logical and physical ids of a device's resources in the fleet's stack. */
  async physicalIdsOf(thingName: string): Promise<(readonly [logicalId?: string, physicalId?: string])[]> {
    const StackName = 'SharedSubscriptionsFleet';
    const { StackResources = [] } = await this.account.cloudFormation.describeStackResources({ StackName });
    return StackResources.filter(({ LogicalResourceId }) => LogicalResourceId?.startsWith(thingName)).map(
      ({ LogicalResourceId, PhysicalResourceId }) => [LogicalResourceId, PhysicalResourceId] as const,
    );
  }

  /** The files of a device's folder: their permissions, when they were written, and the hash of their bytes, as a key must not be printed. */
  private filesOf(thingName: string) {
    const { path } = this.folderOf(thingName);
    return readdirSync(path).map((name) => {
      const { mode, mtimeMs } = statSync(join(path, name));
      const hash = createHash('sha256').update(readFileSync(join(path, name)));
      return [name, mode, mtimeMs, hash.digest('hex')];
    });
  }

  folderOf(thingName: string, root = this.project.devicesRoot): DeviceFolder {
    return new DeviceFolder(root, 'account', thingName);
  }

  /** {@link stateOf} of several devices, by thing name. */
  async statesOf(devices: readonly Device[]): Promise<Record<string, DeviceState>> {
    const states = devices.map(async (device) => [device.thingName, await this.stateOf(device)] as const);
    return Object.fromEntries(await Promise.all(states));
  }

  /** {@link trial} of several devices, by thing name. */
  async trials(devices: readonly Device[], root?: string): Promise<Record<string, Trial>> {
    const trials = devices.map(async (device) => [device.thingName, await this.trial(device, root)] as const);
    return Object.fromEntries(await Promise.all(trials));
  }

  /**
   * Connects a device with the key and the certificate of its folder.
   *
   * @param root - the folder of the devices' folders; by default the checkout's
   * @throws RequestError if it is refused
   */
  connect(device: Device, options: ClientOptions = {}, root?: string): Promise<DeviceClient> {
    const folders = new Map([[device.thingName, this.folderOf(device.thingName, root)]]);
    const endpoint = readEndpoint('account', this.project.devicesRoot);
    const props = { endpoint, mqtt: 5, folders, answerTimeout: 5_000, interval: 0, clock: systemClock } as const;
    return new Connector(props).connect(device, device.clientId, options);
  }

  /**
   * What a device can do with the key and the certificate of a folder: connect, and then what its role asks for.
   *
   * @param root - whose folders; by default the checkout's
   */
  async trial(device: Device, root?: string): Promise<Trial> {
    const client = await this.connect(device, {}, root).catch(nothingIfRefused);
    if (!client) return 'cannot connect';
    try {
      if (device.role === 'car') await client.publish(device.topic, '{}', 1);
      else await client.subscribe(device.topicFilter, 1);
      return 'works';
    } catch (error) {
      nothingIfRefused(error);
      return device.role === 'car' ? 'may not publish' : 'may not subscribe';
    } finally {
      await client.end();
    }
  }
}

function nothingIfRefused(error: unknown): undefined {
  if (!(error instanceof RequestError)) throw error;
}

/** A script's name and its arguments: of `run -s status -- --json`. */
function scriptIn(words: readonly string[]): [name: string, ...args: string[]] {
  const [name, ...args] = words.filter((word) => !['run', '-s', '--'].includes(word));
  return [name, ...args];
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function jsonOr(text: string): unknown {
  return text.startsWith('{') ? JSON.parse(text) : text;
}
