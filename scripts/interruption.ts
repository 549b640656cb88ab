import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Has a listener told of Ctrl-C and SIGTERM, which then no longer end the process. It may be told of one Ctrl-C twice: by the terminal, and
 * by npm.
 *
 * @param listener - gets the exit code that stands for the signal: 130 or 143
 */
export function onInterruption(listener: (exitCode: number) => void): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => listener(128 + constants.signals[signal]));
  }
}

/** Has something done in a temporary folder, which is gone when that is done or the process ends: private keys are in it. */
export async function inTemporaryFolder<T>(name: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), `shared-subscriptions-${name}-`));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    return await use(folder);
  } finally {
    process.off('exit', remove);
    remove();
  }
}
