import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { makePrivateFolder, readIfThere, writeNew } from '../util/atomic-file';
import { DeviceFolderError, type Target } from './device-folder';

/**
 * The id of this checkout for a target. It is made once and kept beside the devices' folders, in `devices/<target>/.checkout-id`, so that it
 * moves with their keys.
 *
 * @throws DeviceFolderError when the file holds no id
 * @throws FileError when the file cannot be read or written
 */
export function ensureCheckoutId(devicesRoot: string, target: Target): string {
  const folder = join(devicesRoot, target);
  const file = join(folder, '.checkout-id');
  const existing = readIfThere(file);
  if (existing !== undefined) return parsed(existing, file);
  makePrivateFolder(folder);
  writeNew(file, `${randomBytes(8).toString('hex')}\n`, 0o644);
  // Read back, as another process may have been faster.
  return parsed(readIfThere(file) ?? '', file);
}

function parsed(text: string, file: string): string {
  const id = text.trim();
  if (/^[0-9a-f]{16}$/.test(id)) return id;
  throw new DeviceFolderError(
    `${file} holds no checkout id, which has 16 hexadecimal digits. Bring the file back from a copy of the devices' folders, or delete it and deploy with --no-previous-parameters.`,
  );
}
