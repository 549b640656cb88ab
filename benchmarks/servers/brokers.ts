import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { flashmqConfiguration } from './flashmq';
import { IotCoreServer } from './iot-core-server';
import { mosquittoConfiguration } from './mosquitto';
import { forkServer, type ServerProcess, spawnServer } from './processes';
import type { Setup } from './setup';

/** A server that can be put under load. */
export interface Broker {
  /** As the tables name it, with its version where it is a program of its own. */
  readonly name: string;
  start(setup: Setup): Promise<ServerProcess>;
}

export const iotCoreLocal: Broker = {
  name: 'IoT Core Local',
  start: ({ folder, template }) => IotCoreServer.start(folder, [template]),
};

/** The limit of Node.js: a TLS server that does as little as can be done with a message. */
export const least: Broker = {
  name: 'the least in Node.js',
  start: ({ key, certificate, root }) => forkServer('benchmarks/servers/least-process.ts', [key, certificate, root]),
};

interface Program {
  readonly name: string;
  readonly command: string;
  /** The argument that makes it print its version, and the version in what it then prints. */
  readonly version: readonly [argument: string, pattern: RegExp];
  readonly configuration: (port: number, setup: Setup) => string;
}

/** The brokers that IoT Core Local is compared with: FlashMQ is the fastest that we know, mosquitto the one that most people know. */
const programs: readonly Program[] = [
  {
    name: 'FlashMQ',
    command: 'flashmq',
    version: ['--version', /FlashMQ\D*(\d[\d.]*)/i],
    configuration: flashmqConfiguration,
  },
  {
    name: 'mosquitto',
    command: 'mosquitto',
    version: ['-h', /mosquitto version (\S+)/],
    configuration: mosquittoConfiguration,
  },
];

/** The brokers on the PATH of an environment, and the names of those that are not there. */
export function findPeers(env = process.env): { readonly installed: Broker[]; readonly missing: string[] } {
  const [installed, missing]: [Broker[], string[]] = [[], []];
  for (const program of programs) {
    const version = versionOf(program, env);
    if (version === undefined) missing.push(program.name);
    else installed.push({ name: `${program.name} ${version}`, start: (setup) => startProgram(program, setup, env) });
  }
  return { installed, missing };
}

function versionOf({ command, version: [argument, pattern] }: Program, env: NodeJS.ProcessEnv): string | undefined {
  const { error, stdout, stderr } = spawnSync(command, [argument], { encoding: 'utf8', env });
  return error ? undefined : (pattern.exec(stdout + stderr)?.[1] ?? 'of an unknown version');
}

async function startProgram(
  { command, configuration }: Program,
  setup: Setup,
  env: NodeJS.ProcessEnv,
): Promise<ServerProcess> {
  const port = await freePort();
  const file = join(setup.folder, `${command}.conf`);
  writeFileSync(file, configuration(port, setup));
  return spawnServer(command, ['-c', file], { port, env });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
