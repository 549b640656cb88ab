import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../lib/fleet/project';
import type { Environment } from '../../lib/targets/account-environment';

/** What a command has printed, and how it ended. */
export interface Outcome {
  readonly exitCode: number;
  /** Of both streams. */
  readonly output: string;
}

/** A template, as far as these tests edit one. */
export interface EditableTemplate {
  readonly Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
}

/** A copy of this project in another folder, with keys, certificates and stacks of its own. */
export class ProjectCopy {
  readonly devicesRoot: string;
  private readonly assembly: string;

  constructor(readonly path: string) {
    this.devicesRoot = join(path, 'devices');
    this.assembly = join(path, 'cdk.out');
    for (const part of ['bin', 'lib', 'scripts', 'cdk.json', 'package.json', 'tsconfig.json']) {
      cpSync(join(projectRoot, part), join(path, part), { recursive: true });
    }
    symlinkSync(join(projectRoot, 'node_modules'), join(path, 'node_modules'), 'dir');
  }

  /** Runs the CDK's CLI as `npx cdk` does. */
  cdk(environment: Environment, ...args: string[]): Promise<Outcome> {
    const cli = join(this.path, 'node_modules', 'aws-cdk', 'bin', 'cdk');
    return this.run(environment, [cli, ...args, '--no-notices', '--no-color']);
  }

  /** Runs one of the project's scripts as npm does. */
  script(environment: Environment, name: string, ...args: string[]): Promise<Outcome> {
    return this.run(environment, ['--require', 'tsx/cjs', `scripts/${name}.ts`, ...args]);
  }

  /** The template of a stack, as it was synthesized. */
  template(stackName: string): EditableTemplate {
    return JSON.parse(readFileSync(join(this.assembly, `${stackName}.template.json`), 'utf8'));
  }

  /**
   * Makes another assembly, in which a stack has an edited template.
   *
   * @returns its folder, for the CLI's `--app`
   */
  edited(name: string, stackName: string, template: object): string {
    const folder = join(this.path, name);
    mkdirSync(folder);
    cpSync(this.assembly, folder, { recursive: true });
    writeFileSync(join(folder, `${stackName}.template.json`), JSON.stringify(template));
    return folder;
  }

  private run(environment: Environment, args: readonly string[]): Promise<Outcome> {
    const { FORCE_COLOR: _color, INIT_CWD: _folder, ...inherited } = process.env;
    const env = { ...inherited, CDK_VALIDATION: 'false', NO_COLOR: '1', ...environment };
    return new Promise((resolve) => {
      execFile(process.execPath, args, { cwd: this.path, env }, (error, stdout, stderr) => {
        resolve({ exitCode: error ? Number(error.code ?? 1) : 0, output: stdout + stderr });
      });
    });
  }
}
