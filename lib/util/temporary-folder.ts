import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isProcessGone, processTag } from './process-tag';

/** As {@link makeTemporaryFolder} names them: what for, the process, and six random characters. */
const leftover = /^shared-subscriptions-[a-z]+-([a-zA-Z0-9]+-\d+)-[a-zA-Z0-9]{6}$/;

/**
 * Makes a temporary folder of this process. First it removes those of processes that were killed: private keys may be in them.
 *
 * @param name - what it is for, in lower-case letters
 */
export function makeTemporaryFolder(name: string): string {
  removeLeftovers();
  return mkdtempSync(join(tmpdir(), `shared-subscriptions-${name}-${processTag}-`));
}

function removeLeftovers(): void {
  for (const entry of readdirSync(tmpdir())) {
    const [, tag] = leftover.exec(entry) ?? [];
    if (tag === undefined || !isProcessGone(tag)) continue;
    try {
      rmSync(join(tmpdir(), entry), { recursive: true, force: true });
    } catch {
      // It is somebody else's, who removes it.
    }
  }
}
