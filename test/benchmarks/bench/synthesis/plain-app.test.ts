import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addPlainStacks } from '../../../../benchmarks/bench/synthesis/plain-app';
import { setUpProject, sweepCodeIn } from '../../../../benchmarks/bench/synthesis/synth-project';
import { synthesizeFleet } from '../../../../lib/stacks/app';
import { newApp } from '../../../support/new-app';
import { temporaryFolder } from '../../../support/temporary-folder';

const root = temporaryFolder();
const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

// 5 devices are the blog post's. 60 need a bootstrapped account and several policies for the sweep; 100 need two stacks.
test.each([5, 60, 100])('The plain app for %d devices has the templates of the project’s app', async (devices) => {
  const project = await setUpProject(root, devices);
  const context = read(project.contextFile);
  const { templates } = await synthesizeFleet({
    target: 'aws',
    devicesRoot: join(project.project, 'devices'),
    context,
  });
  writeFileSync(project.codeFile, sweepCodeIn([...templates.values()].at(-1)!));
  const app = newApp(context);
  addPlainStacks(app, read(project.stacksFile));
  const { stacks } = app.synth();
  expect(stacks.map(({ stackName }) => stackName).sort()).toEqual([...templates.keys()].sort());
  for (const { stackName, template } of stacks) expect(template).toEqual(templates.get(stackName));
});
