import fs, { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  closeToOthers,
  FileError,
  makePrivateFolder,
  readIfThere,
  writeNew,
  writeOver,
} from '../../lib/util/atomic-file';
import { processTag } from '../../lib/util/process-tag';
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

describe('unusual disks and killed processes', () => {
  /** A process id that no process has. */
  const gone = 2 ** 22 + 1;

  afterEach(() => jest.restoreAllMocks());

  test('An existing file on a read-only disk causes no error', () => {
    writeFileSync(file, 'old');
    jest.spyOn(fs, 'openSync').mockImplementation(() => {
      throw Object.assign(new Error('EROFS: read-only file system, open'), { code: 'EROFS' });
    });
    expect(writeNew(file, 'new', 0o600)).toBe(false);
    expect(writeOver(file, 'old', 0o600)).toBe(false);
    makePrivateFolder(path);
    expect(() => writeOver(file, 'new', 0o600)).toThrow(`${file} cannot be written (EROFS: read-only file system).`);
  });

  test.each(['EPERM', 'ENOTSUP', 'ENOSYS', 'EISDIR'])(
    'A disk without hard links, which answers %s, takes new files',
    (code) => {
      jest.spyOn(fs, 'linkSync').mockImplementation(() => {
        throw Object.assign(new Error(`${code}: no hard links, link`), { code });
      });
      expect(writeNew(file, 'content', 0o600)).toBe(true);
      expect([readFileSync(file, 'utf8'), modeOf(file), readdirSync(path)]).toEqual(['content', 0o600, ['file']]);
      expect(writeNew(file, 'other', 0o600)).toBe(false);
      expect(readFileSync(file, 'utf8')).toBe('content');
    },
  );

  test('A disk without hard links overwrites no file that another process has just made', () => {
    jest.spyOn(fs, 'linkSync').mockImplementation(() => {
      writeFileSync(file, 'of another process');
      throw Object.assign(new Error('EPERM: no hard links, link'), { code: 'EPERM' });
    });
    expect(writeNew(file, 'content', 0o600)).toBe(false);
    expect(readFileSync(file, 'utf8')).toBe('of another process');
    expect(readdirSync(path)).toEqual(['file']);
  });

  test('Temporary files of a killed process are removed, and those of a running one are not', () => {
    const host = processTag.split('-')[0];
    const names = [`${host}-${gone}`, processTag, `elsewhere-${gone}`].map(
      (tag) => `.car1.private.key.${tag}.01234567-89ab-cdef-0123-456789abcdef`,
    );
    for (const name of [...names, '.hidden', 'car1.private.key']) writeFileSync(join(path, name), '');
    makePrivateFolder(path);
    expect(readdirSync(path).sort()).toEqual([...names.slice(1), '.hidden', 'car1.private.key'].sort());
  });
});
