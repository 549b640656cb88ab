import './quiet-sdk';
import { clientsOfAccount, clientsOfIotCoreLocal } from '../lib/enrolment/aws-clients';
import { type DeviceStatus, fleetStatus, type UnknownStatus } from '../lib/enrolment/device-status';
import { readFleet } from '../lib/fleet/fleet-file';
import { fleetOption, portNumber, requireLocalFleet, runCommand } from './command-line';

const usage = `
Usage: npm run status [-- options]

Shows what AWS IoT Core knows of each device of the fleet: its certificates and policies, whether it is connected and since when, and its
subscriptions, by which a group's members can be seen.

Options:
  --local       ask the IoT Core Local that npm run local serves
  --fleet FILE  the fleet of this file instead of cdk.json's; with --local
  --api-port N  the port of its AWS IoT API (default: 8884)
  --json        print it as JSON
  --help        this text

It uses the credentials and the Region that the AWS CLI would use: AWS_PROFILE, AWS_REGION and so on.
Exit code: 0 if every device is deployed with an ACTIVE certificate, 1 if not.
`;

const options = {
  local: { type: 'boolean', default: false },
  ...fleetOption,
  'api-port': { type: 'string', default: '8884' },
  json: { type: 'boolean', default: false },
} as const;

runCommand('status', { usage, options }, async (values) => {
  requireLocalFleet(values.fleet, values.local, 'add --local');
  const apiPort = portNumber('api-port', values['api-port'], 1);
  const clients = values.local ? clientsOfIotCoreLocal(`http://127.0.0.1:${apiPort}`) : clientsOfAccount();
  const statuses = await fleetStatus(readFleet(values.fleet).devices, clients);
  const known = statuses.filter((status) => 'certificates' in status);
  const active = known.filter(({ certificates }) => certificates.some(({ status }) => status === 'ACTIVE'));
  const connected = known.filter(({ isConnected }) => isConnected);
  const total = `${active.length} of ${statuses.length} devices have an ACTIVE certificate, ${connected.length} are connected.`;
  console.log(values.json ? JSON.stringify(statuses, undefined, 2) : `${table(statuses)}\n\n${total}`);
  for (const status of statuses) if ('failure' in status) console.error(status.failure);
  return active.length === statuses.length ? 0 : 1;
});

const headings = ['thing', 'certificate', 'policy', 'connected', 'subscriptions'];

function table(statuses: readonly (DeviceStatus | UnknownStatus)[]): string {
  const rows = [headings, ...statuses.map(rowOf)];
  const widths = headings.map((_heading, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function rowOf(device: DeviceStatus | UnknownStatus): string[] {
  if ('failure' in device) return [device.thingName, 'not known', '', '', ''];
  const { thingName, isDeployed, certificates, isConnected, since, subscriptions } = device;
  const time = since ? ` since ${since.toISOString().slice(0, 19).replace('T', ' ')}` : '';
  return [
    thingName,
    isDeployed
      ? listed(certificates.map(({ certificateId, status }) => `${certificateId.slice(0, 8)}… ${status}`))
      : 'no such thing',
    listed(certificates.flatMap(({ policies }) => policies)),
    `${isConnected ? 'yes' : 'no'}${time}`,
    listed(subscriptions.map(({ topicFilter }) => topicFilter)),
  ];
}

function listed(items: readonly string[]): string {
  return items.join(', ') || '-';
}
