import './quiet-sdk';
import { accountTarget } from '../lib/devices/account-target';
import { readCheckoutId } from '../lib/devices/checkout-id';
import type { Target } from '../lib/devices/device-folder';
import { leftoverFolders } from '../lib/devices/leftover-folders';
import { readServing, type Serving } from '../lib/devices/serving';
import { type AwsClients, clientsOfAccount, clientsOfIotCoreLocal } from '../lib/enrollment/aws-clients';
import { explained } from '../lib/enrollment/aws-iot';
import { type DeviceStatus, fleetStatus, type UnknownStatus } from '../lib/enrollment/device-status';
import { type MarkedThings, otherMarkedThings } from '../lib/enrollment/marked-things';
import { regionOfAccount } from '../lib/enrollment/region';
import { adviceOn, adviceOnLeftover, adviceOnMarked } from '../lib/enrollment/status-advice';
import type { Fleet } from '../lib/fleet/fleet';
import { readFleet } from '../lib/fleet/fleet-file';
import { devicesRoot } from '../lib/fleet/project';
import { escapeControls, escapeControlsInLines } from '../lib/util/escape-controls';
import { accountLine } from './account-line';
import { fleetOption, portNumber, requireLocalFleet, runCommand } from './command-line';

const usage = `
Usage: npm run status [-- options]

Shows what AWS IoT Core knows about each device of the fleet: its certificates and policies, whether it is connected and since when, and
its subscriptions. Says what to do about a device that cannot connect, and names folders that belong to no device, and things that this
project deployed for another fleet or left behind.

Options:
  --local       ask the IoT Core Local that npm run local serves
  --fleet FILE  the fleet of this file, with --local (default: the one that npm run local serves, or cdk.json's)
  --api-port N  the port of its AWS IoT API (default: the one that it serves, or 8884)
  --json        print one JSON object: the devices, and the other things that this project deployed
  --help        this text

Examples:
  npm run status
  npm run status -- --local
  npm run -s status -- --json

It uses the credentials and the Region that cdk deploy uses: AWS_PROFILE, AWS_REGION, AWS_DEFAULT_REGION and so on.
Exit code: 0 if every device is deployed with an ACTIVE certificate, 1 if not.
`;

const options = {
  local: { type: 'boolean', default: false },
  ...fleetOption,
  'api-port': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

const otherTemplates =
  'npm run local serves another app\'s templates, and npm run status shows the devices of a fleet alone. The AWS CLI lists the things of a template: docs/templates.md, "Connect a client".';

runCommand('status', { usage, options }, async (values) => {
  requireLocalFleet(values.fleet, values.local, 'add --local');
  const target = values.local ? 'local' : accountTarget();
  const serving = values.local ? readServing(devicesRoot) : undefined;
  if (values.fleet === undefined && values['api-port'] === undefined && serving?.served === 'templates') {
    throw new Error(otherTemplates);
  }
  const clients = values.local ? clientsOfIotCoreLocal(apiUrlOf(values['api-port'], serving)) : await clientsOfRegion();
  const fleet = readFleet(values.fleet ?? serving?.fleetFile);
  const statuses = await fleetStatus(fleet.devices, clients);
  const otherThings = await otherThingsOf(fleet, target, clients);
  const known = statuses.filter((status) => 'certificates' in status);
  const active = known.filter(({ certificates }) => certificates.some(({ status }) => status === 'ACTIVE'));
  const connected = known.filter(({ isConnected }) => isConnected);
  const total = `${active.length} of ${statuses.length} devices have an ACTIVE certificate, ${connected.length} are connected.`;
  console.log(
    values.json
      ? escapeControlsInLines(JSON.stringify({ devices: statuses, otherThings }, undefined, 2))
      : `${table(statuses)}\n\n${total}`,
  );
  for (const status of statuses) if ('failure' in status) console.error(escapeControls(status.failure));
  for (const advice of adviceOn(statuses, target)) console.error(escapeControls(advice));
  for (const advice of adviceOnOthers(otherThings, target)) console.error(escapeControls(advice));
  const named = new Set('failure' in otherThings ? [] : otherThings.things.map(({ thingName }) => thingName));
  for (const folder of leftoverFolders(fleet, devicesRoot, target)) {
    if (named.has(folder.thingName)) continue;
    console.error(
      escapeControls(
        await explained(clients.iot, `"${folder.thingName}"`, () => adviceOnLeftover(folder, clients.iot)),
      ),
    );
  }
  return active.length === statuses.length ? 0 : 1;
});

/** The AWS IoT API of the IoT Core Local that runs, or of the port that a person names. */
function apiUrlOf(port: string | undefined, serving: Serving | undefined): string {
  if (port !== undefined) return `http://127.0.0.1:${portNumber('api-port', port, 1)}`;
  return serving?.apiUrl ?? 'http://127.0.0.1:8884';
}

async function clientsOfRegion(): Promise<AwsClients> {
  const region = await regionOfAccount();
  console.error(accountLine(region));
  return clientsOfAccount(region.name);
}

/** The things of other fleets, or why they are not known. Whoever may not list the account's things gets the rest of the status. */
type OtherThings = (MarkedThings & { readonly thisCheckout?: string }) | { readonly failure: string };

async function otherThingsOf({ devices }: Fleet, target: Target, { iot }: AwsClients): Promise<OtherThings> {
  try {
    const thisCheckout = readCheckoutId(devicesRoot, target);
    return { thisCheckout, ...(await otherMarkedThings(new Set(devices.map(({ thingName }) => thingName)), iot)) };
  } catch (error) {
    return { failure: (error as Error).message };
  }
}

function adviceOnOthers(others: OtherThings, target: Target): string[] {
  return 'failure' in others ? [others.failure] : adviceOnMarked(others, target, others.thisCheckout);
}

const headings = ['thing', 'certificate', 'policy', 'connected', 'subscriptions'];

function table(statuses: readonly (DeviceStatus | UnknownStatus)[]): string {
  // Clients choose their topic filters, and people the names of their policies.
  const rows = [headings, ...statuses.map((status) => rowOf(status).map(escapeControls))];
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
