import { join } from 'node:path';
import { keepServing } from '../../lib/devices/serving';
import { projectRoot } from '../../lib/fleet/project';
import { temporaryFolder } from '../support/temporary-folder';
import { useIotCore } from '../support/use-iot-core';
import { ProjectCopy } from './project-copy';

// npm run local -- --fleet examples/buses.json runs, and somebody types the other commands without --fleet.

const fixture = useIotCore({ apiPort: 0 });
const project = new ProjectCopy(temporaryFolder());

beforeAll(() => {
  const { port, apiUrl } = fixture.iotCore;
  const fleetFile = join(projectRoot, 'examples/buses.json');
  keepServing(project.devicesRoot, { served: 'fleet', fleetFile, host: '127.0.0.1', port, apiUrl });
});

test('npm run commands prints the commands of the fleet that npm run local serves', async () => {
  const { output } = await project.script(process.env, 'commands');
  expect(output).toContain("-t '$share/dispatch/city/buses/position' -i dispatcher-east-sub");
  expect(output).not.toContain('cars/data');
}, 30_000);

test('npm run status -- --local shows the fleet that npm run local serves', async () => {
  const { output } = await project.script(process.env, 'status', '--local');
  expect(output).toMatch(/^bus-12 /m);
  expect(output).not.toContain('car1');
}, 30_000);
