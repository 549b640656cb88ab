import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** A program that checks the project and says by its exit code whether all is well. */
export interface Check {
  /** What it checks, in a word or two. */
  readonly name: string;
  /** What Node.js runs: a script and its arguments. */
  readonly command: readonly string[];
}

/** How to run checks. */
export interface CheckOptions {
  /** Ends the programs that run, and starts no other. */
  readonly signal: AbortSignal;
  /** Gets what is to be shown: a line for a check that passed, the whole output of one that failed. */
  readonly write: (text: string) => void;
}

/**
 * Runs independent checks, as many at a time as there are cores.
 *
 * @returns the names of those that failed
 * @throws what the start of a program throws
 */
export async function runChecks(checks: readonly Check[], { signal, write }: CheckOptions): Promise<string[]> {
  const waiting = [...checks];
  const failed: string[] = [];
  const worker = async (): Promise<void> => {
    for (let check = waiting.shift(); check && !signal.aborted; check = waiting.shift()) {
      const begin = performance.now();
      const { exitCode, output } = await run(check, signal, 'pipe');
      if (signal.aborted) return;
      if (exitCode !== 0) failed.push(check.name);
      const seconds = ((performance.now() - begin) / 1000).toFixed(1);
      write(
        exitCode === 0 ? `✓ ${check.name}  ${seconds} s\n` : `✗ ${check.name}  ${seconds} s\n\n${output.trim()}\n\n`,
      );
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return failed;
}

/**
 * Runs one check on this process's own terminal, so that its progress is seen.
 *
 * @returns its exit code; 1 when a signal ended it
 * @throws what the start of the program throws
 */
export async function runOnTerminal(check: Check, signal: AbortSignal): Promise<number> {
  return (await run(check, signal, 'inherit')).exitCode;
}

function run({ command }: Check, signal: AbortSignal, stdio: 'inherit' | 'pipe') {
  return new Promise<{ exitCode: number; output: string }>((resolve, reject) => {
    // A check has a group of processes of its own, so that what it has started ends with it. On the terminal it must stay in the terminal's.
    const isGroup = stdio === 'pipe' && process.platform !== 'win32';
    const child = spawn(process.execPath, command, { stdio: ['inherit', stdio, stdio], detached: isGroup });
    const chunks: Buffer[] = [];
    const end = () => {
      if (isGroup) process.kill(-child.pid!, 'SIGTERM');
      else child.kill('SIGTERM');
    };
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
    signal.addEventListener('abort', end);
    child.once('error', reject);
    child.once('close', (code) => {
      signal.removeEventListener('abort', end);
      resolve({ exitCode: code ?? 1, output: Buffer.concat(chunks).toString() });
    });
  });
}
