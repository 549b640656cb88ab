import { relative } from 'node:path';
import { DeviceFolder } from '../lib/devices/device-folder';
import { Fleet } from '../lib/fleet/fleet';
import { devicesRoot, readContext, startedFrom } from '../lib/fleet/project';
import { oneOf, runCommand } from './command-line';

const usage = `
Usage: npm run keys [-- --target aws|local]

Makes the private key and the certificate request of each device of the fleet, in devices/<target>/<thing>/, unless they are there.
It is never needed before cdk deploy or npm start, which do the same.

Options:
  --target aws|local  whose devices: AWS IoT Core's, or IoT Core Local's on this machine (default: aws)
  --help              this text
`;

const options = { target: { type: 'string', default: 'aws' } } as const;

runCommand('keys', { usage, options }, async (values) => {
  const target = oneOf('target', values.target, ['aws', 'local']);
  for (const { thingName } of Fleet.fromContext(readContext().fleet).devices) {
    const folder = new DeviceFolder(devicesRoot, target, thingName);
    const made = new Set<string>();
    await folder.ensureKeyAndCsr((file) => made.add(file));
    for (const file of [folder.keyFile, folder.csrFile]) {
      console.log(`${made.has(file) ? 'made ' : 'there'}  ${relative(startedFrom, file)}`);
    }
  }
  return 0;
});
