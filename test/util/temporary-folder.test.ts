import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import os from 'node:os';
import { basename, join } from 'node:path';
import { processTag } from '../../lib/util/process-tag';
import { makeTemporaryFolder } from '../../lib/util/temporary-folder';
import { temporaryFolder } from '../support/temporary-folder';

const root = temporaryFolder();

beforeAll(() => {
  jest.spyOn(os, 'tmpdir').mockReturnValue(root);
});

afterAll(() => jest.restoreAllMocks());

test('A temporary folder removes those of killed processes, and no other', () => {
  const host = processTag.split('-')[0];
  /** A process id that no process has. */
  const gone = 2 ** 22 + 1;
  const killed = `shared-subscriptions-soak-${host}-${gone}-aB3dE6`;
  const others = [
    `shared-subscriptions-soak-${processTag}-aB3dE6`,
    `shared-subscriptions-soak-elsewhere-${gone}-aB3dE6`,
    'shared-subscriptions-test-aB3dE6',
    `other-${host}-${gone}-aB3dE6`,
  ];
  for (const name of [killed, ...others]) mkdirSync(join(root, name, 'inside'), { recursive: true });
  const made = makeTemporaryFolder('synth');
  expect(existsSync(made)).toBe(true);
  expect(readdirSync(root).sort()).toEqual([...others, basename(made)].sort());
});
