import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { CommandOptions, CommandOutcome, runCdk } from '../../lib/targets/cdk-cli';

/** The process of the CLI, and its exit code once it has ended: 1 if a signal ended it. */
interface CliProcess {
  readonly child: ChildProcess;
  readonly exitCode: Promise<number>;
}

/**
 * The CDK's own CLI, unchanged, in a process that is kept from one command to the next: loading it takes longer than most commands.
 *
 * Commands are performed one after another. A command has ended when Node.js would end the process, or when the CLI ends it, as it does after
 * a wrong option. The next command then gets another process.
 */
class KeptCdk {
  private kept?: CliProcess;
  private last: Promise<unknown> = Promise.resolve();

  /** Runs a command as `runCdk` does. */
  run(args: readonly string[], options: CommandOptions): Promise<CommandOutcome> {
    const outcome = this.last.then(() => this.perform(args, options));
    this.last = outcome.catch(() => {});
    return outcome;
  }

  stop(): void {
    this.kept?.child.kill();
  }

  private async perform(args: readonly string[], { folder, environment }: CommandOptions): Promise<CommandOutcome> {
    this.kept ??= start();
    const { child, exitCode } = this.kept;
    const end = `end of ${randomUUID()}: `;
    child.send({ args: [...args, '--no-notices', '--no-color'], folder, environment, end });
    const streams = await Promise.all([child.stdout!, child.stderr!].map((stream) => readUntil(end, stream)));
    const output = streams.map(({ text }) => text).join('');
    const [{ rest }] = streams;
    if (rest !== undefined) return { exitCode: Number(rest), output };
    this.kept = undefined;
    return { exitCode: await exitCode, output };
  }
}

/** What a stream says until a text, and the rest of that line; all that it says, and no rest, if the stream ends before. */
function readUntil(end: string, stream: Readable): Promise<{ readonly text: string; readonly rest?: string }> {
  return new Promise((resolve) => {
    let all = '';
    const endOfStream = () => resolve({ text: all });
    stream.once('end', endOfStream).on('data', function take(chunk: string) {
      all += chunk;
      const [text, rest] = all.split(end);
      if (rest === undefined || !rest.endsWith('\n')) return;
      stream.off('data', take).off('end', endOfStream);
      resolve({ text, rest: rest.trim() });
    });
  });
}

/** A {@link KeptCdk} for the tests of a file. */
export function useKeptCdk(): typeof runCdk {
  const kept = new KeptCdk();
  afterAll(() => kept.stop());
  return (args, options) => kept.run(args, options);
}

function start(): CliProcess {
  const { FORCE_COLOR: _color, INIT_CWD: _folder, ...inherited } = process.env;
  const env = { ...inherited, CDK_VALIDATION: 'false', NO_COLOR: '1' };
  const program = require.resolve('./kept-cdk-process.cjs');
  const child = fork(program, { env, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8');
  return { child, exitCode: new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1))) };
}
