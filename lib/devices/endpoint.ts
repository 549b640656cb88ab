import { dirname, join } from 'node:path';
import { makePrivateFolder, readIfThere, writeOver } from '../util/atomic-file';
import type { Target } from './device-folder';
import { readServing } from './serving';

/** The address at which MQTT is served. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** AWS IoT Core's port for MQTT with client certificates, and IoT Core Local's. */
const mqttPort = 8883;

/** The file that holds the AWS account's data endpoint: `devices/aws/endpoint.json`. */
export function endpointFile(devicesRoot: string, target: Exclude<Target, 'local'> = 'aws'): string {
  return join(devicesRoot, target, 'endpoint.json');
}

/**
 * Keeps the AWS account's data endpoint, as `aws iot describe-endpoint` answers it.
 *
 * @param endpointAddress - a host name, or `<host>:<port>` if the port is not MQTT's
 * @throws FileError
 */
export function writeEndpoint(
  endpointAddress: string,
  devicesRoot: string,
  target: Exclude<Target, 'local'> = 'aws',
): void {
  const file = endpointFile(devicesRoot, target);
  makePrivateFolder(dirname(file));
  writeOver(file, `${JSON.stringify({ endpointAddress })}\n`, 0o644);
}

/**
 * The endpoint of a target's devices. For `local` it is what `npm run local` serves on this machine now, or its default. Otherwise it is
 * the one that `npm run certs` has looked up.
 *
 * @throws Error naming the file and the next step, if the file is missing or holds no endpoint
 */
export function readEndpoint(target: Target, devicesRoot: string): Endpoint {
  if (target === 'local') return readServing(devicesRoot) ?? { host: '127.0.0.1', port: mqttPort };
  const file = endpointFile(devicesRoot, target);
  const text = readIfThere(file);
  if (text === undefined) {
    throw new Error(`${file} is missing. Run npx cdk deploy --all, then npm run certs, which writes it.`);
  }
  const [, host, port] = /^([^\s:]+)(?::(\d+))?$/.exec(addressIn(text)) ?? [];
  if (!host) throw new Error(`${file} holds no endpoint: ${text.trim()}. Run npm run certs to write it anew.`);
  return { host, port: Number(port ?? mqttPort) };
}

/** The Region of an AWS data endpoint; undefined for a host of another kind, such as a custom domain. */
export function regionOfEndpoint(host: string): string | undefined {
  return /\.iot\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/.exec(host)?.[1];
}

/**
 * What a person must know who uses the CDK's CLI in another Region than the one in which `npm run certs` enrolled the devices: of stacks that
 * do not exist there, `cdk destroy` says that they are destroyed.
 *
 * @param region - that the CLI uses
 * @returns undefined if it is the same Region, or if one of them is not known
 * @throws FileError when the file of the endpoint cannot be read
 */
export function warningOfOtherRegion(
  region: string | undefined,
  devicesRoot: string,
  target: Exclude<Target, 'local'>,
): string | undefined {
  const file = endpointFile(devicesRoot, target);
  const enrolled = regionOfEndpoint(addressIn(readIfThere(file) ?? ''));
  if (!region || !enrolled || enrolled === region) return undefined;
  return `Warning: the devices of this checkout are enrolled in Region ${enrolled}, as ${file} says, but the CDK uses ${region}. What is deployed in ${enrolled} stays there, also if cdk destroy says that it is destroyed. To change or destroy it, set AWS_REGION=${enrolled}. For a second fleet in ${region}, make another checkout: docs/maintenance.md says how.`;
}

function addressIn(text: string): string {
  try {
    return String(JSON.parse(text)?.endpointAddress ?? '');
  } catch {
    return '';
  }
}
