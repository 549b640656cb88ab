import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../lib/fleet/project';

type Package = {
  readonly engines?: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
};

function packageIn(...folder: string[]): Package {
  return JSON.parse(readFileSync(join(projectRoot, ...folder, 'package.json'), 'utf8'));
}

/** The major version of ">=20.0.0"; NaN for a range of another form. */
function oldest({ engines }: Package): number {
  return Number(/^>= ?(\d+)(\.0)*$/.exec(engines?.node ?? '')?.[1]);
}

const project = packageIn();
const sdk = Object.keys(project.dependencies).filter((name) => name.startsWith('@aws-sdk/'));

test.each(sdk)(
  '%s runs on the oldest Node.js of package.json, so its warning about later versions is noise',
  (name) => {
    expect(oldest(project)).toBeGreaterThanOrEqual(oldest(packageIn('node_modules', name)));
  },
);
