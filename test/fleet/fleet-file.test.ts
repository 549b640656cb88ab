import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fleet } from '../../lib/fleet/fleet';
import { fleetContext, readFleet } from '../../lib/fleet/fleet-file';
import { readContext } from '../../lib/fleet/project';
import { demoContext } from '../support/demo-fleet';
import { temporaryFolder } from '../support/temporary-folder';

const folder = temporaryFolder();

/** A file with this text. */
function fileWith(text: string): string {
  const file = join(folder, 'fleet.json');
  writeFileSync(file, text);
  return file;
}

test('A fleet is read from a file', () => {
  const file = fileWith(JSON.stringify({ ...demoContext, cars: ['tram1'] }));
  expect(readFleet(file).cars.map(({ thingName }) => thingName)).toEqual(['tram1']);
  expect(fleetContext(file)).toEqual({ fleet: { ...demoContext, cars: ['tram1'], stacks: 1 } });
});

test('A large fleet of a file is divided among as many stacks as it needs, unless the file says how many', () => {
  const cars = Array.from({ length: 200 }, (_, index) => `tram${index}`);
  const text = (changes: object) => JSON.stringify({ ...demoContext, cars, ...changes });
  expect(readFleet(fileWith(text({}))).stacks).toBeGreaterThan(3);
  expect(readFleet(fileWith(text({ stacks: 7 }))).stacks).toBe(7);
});

test('Without a file the fleet is that of cdk.json', () => {
  expect(readFleet()).toEqual(Fleet.fromContext(readContext().fleet));
  expect(fleetContext()).toEqual({});
});

test.each([
  ['no JSON', '{', /fleet\.json cannot be read as a fleet: /],
  ['no fleet', '[]', /fleet\.json: The context key "fleet" must be an object/],
  ['no fleet but null', 'null', /fleet\.json: The context key "fleet" must be an object/],
  [
    'a cdk.json in it',
    JSON.stringify({ context: { fleet: demoContext } }),
    /fleet\.json: .* the key "context\.fleet"\./,
  ],
  ['a fleet under a key', JSON.stringify({ fleet: demoContext }), /fleet\.json: .* the key "fleet"\./],
  ['a context of null', JSON.stringify({ context: null }), /fleet\.json: .*"context" is none of them/],
  ['a bad name', JSON.stringify({ ...demoContext, cars: ['car 1'] }), /fleet\.json: .*"car 1"/],
])('An error names the file with %s', (_, text, message) => {
  const file = fileWith(text);
  expect(() => readFleet(file)).toThrow(message);
  expect(() => fleetContext(file)).toThrow(message);
});

test('An error names a file that is missing', () => {
  expect(() => readFleet(join(folder, 'nowhere.json'))).toThrow(
    /nowhere\.json cannot be read as a fleet: ENOENT: no such file or directory\.$/,
  );
});
