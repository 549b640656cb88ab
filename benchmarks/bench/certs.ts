import { join } from 'node:path';
import { DeviceFolder } from '../../lib/devices/device-folder';
import { clientsOfIotCoreLocal } from '../../lib/enrollment/aws-clients';
import { AwsIot } from '../../lib/enrollment/aws-iot';
import { enrollFleet } from '../../lib/enrollment/enrollment';
import { LocalIotCore } from '../../lib/iot-core-local/local-iot-core';
import { CertificateAuthority } from '../../lib/iot-core-local/registry/certificate-authority';
import { grouped } from '../../lib/util/format';
import type { Table } from './table';

/** Measures `npm run certs` for fleets of different sizes, with IoT Core Local's API. */
export async function benchmarkCerts({ folder, quick }: { folder: string; quick: boolean }): Promise<Table[]> {
  const rows = [];
  for (const devices of quick ? [5, 100] : [5, 100, 1000]) {
    rows.push(await measure(devices, join(folder, `${devices}`)));
  }
  return [
    {
      title: 'npm run certs, with IoT Core Local',
      columns: ['devices', 'calls', 'calls per device', 'seconds', 'ms per device', 'ms per device, again'],
      rows,
      notes: [
        'A device needs at least two calls: one lists its certificates, one describes a certificate. One more call looks up the endpoint.',
        'AWS takes about 10 calls of each kind a second, so with AWS its quota is the limit.',
      ],
    },
  ];
}

async function measure(devices: number, devicesRoot: string) {
  const certificateAuthority = await CertificateAuthority.create();
  const core = await LocalIotCore.start({ port: 0, apiPort: 0, certificateAuthority });
  try {
    const folders: DeviceFolder[] = [];
    for (let index = 0; index < devices; index += 1) {
      const folder = new DeviceFolder(devicesRoot, 'aws', `car${index}`);
      const csr = await folder.ensureKeyAndCsr();
      const { certificateArn } = core.registry.registerCertificate(await certificateAuthority.sign(csr), 'ACTIVE');
      core.registry.createThing(folder.thingName);
      core.registry.attachThingPrincipal(folder.thingName, certificateArn);
      folders.push(folder);
    }
    let calls = 0;
    const { iot: client } = clientsOfIotCoreLocal(core.apiUrl!);
    const count = { step: 'finalizeRequest' } as const;
    client.middlewareStack.add((next) => {
      return (call) => {
        calls += 1;
        return next(call);
      };
    }, count);
    const run = async (): Promise<number> => {
      const start = performance.now();
      const aws = new AwsIot(client);
      await aws.dataEndpoint();
      await enrollFleet(aws, folders, (enrollment) => {
        if (enrollment.outcome === 'failed') throw new Error(enrollment.reason);
      });
      return (performance.now() - start) / 1000;
    };
    const seconds = await run();
    const callsMade = calls;
    const again = await run();
    client.destroy();
    return [
      grouped(devices),
      callsMade,
      callsMade / devices,
      seconds,
      (seconds * 1000) / devices,
      (again * 1000) / devices,
    ];
  } finally {
    await core.stop();
  }
}
