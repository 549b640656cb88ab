import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../../lib/fleet/project';

/** A server under load, in a process of its own. */
export interface ServerProcess {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts a TypeScript file, by its path from the project's root, and waits for its port. @throws Error when it ends without one */
export async function forkServer(file: string, args: readonly string[]): Promise<ServerProcess> {
  const child = forkFile(file, args);
  const { port } = await nextMessage<{ port: number }>(child);
  return { port, pid: child.pid!, stop: () => ended(child) };
}

/** Starts a program that is configured to listen on a port, and waits until it does. */
export async function spawnServer(
  command: string,
  args: readonly string[],
  { port, env }: { readonly port: number; readonly env: NodeJS.ProcessEnv },
): Promise<ServerProcess> {
  const child = spawn(command, args, { stdio: 'ignore', env });
  // Unlike the project's own files, a program does not end with its parent.
  const kill = () => child.kill();
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  await isListening(port, child);
  return { port, pid: child.pid!, stop: () => ended(child) };
}

/** Starts a TypeScript file, by its path from the project's root, in a process of its own, as npm starts a script. */
export function forkFile(file: string, args: readonly string[] = []): ChildProcess {
  const execArgv = ['--require', join(projectRoot, 'scripts', 'bundle.cjs')];
  return fork(join(projectRoot, file), args, { execArgv, serialization: 'advanced' });
}

/** The next message of a process. @throws Error when it ends without one */
export async function nextMessage<T>(child: ChildProcess): Promise<T> {
  const settled = new AbortController();
  const { signal } = settled;
  const exit = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`A process of the benchmark ended with exit code ${code}.`);
  });
  try {
    const [message] = await Promise.race([once(child, 'message', { signal }), exit]);
    return message;
  } finally {
    settled.abort();
  }
}

/** Waits until signals that came during a synchronous call have been handled. */
export async function hearSignals(): Promise<void> {
  await setImmediate();
  await setImmediate();
}

/** Seconds of processor time that a process has used, on Linux; elsewhere undefined. */
export function cpuSeconds(pid: number): number | undefined {
  try {
    // proc(5): the 14th and 15th fields, in ticks of 1/100 s; the second, the command in parentheses, may hold spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return undefined;
  }
}

/** Bytes of memory that a process holds, on Linux; elsewhere undefined. */
export function residentBytes(pid: number): number | undefined {
  try {
    const [, kibibytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kibibytes) * 1024;
  } catch {
    return undefined;
  }
}

async function isListening(port: number, child: ChildProcess): Promise<void> {
  const { connect } = await import('node:net');
  for (let tries = 0; tries < 100 && child.exitCode === null; tries += 1) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true));
      socket.on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await sleep(50);
  }
  throw new Error(`${child.spawnfile} does not listen on port ${port}.`);
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  return exit;
}
