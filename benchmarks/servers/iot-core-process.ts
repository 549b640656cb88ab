import { readFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { LocalIotCore } from '../../lib/iot-core-local/local-iot-core';
import { CertificateAuthority } from '../../lib/iot-core-local/registry/certificate-authority';
import type { IotCoreMessage, Memory } from './iot-core-server';

/** IoT Core Local with templates deployed, in a process of its own: the other end of {@link IotCoreServer}. */
async function serve([folder, ...templateFiles]: string[]): Promise<void> {
  const certificateAuthority = await CertificateAuthority.open(join(folder, 'local', '.certificate-authority'));
  const core = await LocalIotCore.start({
    port: 0,
    certificateAuthority,
    log: ({ level, message }) => level === 'error' && tell({ error: message }),
  });
  for (const file of templateFiles) await core.deploy(JSON.parse(readFileSync(file, 'utf8')), parse(file).name);
  tell({ port: core.port });
}

function tell(message: IotCoreMessage): void {
  process.send!(message);
}

let collectGarbage: (() => void) | undefined;

function memory(): Memory {
  // Only a process that is asked for its memory has garbage collections that it does not need.
  if (!collectGarbage) {
    setFlagsFromString('--expose-gc');
    collectGarbage = runInNewContext('gc') as () => void;
  }
  collectGarbage();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { needed: heapUsed + external, held: rss };
}

process.on('message', () => tell({ memory: memory() }));
process.on('disconnect', () => process.exit());
// Ctrl-C reaches every process of the terminal. This one goes on for the last questions of its parent, and ends with it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});

serve(process.argv.slice(2)).catch((error: Error) => tell({ error: error.message }));
