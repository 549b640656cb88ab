import { rmSync } from 'node:fs';
import { constants } from 'node:os';
import { makeTemporaryFolder } from '../lib/util/temporary-folder';
import { onParentGone } from './parent';

/**
 * Calls a listener when this process is to end: on Ctrl-C and SIGTERM, which then no longer end it, and when the process that started it is
 * gone. One Ctrl-C may call it twice: the terminal and npm both send the signal.
 *
 * @param listener - gets the exit code that stands for the reason: 130, 143, or 129 as for a terminal that is closed
 */
export function onInterruption(listener: (exitCode: number) => void): void {
  onEndSignal(listener);
  onParentGone(() => listener(128 + constants.signals.SIGHUP));
}

/** As {@link onInterruption}, for a process that may go on without the one that started it. */
export function onEndSignal(listener: (exitCode: number) => void): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => listener(128 + constants.signals[signal]));
  }
}

/** Uses a temporary folder, and removes it afterwards or when the process ends: private keys are in it. */
export async function inTemporaryFolder<T>(name: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = makeTemporaryFolder(name);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    return await use(folder);
  } finally {
    process.off('exit', remove);
    remove();
  }
}
