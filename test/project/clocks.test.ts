import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '../../lib/fleet/project';
import { temporaryFolder } from '../support/temporary-folder';

const folder = temporaryFolder();

const wallClock = ['Date.now()', 'Date.now', 'new Date()', 'Date()'];
const otherClocks = ['performance.now()', 'performance.now', 'process.hrtime.bigint()', 'process.uptime()'];
const noClock = ["new Date('2030-01-01')", 'new Date(5)', "Date.parse('2030-01-01')", 'performance.timeOrigin'];
const expressions = [...wallClock, ...otherClocks, ...noClock];

/** The expressions that the linter refuses in a file, by the file's path. */
function refusedIn(files: readonly string[]): Record<string, string[]> {
  for (const name of ['biome.json', 'lint']) cpSync(join(projectRoot, name), join(folder, name), { recursive: true });
  for (const file of files) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), expressions.map((each, index) => `export const a${index} = ${each};\n`).join(''));
  }
  const args = [require.resolve('@biomejs/biome/bin/biome'), 'lint', '--vcs-enabled=false', '--reporter=json', 'lib'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { category: string; location: { path: string; start: { line: number } } }[];
  };
  const places = diagnostics.filter(({ category }) => category === 'plugin').map(({ location }) => location);
  const linesOf = (file: string) => new Set(places.filter(({ path }) => path === file).map(({ start }) => start.line));
  const refused = (file: string) => [...linesOf(file)].sort((a, b) => a - b).map((line) => expressions[line - 1]);
  return Object.fromEntries(files.map((file) => [file, refused(file)]));
}

test('The linter lets only clocks.ts of IoT Core Local read a clock, and no other file of lib read the wall clock', () => {
  const [room, core, clocks] = ['lib/page/x.ts', 'lib/iot-core-local/broker/x.ts', 'lib/iot-core-local/clocks.ts'];
  expect(refusedIn([room, core, clocks])).toEqual({
    [room]: wallClock,
    [core]: [...wallClock, ...otherClocks],
    [clocks]: [],
  });
});
