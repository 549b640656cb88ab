import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateFolder, readIfThere, writeOver } from '../util/atomic-file';
import { isProcessGone, processTag } from '../util/process-tag';

/** What `npm run local` serves: a fleet, an empty account, or the templates of another app. */
type Served = 'fleet' | 'account' | 'templates';

/** IoT Core Local as `npm run local` serves it on this machine. */
export interface Serving {
  readonly served: Served;
  /** The path of the fleet's file; undefined for the fleet of cdk.json. */
  readonly fleetFile?: string;
  readonly host: string;
  /** Of MQTT. */
  readonly port: number;
  /** `http://127.0.0.1:8884` */
  readonly apiUrl?: string;
}

const fileIn = (devicesRoot: string) => join(devicesRoot, 'local', '.serving.json');

/**
 * Keeps what is served beside the devices' keys, so that other commands find it. Of two servers the later one is kept.
 *
 * @returns removes it again, unless another server has kept its own
 * @throws FileError
 */
export function keepServing(devicesRoot: string, { served, fleetFile, host, port, apiUrl }: Serving): () => void {
  const file = fileIn(devicesRoot);
  const text = `${JSON.stringify({ process: processTag, served, fleetFile, host, port, apiUrl })}\n`;
  makePrivateFolder(join(devicesRoot, 'local'));
  writeOver(file, text, 0o644);
  return () => {
    if (readIfThere(file) === text) rmSync(file, { force: true });
  };
}

/** Why the fleet's devices cannot connect to what is served: a sentence; undefined if they can. */
export function obstacleFor(serving: Serving | undefined): string | undefined {
  if (!serving) return 'The commands work while npm run local runs.';
  if (serving.served === 'fleet') return undefined;
  const other = { account: 'an empty account', templates: "another app's templates" }[serving.served];
  return `npm run local serves ${other} and not the fleet, so the commands cannot connect.`;
}

/** What is served now; undefined if nothing is, or if the file is left over from a process that was killed. */
export function readServing(devicesRoot: string): Serving | undefined {
  const text = readIfThere(fileIn(devicesRoot));
  if (text === undefined) return undefined;
  try {
    const { process, served, fleetFile, host, port, apiUrl } = JSON.parse(text);
    if (isProcessGone(String(process)) || typeof host !== 'string' || !Number.isInteger(port)) return undefined;
    return { served, fleetFile, host, port, apiUrl };
  } catch {
    return undefined;
  }
}
