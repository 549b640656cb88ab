import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../lib/fleet/project';
import type { Environment } from '../../lib/targets/account-environment';
import { type CommandOutcome, runCdk, runNode } from '../../lib/targets/cdk-cli';
import { demoContext } from '../support/demo-fleet';
import { npmScript } from '../support/npm-script';

/** A template, as far as these tests edit one. */
export interface EditableTemplate {
  readonly Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
}

/** A copy of this project in another folder, with the blog post's fleet, and keys, certificates and stacks of its own. */
export class ProjectCopy {
  readonly devicesRoot: string;
  private readonly assembly: string;

  /** @param runCommand - runs the CDK's CLI; by default in a process of its own for each command */
  constructor(
    readonly path: string,
    private readonly runCommand: typeof runCdk = runCdk,
  ) {
    this.devicesRoot = join(path, 'devices');
    this.assembly = join(path, 'cdk.out');
    for (const part of ['bin', 'lib', 'scripts', 'package.json', 'tsconfig.json']) {
      cpSync(join(projectRoot, part), join(path, part), { recursive: true });
    }
    const settings = JSON.parse(readFileSync(join(projectRoot, 'cdk.json'), 'utf8'));
    const context = { ...settings.context, fleet: demoContext };
    writeFileSync(join(path, 'cdk.json'), JSON.stringify({ ...settings, context }));
    symlinkSync(join(projectRoot, 'node_modules'), join(path, 'node_modules'), 'dir');
  }

  /** Another copy of this project, whose CLI runs as this one's does. */
  another(path: string): ProjectCopy {
    return new ProjectCopy(path, this.runCommand);
  }

  /** Runs the CDK's CLI as `npx cdk` does. */
  cdk(environment: Environment, ...args: string[]): Promise<CommandOutcome> {
    return this.runCommand(args, { folder: this.path, environment });
  }

  /** Runs one of the project's scripts as npm does. */
  script(environment: Environment, name: string, ...args: string[]): Promise<CommandOutcome> {
    return runNode(npmScript(name, ...args), { folder: this.path, environment });
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
}
