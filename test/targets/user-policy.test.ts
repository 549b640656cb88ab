import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../lib/fleet/project';
import { readUserPolicy } from '../../lib/targets/user-policy';
import { temporaryFolder } from '../support/temporary-folder';

const folder = temporaryFolder();

test('A policy of docs/permissions is read', () => {
  expect(readUserPolicy(join(projectRoot, 'docs', 'permissions', 'deploy.json'))).toMatchObject({
    Version: '2012-10-17',
  });
});

test.each([
  ['is not JSON', '{', 'JSON'],
  [
    'has a key twice',
    '{"Statement": {"Effect": "Deny", "Effect": "Allow", "Action": "*", "Resource": "*"}}',
    'the key "Effect" twice in one object',
  ],
  ['is not a policy', '[]', 'A policy document is an object'],
  [
    'has a condition key that IoT Core Local does not know',
    JSON.stringify({
      Statement: { Effect: 'Allow', Action: '*', Resource: '*', Condition: { StringEquals: { 'aws:SourceIp': 'x' } } },
    }),
    'condition key "aws:SourceIp"',
  ],
])('A file that %s is refused by name', (_what, text, message) => {
  const file = join(folder, 'policy.json');
  writeFileSync(file, text);
  expect(() => readUserPolicy(file)).toThrow(`${file} is not an IAM policy that IoT Core Local can follow: `);
  expect(() => readUserPolicy(file)).toThrow(message);
});

test('An error names a file that is not there', () => {
  expect(() => readUserPolicy(join(folder, 'none.json'))).toThrow('none.json');
});
