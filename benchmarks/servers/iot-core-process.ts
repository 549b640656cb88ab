import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalIotCore } from '../../lib/iot-core-local/local-iot-core';
import { CertificateAuthority } from '../../lib/iot-core-local/registry/certificate-authority';

/** IoT Core Local with a template deployed, in a process of its own; it tells its port, and ends with its parent. */
async function main([folder, templateFile]: string[]): Promise<void> {
  const certificateAuthority = await CertificateAuthority.open(join(folder, 'local', '.certificate-authority'));
  const core = await LocalIotCore.start({ port: 0, certificateAuthority });
  await core.deploy(JSON.parse(readFileSync(templateFile, 'utf8')));
  process.send!({ port: core.port });
}

main(process.argv.slice(2)).catch((error: Error) => process.send!({ error: error.message }));
process.on('disconnect', () => process.exit());
