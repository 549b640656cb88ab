import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for one test file, removed after its tests. */
export function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'shared-subscriptions-test-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
