import { spawn } from 'node:child_process';
import { projectRoot } from '../../lib/fleet/project';
import type { Environment } from '../../lib/targets/account-environment';
import { npmScript } from './npm-script';

/** One of the project's scripts that runs as on a terminal: in a group of processes that gets the terminal's signals. */
export interface ScriptProcess {
  /** How it ended, and what it printed to both streams. */
  readonly ended: Promise<{ readonly exitCode: number | null; readonly text: string }>;
  /** Sends Ctrl-C to it and to all that it has started. */
  interrupt(): void;
}

/** Starts a script. @param onText - gets all that was printed so far, whenever it prints */
export function startScript(
  name: string,
  args: readonly string[],
  environment: Environment = {},
  onText: (text: string) => void = () => {},
): ScriptProcess {
  const env = { ...process.env, CDK_VALIDATION: 'false', NO_COLOR: '1', ...environment };
  const child = spawn(process.execPath, npmScript(name, ...args), {
    cwd: projectRoot,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      onText(text);
    });
  }
  return {
    ended: new Promise((resolve) => {
      child.once('close', (exitCode) => resolve({ exitCode, text }));
    }),
    interrupt: () => process.kill(-child.pid!, 'SIGINT'),
  };
}
