import { join, relative } from 'node:path';
import { readFleet } from '../lib/fleet/fleet-file';
import { projectRoot, startedFrom } from '../lib/fleet/project';
import { permissionPolicies } from '../lib/targets/permission-policies';
import { writeOver } from '../lib/util/atomic-file';
import { runCommand } from './command-line';

const usage = `
Usage: npm run permissions

Writes the IAM policies in docs/permissions anew: the least permissions to deploy and destroy the fleet of cdk.json, to put its certificates
into the devices' folders, and to look at it. Run it after you changed the fleet.

Options:
  --help  this text
`;

runCommand('permissions', { usage, options: {} }, async () => {
  for (const [name, policy] of Object.entries(permissionPolicies(readFleet()))) {
    const file = join(projectRoot, 'docs', 'permissions', `${name}.json`);
    const isNew = writeOver(file, `${JSON.stringify(policy, undefined, 2)}\n`, 0o644);
    console.log(`${isNew ? 'written' : 'same'}  ${relative(startedFrom, file)}`);
  }
  return 0;
});
