import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateFolder, readIfThere, writeOver } from '../util/atomic-file';
import { isProcessGone, processTag } from '../util/process-tag';

/** What IoT Core Local serves on this machine. */
export interface Serving {
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
export function keepServing(devicesRoot: string, { host, port, apiUrl }: Serving): () => void {
  const file = fileIn(devicesRoot);
  const text = `${JSON.stringify({ process: processTag, host, port, apiUrl })}\n`;
  makePrivateFolder(join(devicesRoot, 'local'));
  writeOver(file, text, 0o644);
  return () => {
    if (readIfThere(file) === text) rmSync(file, { force: true });
  };
}

/** What is served at present; undefined if nothing is, or only a killed process's is kept. */
export function readServing(devicesRoot: string): Serving | undefined {
  const text = readIfThere(fileIn(devicesRoot));
  if (text === undefined) return undefined;
  try {
    const { process, host, port, apiUrl } = JSON.parse(text);
    if (isProcessGone(String(process)) || typeof host !== 'string' || !Number.isInteger(port)) return undefined;
    return { host, port, apiUrl };
  } catch {
    return undefined;
  }
}
