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
 * Keeps what is served beside the devices' keys, so that other commands find it. Of several servers the one that started last is found, and
 * when it ends, the one before.
 *
 * @returns removes it again, and leaves what other servers have kept
 * @throws FileError
 */
export function keepServing(devicesRoot: string, { served, fleetFile, host, port, apiUrl }: Serving): () => void {
  const file = fileIn(devicesRoot);
  const own = { process: processTag, served, fleetFile, host, port, apiUrl };
  makePrivateFolder(join(devicesRoot, 'local'));
  writeOver(file, textOf([...running(file), own]), 0o644);
  return () => {
    const others = running(file).filter((entry) => JSON.stringify(entry) !== JSON.stringify(own));
    if (others.length > 0) writeOver(file, textOf(others), 0o644);
    else rmSync(file, { force: true });
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
  const last = running(fileIn(devicesRoot)).at(-1);
  if (!last) return undefined;
  const { served, fleetFile, host, port, apiUrl } = last;
  return { served, fleetFile, host, port, apiUrl };
}

interface Entry extends Serving {
  /** The tag of the process that serves it. */
  readonly process: string;
}

/** What running processes have kept in a file, in the order in which they started. A file that is damaged has nothing. */
function running(file: string): Entry[] {
  const text = readIfThere(file);
  if (text === undefined) return [];
  try {
    const entries: unknown = JSON.parse(text);
    return Array.isArray(entries) ? entries.filter(isRunning) : [];
  } catch {
    return [];
  }
}

function isRunning(value: unknown): value is Entry {
  const { process, host, port } = Object(value) as Partial<Entry>;
  return !isProcessGone(String(process)) && typeof host === 'string' && Number.isInteger(port);
}

function textOf(entries: readonly Entry[]): string {
  return `${JSON.stringify(entries)}\n`;
}
