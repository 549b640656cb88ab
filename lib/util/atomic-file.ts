import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A file that cannot be read or written. Its message names the file and gives the system's reason. */
export class FileError extends Error {
  override readonly name = 'FileError';
}

/**
 * A file's text, or undefined if there is none.
 *
 * @throws FileError
 */
export function readIfThere(file: string): string | undefined {
  return attempt('read', file, () => unless('ENOENT', () => readFileSync(file, 'utf8')));
}

/**
 * Writes a file whole or not at all, unless there is one already.
 *
 * @returns false when there was one, which then is as it was, even if another process made it this very moment
 * @throws FileError
 */
export function writeNew(file: string, content: string, mode: number): boolean {
  // Unlike rename(2), link(2) never overwrites.
  const link = (temporary: string) => unless('EEXIST', () => linkSync(temporary, file) ?? true) ?? false;
  return attempt('written', file, () => withTemporary(file, content, mode, link));
}

/**
 * Writes a file whole or not at all, in the place of one that may be there.
 *
 * @returns false when this very text was there already
 * @throws FileError
 */
export function writeOver(file: string, content: string, mode: number): boolean {
  if (readIfThere(file) === content) return false;
  attempt('written', file, () => withTemporary(file, content, mode, (temporary) => renameSync(temporary, file)));
  return true;
}

/**
 * Makes a folder, and those that it is in, that nobody but its owner may look into.
 *
 * @throws FileError
 */
export function makePrivateFolder(path: string): void {
  attempt('written', path, () => mkdirSync(path, { recursive: true, mode: 0o700 }));
  closeToOthers(path);
}

/**
 * Takes away all rights to a file or folder but its owner's, if others have any.
 *
 * @throws FileError
 */
export function closeToOthers(path: string): void {
  attempt('closed to others', path, () => {
    const { mode } = statSync(path);
    if (mode & 0o077) chmodSync(path, mode & 0o700);
  });
}

function withTemporary<T>(file: string, content: string, mode: number, publish: (temporary: string) => T): T {
  // In the same folder, as neither link(2) nor rename(2) crosses file systems.
  const temporary = join(dirname(file), `.${basename(file)}.${randomUUID()}`);
  try {
    const descriptor = openSync(temporary, 'wx', mode);
    try {
      writeFileSync(descriptor, content);
      // The name must not reach the disk before the content: after a power cut an empty file would stand under it.
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    return publish(temporary);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function unless<T>(code: string, action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === code) return undefined;
    throw error;
  }
}

function attempt<T>(done: string, path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    // The system's own words without the call and the path that Node adds: "ENOSPC: no space left on device".
    const [reason] = (error as Error).message.split(', ');
    throw new FileError(
      `${path} cannot be ${done} (${reason}). Check its place, its owner and the disk, then run the command again.`,
      {
        cause: error,
      },
    );
  }
}
