import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { leftoverFolders } from '../../lib/devices/leftover-folders';
import { fleetWith } from '../support/demo-fleet';
import { temporaryFolder } from '../support/temporary-folder';

const root = temporaryFolder();

beforeAll(() => {
  for (const target of ['aws', 'account', 'local']) {
    for (const name of ['car1', `${target}9`, 'consumer3', '.certificate-authority']) {
      mkdirSync(join(root, target, name), { recursive: true });
    }
    writeFileSync(join(root, target, 'endpoint.json'), '');
  }
});

test.each(['aws', 'account'] as const)(
  'A folder of no device is found in devices/%s, and no device’s folder, file or hidden folder',
  (target) => {
    const found = leftoverFolders(fleetWith(), root, target);
    expect(found.map(({ path }) => path)).toEqual([join(root, target, `${target}9`)]);
  },
);

test('The folders that scenarios and other fleets leave in devices/local are not named', () => {
  expect(leftoverFolders(fleetWith(), root, 'local')).toEqual([]);
});

test('A target without any folder has no leftover', () => {
  expect(leftoverFolders(fleetWith(), join(root, 'nowhere'), 'aws')).toEqual([]);
});
