import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
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
  const existing = readCheckoutId(devicesRoot, target);
  if (existing !== undefined) return existing;
  const file = fileOf(devicesRoot, target);
  makePrivateFolder(dirname(file));
  writeNew(file, `${randomBytes(8).toString('hex')}\n`, 0o644);
  // Read back, as another process may have been faster.
  return parsed(readIfThere(file) ?? '', file);
}

/**
 * The id of this checkout for a target; undefined before the first synthesis.
 *
 * @throws DeviceFolderError when the file holds no id
 * @throws FileError when the file cannot be read
 */
export function readCheckoutId(devicesRoot: string, target: Target): string | undefined {
  const file = fileOf(devicesRoot, target);
  const text = readIfThere(file);
  return text === undefined ? undefined : parsed(text, file);
}

/** Whether a text has the form of a checkout's id. */
export function isCheckoutId(text: string): boolean {
  return /^[0-9a-f]{16}$/.test(text);
}

function fileOf(devicesRoot: string, target: Target): string {
  return join(devicesRoot, target, '.checkout-id');
}

function parsed(text: string, file: string): string {
  const id = text.trim();
  if (isCheckoutId(id)) return id;
  throw new DeviceFolderError(
    `${file} holds no checkout id, which has 16 hexadecimal digits. Bring the file back from a copy of the devices' folders, or delete it and deploy with --no-previous-parameters.`,
  );
}
