import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEndpoint } from '../../lib/devices/endpoint';
import { keepServing, obstacleFor, readServing, type Serving } from '../../lib/devices/serving';
import { processTag } from '../../lib/util/process-tag';
import { temporaryFolder } from '../support/temporary-folder';

const root = temporaryFolder();
const file = join(root, 'local', '.serving.json');
/** The tag of a process that does not run: no process id is that high. */
const killed = processTag.replace(/\d+$/, '4194305');
const serving: Serving = { served: 'fleet', host: '127.0.0.1', port: 18883, apiUrl: 'http://127.0.0.1:18884' };

test('What is served is found only while it is served', () => {
  expect(readServing(root)).toBeUndefined();
  const forget = keepServing(root, serving);
  expect(readServing(root)).toEqual(serving);
  expect(readEndpoint('local', root)).toMatchObject({ host: '127.0.0.1', port: 18883 });
  forget();
  expect(existsSync(file)).toBe(false);
  expect(readEndpoint('local', root)).toEqual({ host: '127.0.0.1', port: 8883 });
});

test('Commands for the fleet are told why they cannot connect, unless the fleet is served', () => {
  expect(obstacleFor(undefined)).toBe('The commands work while npm run local runs.');
  expect(obstacleFor(serving)).toBeUndefined();
  expect(obstacleFor({ ...serving, served: 'templates' })).toContain(
    "serves another app's templates and not the fleet",
  );
  expect(obstacleFor({ ...serving, served: 'account' })).toContain('serves an empty account and not the fleet');
});

test('The file of the fleet that is served is found with it', () => {
  const forget = keepServing(root, { ...serving, fleetFile: '/fleets/buses.json' });
  expect(readServing(root)?.fleetFile).toBe('/fleets/buses.json');
  forget();
});

test('When the server that started last ends, the one before is found again', () => {
  const forgetFirst = keepServing(root, serving);
  const forget = keepServing(root, { ...serving, port: 28883, fleetFile: '/fleets/buses.json' });
  expect(readServing(root)).toMatchObject({ port: 28883, fleetFile: '/fleets/buses.json' });
  forget();
  expect(readServing(root)).toEqual(serving);
  forgetFirst();
  expect(existsSync(file)).toBe(false);
});

test('A server that starts removes what was kept by one that was killed', () => {
  writeFileSync(file, JSON.stringify([{ process: killed, ...serving, port: 38883 }]));
  const forget = keepServing(root, serving);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveLength(1);
  forget();
});

test('A server that ends does not remove what a later one has kept', () => {
  const forgetFirst = keepServing(root, serving);
  const later = { ...serving, port: 28883 };
  const forget = keepServing(root, later);
  forgetFirst();
  expect(readServing(root)).toEqual(later);
  forget();
});

test.each([
  ['of a process that was killed', JSON.stringify([{ process: killed, ...serving }])],
  ['that is not JSON', '{'],
  ['that is no list', JSON.stringify({ process: processTag, ...serving })],
  ['with null in it', '[null]'],
  ['without a port', JSON.stringify([{ process: processTag, host: '127.0.0.1' }])],
])('A file %s is ignored', (_case, content) => {
  writeFileSync(file, content);
  expect(readServing(root)).toBeUndefined();
});
