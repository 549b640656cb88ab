import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../lib/fleet/project';
import { temporaryFolder } from '../support/temporary-folder';

const read = (file: string) => JSON.parse(readFileSync(join(projectRoot, file), 'utf8'));
const { engines, scripts } = read('package.json');
const { app } = read('cdk.json');
const [thisNode] = process.versions.node.split('.');

const root = temporaryFolder();

/** A project without packages, of which nothing but the check of the version could run. */
function projectFor(node: string): string {
  const folder = mkdtempSync(join(root, 'project-'));
  mkdirSync(join(folder, 'scripts'));
  for (const file of ['bundle.cjs', 'node-version.cjs']) {
    cpSync(join(projectRoot, 'scripts', file), join(folder, 'scripts', file));
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ engines: { node } }));
  return folder;
}

const commands = { 'the CDK app': app, 'npm start': scripts.start };

test.each(Object.entries(commands))(
  'A Node.js that is too old is refused by %s in one line, before anything else is loaded',
  (_, command) => {
    const { status, stdout, stderr } = spawnSync(command, { cwd: projectFor('>=999'), shell: true, encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toBe(`This is Node.js ${process.versions.node}. This project needs Node.js 999 or later.\n`);
  },
);

test.each([engines.node, `>=${thisNode}`, `>=${thisNode}.0.0`, `${thisNode}`])(
  'This Node.js is taken where package.json says %j',
  (node) => {
    const args = ['--require', './scripts/node-version.cjs', '--print', '"taken"'];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: projectFor(node), encoding: 'utf8' });
    expect({ stdout, stderr }).toEqual({ stdout: 'taken\n', stderr: '' });
  },
);
