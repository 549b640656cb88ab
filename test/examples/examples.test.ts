import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readFleet } from '../../lib/fleet/fleet-file';
import { projectRoot } from '../../lib/fleet/project';
import { startLocalFleet } from '../../lib/targets/local-fleet';
import { castOf, type Scenario } from '../../lib/walk-through/scenario';
import { figure } from '../../lib/walk-through/scenarios/figure';
import { notShared } from '../../lib/walk-through/scenarios/not-shared';
import { shared } from '../../lib/walk-through/scenarios/shared';
import { WalkThrough } from '../../lib/walk-through/walk-through';
import { fleetWith } from '../support/demo-fleet';
import { temporaryFolder } from '../support/temporary-folder';

const folder = join(projectRoot, 'examples');
const devicesRoot = temporaryFolder();

/** The scenario for each file of examples/. */
const examples: Readonly<Record<string, Scenario>> = {
  'buses.json': shared,
  'figure.json': figure,
  'many-cars.json': shared,
  'not-shared.json': notShared,
};

test('Every file of examples/ has a scenario here', () => {
  expect(readdirSync(folder).sort()).toEqual(Object.keys(examples).sort());
});

test.each(Object.entries(examples))(
  'The fleet of examples/%s passes its walk-through',
  async (file, scenario) => {
    const given = castOf(readFleet(join(folder, file)));
    const { core, fleet, folders } = await startLocalFleet({ port: 0, devicesRoot, context: { fleet: given } });
    try {
      const props = { scenario, fleet, folders, endpoint: core, target: 'local', mqtt: 5, qos: 1 } as const;
      const scoreboard = await new WalkThrough(props).play();
      expect(scoreboard.problems()).toEqual([]);
      expect(scoreboard.published).toBe(3 * given.cars.length);
    } finally {
      await core.stop();
    }
  },
  30_000,
);

test.each([
  ['figure.json', figure],
  ['not-shared.json', notShared],
] as const)('Examples/%s is the fleet that its scenario makes of the demo', (file, scenario) => {
  expect(castOf(readFleet(join(folder, file)))).toEqual(scenario.cast(castOf(fleetWith()), { isDeployed: false }));
});
