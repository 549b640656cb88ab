import { relative } from 'node:path';
import { accountTarget } from '../lib/devices/account-target';
import { DeviceFolder, targets } from '../lib/devices/device-folder';
import { readFleet } from '../lib/fleet/fleet-file';
import { devicesRoot, startedFrom } from '../lib/fleet/project';
import { fleetOption, oneOf, requireLocalFleet, runCommand } from './command-line';

const usage = `
Usage: npm run keys [-- options]

Makes the private key and the certificate request of each device of the fleet, in devices/<target>/<thing>/, unless they are there.
It is never needed before cdk deploy or npm start, which do the same.

Options:
  --target aws|account|local  whose devices: AWS IoT Core's, those of an account on this machine, or IoT Core Local's (default: aws, or
                              account with FLEET_TARGET=account)
  --fleet FILE                the fleet of this file instead of cdk.json's, on this machine
  --help                      this text

Examples:
  npm run keys
  npm run keys -- --target local
`;

const options = { target: { type: 'string' }, ...fleetOption } as const;

runCommand('keys', { usage, options }, async (values) => {
  const target = oneOf('target', values.target ?? (values.fleet ? 'local' : accountTarget()), targets);
  requireLocalFleet(values.fleet, target === 'local', 'use --target local');
  for (const { thingName } of readFleet(values.fleet).devices) {
    const folder = new DeviceFolder(devicesRoot, target, thingName);
    const made = new Set<string>();
    await folder.ensureKeyAndCsr((file) => made.add(file));
    for (const file of [folder.keyFile, folder.csrFile]) {
      console.log(`${made.has(file) ? 'made ' : 'there'}  ${relative(startedFrom, file)}`);
    }
  }
  return 0;
});
