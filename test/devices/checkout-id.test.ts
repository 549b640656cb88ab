import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureCheckoutId } from '../../lib/devices/checkout-id';
import { DeviceFolderError } from '../../lib/devices/device-folder';
import { temporaryFolder } from '../support/temporary-folder';

const root = temporaryFolder();

test('A checkout’s id is made once and kept', () => {
  const id = ensureCheckoutId(root, 'aws');
  expect(id).toMatch(/^[0-9a-f]{16}$/);
  expect(ensureCheckoutId(root, 'aws')).toBe(id);
  expect(readdirSync(join(root, 'aws'))).toEqual(['.checkout-id']);
  expect(statSync(join(root, 'aws')).mode & 0o777).toBe(0o700);
});

test('Each target has its own id, and a new folder gets another', () => {
  const ids = [ensureCheckoutId(root, 'aws'), ensureCheckoutId(root, 'local')];
  rmSync(join(root, 'aws'), { recursive: true });
  expect(new Set([...ids, ensureCheckoutId(root, 'aws')]).size).toBe(3);
});

test.each(['', 'garbage', '0123456789abcdef0'])('A file with %j is refused and kept', (content) => {
  const folder = join(root, 'spoiled', 'aws');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '.checkout-id'), content);
  expect(() => ensureCheckoutId(join(root, 'spoiled'), 'aws')).toThrow(DeviceFolderError);
  expect(() => ensureCheckoutId(join(root, 'spoiled'), 'aws')).toThrow('.checkout-id holds no checkout id');
});
