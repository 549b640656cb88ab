import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of a test file's own, removed when its tests are done. */
export function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'shared-subscriptions-test-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
