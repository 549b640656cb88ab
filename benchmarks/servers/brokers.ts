import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority } from '../../lib/iot-core-local/registry/certificate-authority';
import { IotCoreServer } from './iot-core-server';
import { forkServer, type ServerProcess, spawnServer } from './processes';

/** What can be put under load. */
export type BrokerName = 'IoT Core Local' | 'mosquitto' | 'bare';

/** What the servers under load are started with. */
export interface Setup {
  /** A folder of the benchmark's own; the devices' folders are in it. */
  readonly folder: string;
  /** What IoT Core Local deploys. */
  readonly template: string;
  /** The server's key and certificate, and the root of its own certificate and of the devices'. */
  readonly key: string;
  readonly certificate: string;
  readonly root: string;
}

/** Writes the files of a setup, with the authority that the devices' certificates are from. */
export async function setUp(folder: string, template: object): Promise<Setup> {
  const authority = await CertificateAuthority.open(join(folder, 'local', '.certificate-authority'));
  const { key, certificate } = await authority.endpointCertificate(['127.0.0.1', 'localhost']);
  const contents = { template: JSON.stringify(template), key, certificate, root: authority.rootPem };
  const files = Object.entries(contents).map(([name, content]) => {
    const file = join(folder, `bench-${name}`);
    writeFileSync(file, content, { mode: 0o600 });
    return [name, file];
  });
  return { folder, ...Object.fromEntries(files) };
}

/** mosquitto's version, or undefined where it is not installed. */
export function mosquittoVersion(): string | undefined {
  const { stdout } = spawnSync('mosquitto', ['-h'], { encoding: 'utf8' });
  return /mosquitto version (\S+)/.exec(stdout ?? '')?.[1];
}

export async function startBroker(name: BrokerName, setup: Setup): Promise<ServerProcess> {
  switch (name) {
    case 'IoT Core Local':
      return IotCoreServer.start(setup.folder, setup.template);
    case 'bare':
      return forkServer(join(__dirname, 'bare-process.ts'), [setup.key, setup.certificate, setup.root]);
    case 'mosquitto': {
      const port = await freePort();
      const configuration = join(setup.folder, 'mosquitto.conf');
      writeFileSync(configuration, mosquittoConfiguration(port, setup));
      return spawnServer('mosquitto', ['-c', configuration], port);
    }
  }
}

/** Mutual TLS and no limits; who may do what, it does not ask. */
function mosquittoConfiguration(port: number, { key, certificate, root }: Setup): string {
  return `
listener ${port} 127.0.0.1
cafile ${root}
certfile ${certificate}
keyfile ${key}
require_certificate true
allow_anonymous true
user ${userInfo().username}
max_inflight_messages 0
max_queued_messages 0
set_tcp_nodelay true
log_type none
`.trimStart();
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
