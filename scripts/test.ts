import { join } from 'node:path';
import { projectRoot } from '../lib/fleet/project';
import { type Check, runChecks, runOnTerminal } from './checks';
import { runCommand } from './command-line';
import { onInterruption } from './interruption';

const usage = `
Usage: npm test [-- argument …]

Without arguments it checks everything that CI checks: types, lint, unused code, synthesis with validation, and then the tests.
With arguments it runs Jest with them, and nothing else:

  npm test -- test/fleet                one folder's tests
  npm test -- test/fleet/fleet.test.ts  one file's tests
  npm test -- -t 'a group'              the tests whose titles match
  npm test -- --watch                   the tests of what changed since the last commit, again at each change

npx jest --help lists Jest's options.

Exit code: 0 if all is well, 1 if not, 130 after Ctrl-C, 143 after SIGTERM.
`;

/** A check by a script of an installed package. */
function check(name: string, script: string, ...args: string[]): Check {
  return { name, command: [join(projectRoot, 'node_modules', script), ...args] };
}

/** None of these writes what another one reads. The slowest come first, which keeps all cores busy to the end. */
const checks = [
  check('synthesis with validation', 'aws-cdk/bin/cdk', 'synth', '--quiet', '--strict'),
  check('types of the tests', 'typescript/bin/tsc', '--project', 'test'),
  check('types of all else', 'typescript/bin/tsc'),
  check('types of the page', 'typescript/bin/tsc', '--project', 'lib/page/browser'),
  check('promises', 'oxlint/bin/oxlint'),
  check('unused code', 'knip/bin/knip.js'),
  check('format and lint', '@biomejs/biome/bin/biome', 'check'),
];

const args = process.argv.slice(2);
const isHelp = args.length === 1 && ['--help', '-h'].includes(args[0]);

runCommand('test', { usage, options: {} }, test, isHelp ? args : []);

async function test(): Promise<number> {
  const interruption = new AbortController();
  let interrupted: number | undefined;
  onInterruption((exitCode) => {
    interrupted = exitCode;
    interruption.abort();
  });
  const { signal } = interruption;
  const jest = check('tests', 'jest/bin/jest.js', ...args);
  if (args.length > 0) {
    const exitCode = await runOnTerminal(jest, signal);
    return interrupted ?? exitCode;
  }
  const failed = await runChecks(checks, { signal, write: (text) => process.stderr.write(text) });
  if (interrupted !== undefined) return interrupted;
  if (failed.length > 0) {
    console.error(`Failed: ${failed.join(', ')}. The tests were not run.`);
    return 1;
  }
  const exitCode = await runOnTerminal(jest, signal);
  return interrupted ?? exitCode;
}
