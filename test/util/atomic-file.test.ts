import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  closeToOthers,
  FileError,
  makePrivateFolder,
  readIfThere,
  writeNew,
  writeOver,
} from '../../lib/util/atomic-file';
import { temporaryFolder } from '../support/temporary-folder';

const root = temporaryFolder();
let path: string;
let file: string;
let count = 0;

beforeEach(() => {
  path = join(root, String(++count));
  mkdirSync(path);
  file = join(path, 'file');
});

const modeOf = (name: string) => statSync(name).mode & 0o777;

test('A new file has its content and mode, and no temporary file is left', () => {
  expect(writeNew(file, 'content', 0o600)).toBe(true);
  expect(readIfThere(file)).toBe('content');
  expect(modeOf(file)).toBe(0o600);
  expect(readdirSync(path)).toEqual(['file']);
});

test('An existing file is not overwritten by writeNew', () => {
  writeFileSync(file, 'old');
  expect(writeNew(file, 'new', 0o600)).toBe(false);
  expect(readFileSync(file, 'utf8')).toBe('old');
  expect(readdirSync(path)).toEqual(['file']);
});

test('A file is written only if its content changes', () => {
  expect(writeOver(file, 'first', 0o644)).toBe(true);
  const { ino } = statSync(file);
  expect(writeOver(file, 'first', 0o644)).toBe(false);
  expect(statSync(file).ino).toBe(ino);
  expect(writeOver(file, 'second', 0o644)).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe('second');
  expect(readdirSync(path)).toEqual(['file']);
});

test('A missing file has no text', () => {
  expect(readIfThere(file)).toBeUndefined();
});

test('A file that others may read is closed to them, and any other keeps its mode', () => {
  writeFileSync(file, '');
  chmodSync(file, 0o644);
  closeToOthers(file);
  expect(modeOf(file)).toBe(0o600);
  chmodSync(file, 0o400);
  closeToOthers(file);
  expect(modeOf(file)).toBe(0o400);
});

test('A private folder and the folders made for it are open to their owner only', () => {
  const outer = join(path, 'outer');
  makePrivateFolder(join(outer, 'inner'));
  expect([outer, join(outer, 'inner')].map(modeOf)).toEqual([0o700, 0o700]);
});

describe('errors', () => {
  beforeEach(() => writeFileSync(file, 'a file where a folder should be'));

  test.each([
    ['read', 'ENOTDIR: not a directory', (inside: string) => readIfThere(inside)],
    ['written', 'ENOTDIR: not a directory', (inside: string) => writeNew(inside, '', 0o600)],
    ['read', 'ENOTDIR: not a directory', (inside: string) => writeOver(inside, '', 0o600)],
    ['written', 'ENOTDIR: not a directory', (inside: string) => makePrivateFolder(inside)],
    ['closed to others', 'ENOTDIR: not a directory', (inside: string) => closeToOthers(inside)],
  ])('An error names the file that cannot be %s, and the reason %s', (done, reason, action) => {
    const inside = join(file, 'inside');
    expect(() => action(inside)).toThrow(FileError);
    expect(() => action(inside)).toThrow(`${inside} cannot be ${done} (${reason}).`);
  });

  test('An error says that a folder stands in the place of the file', () => {
    expect(() => writeOver(path, '', 0o600)).toThrow(
      `${path} cannot be read (EISDIR: illegal operation on a directory).`,
    );
  });
});
