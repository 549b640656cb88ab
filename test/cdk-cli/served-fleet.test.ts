import { join } from 'node:path';
import { keepServing, type Serving } from '../../lib/devices/serving';
import { projectRoot } from '../../lib/fleet/project';
import { temporaryFolder } from '../support/temporary-folder';
import { useIotCore } from '../support/use-iot-core';
import { ProjectCopy } from './project-copy';

// npm run local -- --fleet examples/buses.json or --template runs, and somebody types the other commands without --fleet.

const fixture = useIotCore({ apiPort: 0 });
const project = new ProjectCopy(temporaryFolder());

beforeAll(() => {
  keep({ served: 'fleet', fleetFile: join(projectRoot, 'examples/buses.json') });
});

/** @returns removes it again */
function keep(what: Pick<Serving, 'served' | 'fleetFile'>): () => void {
  const { port, apiUrl } = fixture.iotCore;
  return keepServing(project.devicesRoot, { ...what, host: '127.0.0.1', port, apiUrl });
}

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

test('npm run status -- --local says that a template is served, and where its things are listed', async () => {
  const forget = keep({ served: 'templates' });
  try {
    const { exitCode, output } = await project.script(process.env, 'status', '--local');
    expect(output).toContain("status: npm run local serves another app's templates");
    expect(output).toContain('docs/templates.md');
    expect(output).not.toContain('no such thing');
    expect(exitCode).toBe(1);
  } finally {
    forget();
  }
}, 30_000);
