import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTemplates } from '../../lib/targets/template-files';
import { temporaryFolder } from '../support/temporary-folder';

const root = temporaryFolder();

function write(file: string, text: string): string {
  writeFileSync(join(root, file), text);
  return join(root, file);
}

test('A template has the name of its file as its stack’s name, and no name comes twice', async () => {
  const names = ['1 Cars.template.json', 'Cars.template', 'Cars.yaml', '7.yaml'];
  const paths = names.map((name) => write(name, '{"Resources": {}}'));
  expect((await readTemplates(paths)).map(({ stackName }) => stackName)).toEqual([
    'Cars',
    'Cars-2',
    'Cars-3',
    'Template',
  ]);
});

test('The templates of a folder without a manifest are those that are named as templates are', async () => {
  const folder = folderOf('folder', {
    'a.template.json': '{"Resources": {}}',
    'b.nested.template.json': '{"Resources": {}}',
    'c.yml': '{"Resources": {}}',
    'd.json': '{"Resources": {}}',
    'e.template': '{"Resources": {}}',
  });
  expect((await readTemplates([folder])).map(({ stackName }) => stackName)).toEqual(['a', 'c', 'e']);
});

test.each([
  ['aws://111122223333/us-gov-west-1', { accountId: '111122223333', region: 'us-gov-west-1' }],
  ['aws://111122223333/unknown-region', { accountId: '111122223333' }],
  ['aws://unknown-account/eu-west-1', { region: 'eu-west-1' }],
  ['aws://unknown-account/unknown-region', {}],
  [undefined, undefined],
])('The environment %s of a manifest is read as %j', async (environment, expected) => {
  const folder = folderOf(`environment ${environment?.replaceAll('/', ' ')}`, {
    'a.template.json': '{"Resources": {}}',
    'manifest.json': manifest('a.template.json', environment),
  });
  expect((await readTemplates([folder]))[0].environment).toEqual(expected);
});

test.each([
  [
    'that is not there',
    () => join(root, 'nobody.json'),
    'nobody.json cannot be read: ENOENT: no such file or directory.',
  ],
  [
    'that is not JSON',
    () => write('half.json', '{"Resources": '),
    'half.json is not a template: Template format error: JSON',
  ],
  ['that has a key twice', () => write('twice.json', '{"Resources": {"A": {}, "A": {}}}'), 'the key "A" twice'],
  ['that is not YAML', () => write('half.yaml', 'a: [b'), 'half.yaml is not a template: '],
  ['that is a folder without a template', () => folderOf('empty', {}), 'has no template'],
  [
    'with a manifest that is not JSON',
    () => folderOf('manifest', { 'manifest.json': '{' }),
    'manifest.json cannot be read',
  ],
  [
    'with a manifest that is no object',
    () => folderOf('no object', { 'manifest.json': 'null' }),
    'manifest.json is not a JSON object.',
  ],
  [
    'with a manifest that names a file that is not there',
    () => folderOf('gone', { 'manifest.json': manifest('gone.template.json') }),
    'gone.template.json cannot be read',
  ],
  [
    'with a nested stack whose file is not there',
    () => write('parent.json', JSON.stringify({ Resources: { N: nestedStack('child.json') } })),
    'child.json cannot be read',
  ],
])('An error names a path %s', async (_, path, message) => {
  await expect(readTemplates([path()])).rejects.toThrow(message);
});

function folderOf(name: string, files: Record<string, string>): string {
  const folder = join(root, name);
  mkdirSync(folder);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}

function manifest(templateFile: string, environment?: string): string {
  const artifact = { type: 'aws:cloudformation:stack', environment, properties: { templateFile } };
  return JSON.stringify({ artifacts: { A: artifact } });
}

function nestedStack(path: string) {
  return { Type: 'AWS::CloudFormation::Stack', Metadata: { 'aws:asset:path': path } };
}
