import './quiet-sdk';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { accountTarget } from '../lib/devices/account-target';
import { explained } from '../lib/enrollment/aws-iot';
import { type NamedRegion, regionOfAccount } from '../lib/enrollment/region';
import { readFleet } from '../lib/fleet/fleet-file';
import { projectRoot, startedFrom } from '../lib/fleet/project';
import { cloudAccess } from '../lib/rehearsal/account/cloud-access';
import { localAccess } from '../lib/rehearsal/account/local-access';
import { RehearsalAccount } from '../lib/rehearsal/account/rehearsal-account';
import type { Rehearsal } from '../lib/rehearsal/rehearsal';
import { prepare, rehearse } from '../lib/rehearsal/rehearse';
import { steps } from '../lib/rehearsal/steps/steps';
import { announcement } from '../lib/rehearsal/view/announcement';
import { redactor } from '../lib/rehearsal/view/redaction';
import { closingLines, type RehearsalResult, verdictOf } from '../lib/rehearsal/view/rehearsal-result';
import { transcriptOf, type Versions } from '../lib/rehearsal/view/transcript';
import { accountEnvironment, printEnvironment } from '../lib/targets/account-environment';
import { startLocalAccount } from '../lib/targets/local-account';
import { runCommand, UsageError } from './command-line';
import { inTemporaryFolder, onInterruption } from './interruption';
import { onOutputFailure } from './output';
import { isAgreed } from './question';
import { stepTable } from './step-table';

const usage = `
Usage: npm run rehearse [-- options]

Rehearses all that happens to the fleet in an AWS account, with one verdict: the CDK's own CLI deploys it, each device gets its certificate, the
walk-through runs with all that is forbidden, the fleet is changed and deployed again, somebody tampers with it in every way, and cdk destroy
must leave nothing. It runs on this machine, in an empty account of IoT Core Local. It uses keys of its own, in a temporary folder.

With --aws it does the same in the AWS account that the credentials point to. It says which account and Region that is and what it will make,
and asks before it makes anything. It refuses an account that has a stack, thing or policy of its names. In the end it destroys what it made,
also after a failure and after Ctrl-C. It writes a transcript without keys and account number: attach it to an issue of the repository.
--aws has not been run against AWS yet, only against IoT Core Local.

Options:
  --aws         rehearse on AWS; it costs some cents at most
  --yes         do not ask; for CI
  --keep        stop before the destruction, to look around; Ctrl-C then goes on
  --output DIR  the folder for the output of the CDK's CLI and the transcript (default: rehearsal/, in a folder named after the time)
  --json        print the result as one JSON object; the table goes to stderr
  --help        this text

Exit code: 0 for a pass, 1 for a fail or if it cannot begin, 2 for a bad option, 130 after Ctrl-C, 143 after SIGTERM.
`;

const options = {
  aws: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
  keep: { type: 'boolean', default: false },
  output: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

interface Settings {
  readonly yes: boolean;
  readonly keep: boolean;
  readonly output?: string;
  readonly json: boolean;
}

runCommand('rehearse', { usage, options }, ({ aws, ...settings }) => {
  if (settings.yes && !aws) throw new UsageError('--yes goes with --aws: on this machine nothing is asked.');
  if (aws && !settings.yes && !process.stdin.isTTY) {
    throw new UsageError('--aws asks before it makes anything, and nobody can answer here: add --yes.');
  }
  return inTemporaryFolder('rehearsal', (folder) => (aws ? onAws(folder, settings) : onThisMachine(folder, settings)));
});

async function onThisMachine(folder: string, settings: Settings): Promise<number> {
  const core = await startLocalAccount({ port: 0, apiPort: 0 });
  const environment = accountEnvironment(core, join(folder, 'devices'));
  const { region } = core.registry.location;
  const access = localAccess({ apiUrl: core.apiUrl!, region, rootCaPem: core.rootCaPem, environment });
  const account = new RehearsalAccount(access);
  try {
    const files = outputFiles(settings.output);
    const rehearsal = await prepare({ account, fleet: readFleet(), folder, cdkLog: files.cdkLog });
    const advice = `${printEnvironment(environment, 'bash')}\nPaste these lines into another terminal. Ctrl-C goes on.`;
    return await run(rehearsal, { ...settings, ...files, advice, interruption: interruptions() });
  } finally {
    account.close();
    await core.stop();
  }
}

async function onAws(folder: string, settings: Settings): Promise<number> {
  const region = await regionOfAccount();
  const account = new RehearsalAccount(await cloudAccess(accountTarget(), region));
  try {
    // Asked first: nothing else works without credentials.
    const accountId = await explained(account.iot, 'The account', () => account.accountId());
    const files = outputFiles(settings.output);
    const rehearsal = await prepare({ account, fleet: readFleet(), folder, cdkLog: files.cdkLog });
    const interruption = interruptions();
    if (!(await mayGoOn(rehearsal, accountId, region, settings, interruption.signal))) {
      console.error('Nothing was changed.');
      return 1;
    }
    const { accessKeyId, secretAccessKey, sessionToken } = await account.iot.config.credentials();
    const redact = redactor({ accountId, values: [accessKeyId, secretAccessKey, sessionToken] });
    return await run(rehearsal, { ...settings, ...files, redact, advice: 'Ctrl-C goes on.', interruption });
  } finally {
    account.close();
  }
}

/** Says what is going to be done where, and asks unless that is answered already. */
async function mayGoOn(
  rehearsal: Rehearsal,
  accountId: string,
  region: NamedRegion,
  { yes }: Settings,
  signal: AbortSignal,
): Promise<boolean> {
  console.error(announcement(rehearsal, accountId, region).join('\n'));
  return yes || isAgreed('Go on? Type yes:', { input: process.stdin, output: process.stderr, signal });
}

interface RunOptions extends Settings, ReturnType<typeof outputFiles> {
  /** A sentence for a person who looks around. */
  readonly advice: string;
  readonly interruption: ReturnType<typeof interruptions>;
  /** For the transcript. @default - none is written */
  readonly redact?: (text: string) => string;
}

async function run(rehearsal: Rehearsal, options: RunOptions): Promise<number> {
  const { json, keep, advice, interruption, redact, cdkLog, transcript } = options;
  const begin = performance.now();
  const pause = async () => {
    console.error(`\n${advice}`);
    await interruption.next();
  };
  const results = await rehearse(rehearsal, {
    steps,
    listener: stepTable(json ? process.stderr : process.stdout),
    interruption: interruption.signal,
    pause: keep ? pause : undefined,
  });
  const { target, access } = rehearsal.account;
  const result: RehearsalResult = {
    target,
    region: access.region,
    verdict: verdictOf(results, interruption.signal.aborted),
    seconds: Math.round((performance.now() - begin) / 100) / 10,
    steps: results,
    cdkLog: relative(startedFrom, cdkLog),
    transcript: redact && relative(startedFrom, transcript),
  };
  if (redact) {
    const output = existsSync(cdkLog) ? readFileSync(cdkLog, 'utf8') : '';
    writeFileSync(transcript, redact(transcriptOf(result, versions(), output)), { mode: 0o600 });
  }
  console.log(json ? JSON.stringify(result) : `\n${closingLines(result).join('\n')}`);
  return result.verdict === 'fail' ? 1 : (interruption.exitCode() ?? 0);
}

/** The files that a rehearsal leaves behind. */
function outputFiles(given: string | undefined) {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  const folder = given === undefined ? join(projectRoot, 'rehearsal', time) : resolve(startedFrom, given);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return { cdkLog: join(folder, 'cdk.log'), transcript: join(folder, 'transcript.txt') };
}

function versions(): Versions {
  const { version, devDependencies } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  return { project: version, 'aws-cdk': devDependencies['aws-cdk'], Node: process.version, platform: process.platform };
}

/** Ctrl-C, SIGTERM, a terminal that is closed, and output that nobody reads: all but the one that ends a look around end the rehearsal. */
function interruptions() {
  const controller = new AbortController();
  let exitCode: number | undefined;
  let waiting: (() => void) | undefined;
  const interrupt = (code: number) => {
    // One Ctrl-C may come twice: from the terminal, and from npm.
    if (waiting) return waiting();
    if (exitCode === undefined) console.error('\nInterrupted. When this step has ended, what was made is destroyed.');
    exitCode ??= code;
    controller.abort();
  };
  onInterruption(interrupt);
  process.on('SIGHUP', () => interrupt(129));
  onOutputFailure(interrupt);
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    next: () =>
      new Promise<void>((resolve) => {
        waiting = resolve;
      }),
  };
}
