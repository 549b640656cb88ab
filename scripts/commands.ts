import { existsSync } from 'node:fs';
import { accountTarget } from '../lib/devices/account-target';
import { targets } from '../lib/devices/device-folder';
import { endpointFile, readEndpoint } from '../lib/devices/endpoint';
import { foldersOf } from '../lib/devices/folders';
import { mosquittoCommands, printCommands } from '../lib/devices/mosquitto-commands';
import { obstacleFor, readServing } from '../lib/devices/serving';
import { shells } from '../lib/devices/shell';
import { readFleet } from '../lib/fleet/fleet-file';
import { devicesRoot } from '../lib/fleet/project';
import { fleetOption, oneOf, portNumber, requireLocalFleet, runCommand } from './command-line';

const usage = `
Usage: npm run commands [-- options]

Prints the blog post's mosquitto command for each device, ready to paste into a terminal each.

Options:
  --target aws|account|local  the endpoint (default: the account's if npm run certs has looked it up, otherwise local)
  --shell bash|powershell     the shell that the commands are printed for; bash means any POSIX shell (default: bash)
  --fleet FILE                the fleet of this file, on this machine (default: the one that npm run local serves, or cdk.json's)
  --port N                    the endpoint's port (default: the one that npm run local serves now, or 8883)
  --help                      this text

Examples:
  npm run commands
  npm run commands -- --target local --shell powershell
`;

const options = {
  target: { type: 'string' },
  shell: { type: 'string', default: 'bash' },
  port: { type: 'string' },
  ...fleetOption,
} as const;

runCommand('commands', { usage, options }, (values) => {
  const target = oneOf('target', values.target ?? (values.fleet ? 'local' : defaultTarget()), targets);
  requireLocalFleet(values.fleet, target === 'local', 'use --target local');
  const shell = oneOf('shell', values.shell, shells);
  const serving = target === 'local' ? readServing(devicesRoot) : undefined;
  const known = readEndpoint(target, devicesRoot);
  const endpoint = { ...known, port: values.port === undefined ? known.port : portNumber('port', values.port, 1) };
  const fleet = readFleet(values.fleet ?? serving?.fleetFile);
  const folders = foldersOf(fleet, devicesRoot, target);
  console.log(printCommands(mosquittoCommands({ fleet, folders, endpoint, shell })).trimEnd());
  const missing = [...folders.values()].find(({ certificateFile }) => !existsSync(certificateFile));
  if (missing) {
    const step = target === 'local' ? 'npm run local' : 'npm run certs';
    console.error(`\nThe commands work once ${missing.certificateFile} is there: run ${step}.`);
    return 0;
  }
  const obstacle = target === 'local' && values.port === undefined ? obstacleFor(serving) : undefined;
  if (obstacle) console.error(`\n${obstacle}`);
  return 0;
});

function defaultTarget(): string {
  const target = accountTarget();
  return existsSync(endpointFile(devicesRoot, target)) ? target : 'local';
}
