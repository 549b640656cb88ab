import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../fleet/project';
import type { Environment } from './account-environment';

/** What a command has printed, and how it ended. */
export interface CommandOutcome {
  /** 1 if a signal ended it. */
  readonly exitCode: number;
  /** Of both streams. */
  readonly output: string;
}

/** Where and how a command runs. */
export interface CommandOptions {
  /** The folder that it is started in. */
  readonly folder: string;
  /** Variables on top of this process's own. */
  readonly environment: Environment;
  /** Gets what the command prints, as soon as it does. */
  readonly onOutput?: (text: string) => void;
  /** Whether Ctrl-C, which a terminal sends to all programs that run in it, does not reach the command. @default false */
  readonly isShielded?: boolean;
}

/**
 * Runs the CDK's own CLI, unchanged, as `npx cdk` does.
 *
 * @param args - without `--no-notices` and `--no-color`, which it always gets
 * @throws the system's error if Node.js cannot be started
 */
export function runCdk(args: readonly string[], options: CommandOptions): Promise<CommandOutcome> {
  const cli = join(projectRoot, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  return runNode([cli, ...args, '--no-notices', '--no-color'], options);
}

/** Runs a program with this Node.js, without color and without the CDK's validation of templates. @throws the system's error */
export function runNode(args: readonly string[], options: CommandOptions): Promise<CommandOutcome> {
  const { folder, environment, onOutput, isShielded = false } = options;
  const { FORCE_COLOR: _color, INIT_CWD: _folder, ...inherited } = process.env;
  const env = { ...inherited, CDK_VALIDATION: 'false', NO_COLOR: '1', ...environment };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env,
      detached: isShielded,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        chunks.push(text);
        onOutput?.(text);
      });
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ exitCode: code ?? 1, output: chunks.join('') }));
  });
}
