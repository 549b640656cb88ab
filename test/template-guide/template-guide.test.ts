import { spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../lib/fleet/project';
import { ProjectCopy } from '../cdk-cli/project-copy';
import { requestFor } from '../support/certificate-request';
import { temporaryFolder } from '../support/temporary-folder';

// The other app of docs/templates.md: a template, a key and the test that the page has, beside a copy of this project.

const app = temporaryFolder();
const copy = new ProjectCopy(temporaryFolder());
const [, shownTest] = /^```ts\n([\s\S]*?)^```$/m.exec(readFileSync(join(projectRoot, 'docs/templates.md'), 'utf8'))!;

const arn = (resource: string) => ({ 'Fn::Sub': `arn:aws:iot:\${AWS::Region}:\${AWS::AccountId}:${resource}` });
const thingName = `\${!iot:Connection.Thing.ThingName}`;

/** Pumps that publish to a topic. */
function templateFor(csr: string, topic: string) {
  const allow = (action: string, resource: string) => ({ Effect: 'Allow', Action: action, Resource: arn(resource) });
  const statements = [allow('iot:Connect', `client/${thingName}`), allow('iot:Publish', `topic/${topic}`)];
  const certificate = { 'Fn::GetAtt': ['Certificate', 'Arn'] };
  const resource = (type: string, properties: object) => ({ Type: `AWS::IoT::${type}`, Properties: properties });
  return {
    Resources: {
      Thing: resource('Thing', { ThingName: 'pump-1' }),
      Certificate: resource('Certificate', { Status: 'ACTIVE', CertificateSigningRequest: csr }),
      Policy: resource('Policy', { PolicyDocument: { Version: '2012-10-17', Statement: statements } }),
      ThingAttachment: resource('ThingPrincipalAttachment', { ThingName: { Ref: 'Thing' }, Principal: certificate }),
      PolicyAttachment: resource('PolicyPrincipalAttachment', {
        PolicyName: { Ref: 'Policy' },
        Principal: certificate,
      }),
    },
  };
}

/** Runs the page's test as the other app does. */
function runShownTest() {
  const jest = join(projectRoot, 'node_modules/jest/bin/jest.js');
  const { status, stderr } = spawnSync(process.execPath, [jest, '--rootDir', '.'], { cwd: app, encoding: 'utf8' });
  return { status, stderr };
}

beforeAll(() => {
  symlinkSync(join(projectRoot, 'node_modules'), join(app, 'node_modules'), 'dir');
  writeFileSync(join(app, 'pumps.test.ts'), shownTest.replace('../iot-shared-subscriptions', copy.path));
  const transform = { '^.+\\.ts$': join(projectRoot, 'node_modules/@swc/jest') };
  writeFileSync(join(app, 'package.json'), JSON.stringify({ jest: { transform } }));
});

// On Windows npm is no program that can be spawned without a shell.
(process.platform === 'win32' ? test.skip : test).each([
  ['passes for a policy that allows the pump its own topic', `pumps/${thingName}/state`, 'Tests:       1 passed'],
  ['fails for a policy that allows each pump every topic', 'pumps/*', 'Received promise resolved instead of rejected'],
  ['shows what is wrong with a template that cannot be served', undefined, 'A template is a JSON object with'],
])(
  'The Jest test of docs/templates.md %s',
  async (_case, topic, expected) => {
    const { key, csr } = await requestFor([{ CN: ['pump-1'] }]);
    writeFileSync(join(app, 'pump-1.key'), key, { mode: 0o600 });
    writeFileSync(join(app, 'cdk.out'), topic === undefined ? '' : JSON.stringify(templateFor(csr, topic)));
    const { status, stderr } = runShownTest();
    expect(stderr).toContain(expected);
    expect(status).toBe(expected.includes('passed') ? 0 : 1);
  },
  60_000,
);
