import './quiet-sdk';
import { mkdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Fleet } from '../lib/fleet/fleet';
import { projectRoot, readContext, startedFrom } from '../lib/fleet/project';
import { localAccess } from '../lib/rehearsal/account/local-access';
import { RehearsalAccount } from '../lib/rehearsal/account/rehearsal-account';
import { prepare, rehearse } from '../lib/rehearsal/rehearse';
import { steps } from '../lib/rehearsal/steps/steps';
import { type RehearsalResult, verdictLines, verdictOf } from '../lib/rehearsal/view/outcome';
import { rowsOf, runningRow } from '../lib/rehearsal/view/rows';
import { accountEnvironment, printEnvironment } from '../lib/targets/account-environment';
import { startLocalAccount } from '../lib/targets/local-account';
import { paint } from '../lib/walk-through/view/paint';
import { terminalOf } from '../lib/walk-through/view/terminal';
import { runCommand } from './command-line';
import { inTemporaryFolder, onInterruption } from './interruption';

const usage = `
Usage: npm run rehearse [-- options]

Goes the whole way of the fleet through an AWS account, with one verdict: the CDK's own CLI deploys it, each device gets its certificate, the
walk-through runs with all that is forbidden, the fleet is changed and deployed again, somebody tampers with it in every way, and cdk destroy
must leave nothing. It runs on this machine, in an empty account of IoT Core Local. It uses keys of its own, in a temporary folder.

Options:
  --keep        stop before the destruction, to look around; Ctrl-C then goes on
  --output DIR  the folder for the output of the CDK's CLI (default: rehearsal/, in a folder named after the time)
  --json        print the result as one JSON object; the table goes to stderr
  --help        this text

Exit code: 0 for a pass, 1 for a fail, 2 for a bad option, 130 after Ctrl-C, 143 after SIGTERM.
`;

const options = {
  keep: { type: 'boolean', default: false },
  output: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

runCommand('rehearse', { usage, options }, (values) =>
  inTemporaryFolder('rehearsal', async (folder) => {
    const output = outputFolder(values.output);
    const cdkLog = join(output, 'cdk.log');
    const interruption = interruptions();
    const core = await startLocalAccount({ port: 0, apiPort: 0 });
    const environment = accountEnvironment(core, join(folder, 'devices'));
    const { region } = core.registry.location;
    const access = localAccess({ apiUrl: core.apiUrl!, region, rootCaPem: core.rootCaPem, environment });
    const account = new RehearsalAccount(access);
    try {
      const fleet = Fleet.fromContext(readContext().fleet);
      const begin = performance.now();
      const rehearsal = await prepare({ account, fleet, folder, cdkLog });
      const stream = values.json ? process.stderr : process.stdout;
      const pause = async () => {
        console.error(
          `\n${printEnvironment(environment, 'bash')}\nPaste these lines into another terminal. Ctrl-C goes on.`,
        );
        await interruption.next();
      };
      const results = await rehearse(rehearsal, {
        steps,
        listener: tableOn(stream),
        interruption: interruption.signal,
        pause: values.keep ? pause : undefined,
      });
      const seconds = Math.round((performance.now() - begin) / 100) / 10;
      const verdict = verdictOf(results, interruption.exitCode !== undefined);
      const result: RehearsalResult = { target: account.target, region, verdict, seconds, steps: results, cdkLog };
      if (values.json) console.log(JSON.stringify(result));
      else console.log(`\n${verdictLines({ ...result, cdkLog: relative(startedFrom, cdkLog) }).join('\n')}`);
      return verdict === 'fail' ? 1 : (interruption.exitCode ?? 0);
    } finally {
      account.close();
      await core.stop();
    }
  }),
);

/** The folder for what a rehearsal leaves behind. */
function outputFolder(given: string | undefined): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  const folder = given === undefined ? join(projectRoot, 'rehearsal', time) : resolve(startedFrom, given);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Ctrl-C and SIGTERM: the first ends the rehearsal, or the look around if that is under way. */
function interruptions() {
  const controller = new AbortController();
  let waiting: (() => void) | undefined;
  const state = {
    signal: controller.signal,
    exitCode: undefined as number | undefined,
    next: () =>
      new Promise<void>((resolve) => {
        waiting = resolve;
      }),
  };
  onInterruption((exitCode) => {
    if (waiting) {
      waiting();
      // One Ctrl-C may come twice: from the terminal, and from npm.
      return;
    }
    if (state.exitCode === undefined)
      console.error('\nInterrupted. When this step has ended, what was made is destroyed.');
    state.exitCode ??= exitCode;
    controller.abort();
  });
  return state;
}

/** Shows each step as it ends, and on a terminal the one that runs. */
function tableOn(stream: NodeJS.WriteStream) {
  const terminal = terminalOf(stream);
  const colors = paint(terminal.color);
  const clear = '\r\u001b[K';
  return {
    begun(step: { readonly name: string }) {
      if (terminal.columns !== undefined) stream.write(runningRow(step));
    },
    ended(result: Parameters<typeof rowsOf>[0]) {
      const rows = rowsOf(result, colors).join('\n');
      stream.write(`${terminal.columns === undefined ? '' : clear}${rows}\n`);
    },
  };
}
