import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { leftoverFolders } from '../../lib/devices/leftover-folders';
import { fleetWith } from '../support/demo-fleet';
import { temporaryFolder } from '../support/temporary-folder';

const root = temporaryFolder();

test('A folder of no device is found, and no device’s folder, file or hidden folder', () => {
  for (const name of ['car1', 'car9', 'consumer3', '.certificate-authority']) {
    mkdirSync(join(root, 'local', name), { recursive: true });
  }
  mkdirSync(join(root, 'aws', 'car8'), { recursive: true });
  writeFileSync(join(root, 'local', 'endpoint.json'), '');
  expect(leftoverFolders(fleetWith(), root, 'local').map(({ path }) => path)).toEqual([join(root, 'local', 'car9')]);
});

test('A target without any folder has no leftover', () => {
  expect(leftoverFolders(fleetWith(), join(root, 'nowhere'), 'aws')).toEqual([]);
});
