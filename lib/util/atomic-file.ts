import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isProcessGone, processTag } from './process-tag';
import { reasonOf } from './reason-of';

/** A file that cannot be read or written. The message names the file and the system's reason. */
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
 * @returns false if there was one, which stays as it is, even if another process made it at this moment
 * @throws FileError
 */
export function writeNew(file: string, content: string, mode: number): boolean {
  // Looked for first, so that a folder that is complete may be read-only.
  if (existsSync(file)) return false;
  const publish = (temporary: string) => unless('EEXIST', () => link(temporary, file, content, mode)) ?? false;
  return attempt('written', file, () => withTemporary(file, content, mode, publish));
}

/**
 * Writes a file whole or not at all. It replaces an existing file.
 *
 * @returns false if the file had this text already
 * @throws FileError
 */
export function writeOver(file: string, content: string, mode: number): boolean {
  if (readIfThere(file) === content) return false;
  attempt('written', file, () => withTemporary(file, content, mode, (temporary) => renameSync(temporary, file)));
  return true;
}

/**
 * Makes a folder, and those that it is in, that only its owner may open. Removes the temporary files that a killed process left there.
 *
 * @throws FileError
 */
export function makePrivateFolder(path: string): void {
  attempt('written', path, () => mkdirSync(path, { recursive: true, mode: 0o700 }));
  closeToOthers(path);
  attempt('read', path, () => removeLeftovers(path));
}

/**
 * Leaves only the owner's rights to a file or folder, if others have any.
 *
 * @throws FileError
 */
export function closeToOthers(path: string): void {
  attempt('closed to others', path, () => {
    const { mode } = statSync(path);
    if (mode & 0o077) chmodSync(path, mode & 0o700);
  });
}

/** Gives a file its name. Unlike rename(2), link(2) never overwrites. @throws the system's error EEXIST if there is a file */
function link(temporary: string, file: string, content: string, mode: number): true {
  try {
    linkSync(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    // A disk without hard links, such as FAT or exFAT. Nothing is overwritten there either, but a process that reads at this very moment may
    // see a part of the file.
    writeWhole(file, content, mode);
  }
  return true;
}

/** Writes a file that does not exist. @throws the system's error EEXIST if it does */
function writeWhole(file: string, content: string, mode: number): void {
  const descriptor = openSync(file, 'wx', mode);
  try {
    writeFileSync(descriptor, content);
    // The name must not reach the disk before the content: after a power cut an empty file would stand under it.
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

function withTemporary<T>(file: string, content: string, mode: number, publish: (temporary: string) => T): T {
  // In the same folder, as neither link(2) nor rename(2) crosses file systems.
  const temporary = join(dirname(file), `.${basename(file)}.${processTag}.${randomUUID()}`);
  try {
    writeWhole(temporary, content, mode);
    return publish(temporary);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** The name of a temporary file: the file's, the process, and a UUID. */
const leftover = /^\..+\.([a-zA-Z0-9]+-\d+)\.[0-9a-f-]{36}$/;

function removeLeftovers(path: string): void {
  for (const name of readdirSync(path)) {
    const [, tag] = leftover.exec(name) ?? [];
    if (tag !== undefined && isProcessGone(tag)) rmSync(join(path, name), { force: true });
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
    throw new FileError(
      `${path} cannot be ${done} (${reasonOf(error)}). Check its place, its owner and the disk, then run the command again.`,
      {
        cause: error,
      },
    );
  }
}
