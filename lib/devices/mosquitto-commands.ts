import { relative } from 'node:path';
import type { Device, Fleet } from '../fleet/fleet';
import { startedFrom } from '../fleet/project';
import type { DeviceFolder } from './device-folder';
import type { Endpoint } from './endpoint';
import { type Shell, syntaxOf } from './shell';

export interface MosquittoCommandsProps {
  readonly fleet: Fleet;
  /** Each device's folder, by thing name. */
  readonly folders: ReadonlyMap<string, DeviceFolder>;
  readonly endpoint: Endpoint;
  readonly shell: Shell;
  /**
   * The folder that each command changes into, and that its paths are relative to.
   * @default - the one that the script was started in
   */
  readonly from?: string;
}

/** A device's mosquitto command, to paste into a terminal. */
export interface MosquittoCommand {
  /** `subscriber2A, of group2` */
  readonly title: string;
  readonly command: string;
}

/**
 * The blog post's mosquitto command for each device, subscribers first.
 *
 * Each is for a terminal of its own, and begins with a `cd`, so that it works in a new one. All change into the same folder, where the
 * blog post changes into the device's.
 */
export function mosquittoCommands({
  fleet,
  folders,
  endpoint,
  shell,
  from = startedFrom,
}: MosquittoCommandsProps): MosquittoCommand[] {
  const { quote, continuation, read } = syntaxOf(shell);

  const commandFor = (device: Device): string => {
    const folder = folders.get(device.thingName);
    if (!folder) throw new Error(`"${device.thingName}" has no folder.`);
    const path = (file: string) => quote(pathFrom(from, file));
    const car = device.role === 'car';
    const lines = [
      `${car ? `${read} ${path(folder.messagesFile)} | mosquitto_pub` : 'mosquitto_sub'} --cafile ${path(folder.rootCaFile)}`,
      `--cert ${path(folder.certificateFile)}`,
      `--key ${path(folder.keyFile)}`,
      `-h ${quote(endpoint.host)} -p ${endpoint.port} -q 0 -t ${quote(car ? device.topic : device.topicFilter)} -i ${quote(device.clientId)}`,
      `--tls-version tlsv1.2 -d -V mqttv5${car ? ' -D publish topic-alias 2 -l' : ''}`,
    ];
    return `cd ${quote(from.replaceAll('\\', '/'))}\n${lines.join(`${continuation}\n  `)}`;
  };

  return [...fleet.subscribers, ...fleet.cars].map((device) => ({
    title: titleOf(device),
    command: commandFor(device),
  }));
}

/** The commands as one text: a comment above each. */
export function printCommands(commands: readonly MosquittoCommand[]): string {
  return commands.map(({ title, command }, index) => `# Terminal ${index + 1}: ${title}\n${command}\n`).join('\n');
}

function titleOf(device: Device): string {
  switch (device.role) {
    case 'car':
      return device.thingName;
    case 'member':
      return `${device.thingName}, of ${device.shareName}`;
    case 'consumer':
      return `${device.thingName}, of no group`;
  }
}

/** With slashes, which PowerShell takes too, and relative if the file is below the folder. */
function pathFrom(folder: string, file: string): string {
  const path = relative(folder, file);
  return (path.startsWith('..') ? file : path).replaceAll('\\', '/');
}
