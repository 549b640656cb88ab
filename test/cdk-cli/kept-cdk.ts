import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { CommandOptions, CommandOutcome, runCdk } from '../../lib/targets/cdk-cli';

/**
 * The CDK's own CLI, unchanged, in a process that is kept from one command to the next: loading it takes longer than most commands.
 *
 * Commands are performed one after another. A command has ended when Node.js would end the process.
 */
class KeptCdk {
  private child?: ChildProcess;
  private last: Promise<unknown> = Promise.resolve();

  /** Runs a command as `runCdk` does. @throws Error if the process ends */
  run(args: readonly string[], options: CommandOptions): Promise<CommandOutcome> {
    const outcome = this.last.then(() => this.perform(args, options));
    this.last = outcome.catch(() => {});
    return outcome;
  }

  stop(): void {
    this.child?.kill();
  }

  private perform(args: readonly string[], { folder, environment }: CommandOptions): Promise<CommandOutcome> {
    this.child ??= start();
    const { child } = this;
    const end = `end of ${randomUUID()}: `;
    child.send({ args: [...args, '--no-notices', '--no-color'], folder, environment, end });
    const streams = [child.stdout!, child.stderr!].map((stream) => readUntil(end, stream));
    return new Promise((resolve, reject) => {
      const fail = () => reject(new Error("The process of the CDK's CLI has ended."));
      child.once('exit', fail);
      Promise.all(streams).then((both) => {
        child.off('exit', fail);
        resolve({ exitCode: Number(both[0].rest), output: both.map(({ text }) => text).join('') });
      }, reject);
    });
  }
}

/** What a stream says until a text, and the rest of that line. */
function readUntil(end: string, stream: Readable): Promise<{ readonly text: string; readonly rest: string }> {
  return new Promise((resolve) => {
    let all = '';
    stream.on('data', function take(chunk: string) {
      all += chunk;
      const [text, rest] = all.split(end);
      if (rest === undefined || !rest.endsWith('\n')) return;
      stream.off('data', take);
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

function start(): ChildProcess {
  const { FORCE_COLOR: _color, INIT_CWD: _folder, ...inherited } = process.env;
  const env = { ...inherited, CDK_VALIDATION: 'false', NO_COLOR: '1' };
  const program = require.resolve('./kept-cdk-process.cjs');
  const child = fork(program, { env, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8');
  return child;
}
