import { createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { newCertificateRequest } from '../../lib/devices/certificate-request';
import { endpointFile, writeEndpoint } from '../../lib/devices/endpoint';
import { projectRoot } from '../../lib/fleet/project';
import { accountEnvironment } from '../../lib/targets/account-environment';
import { type CommandOutcome, runCdk } from '../../lib/targets/cdk-cli';
import { type PermissionStatement, permissionPolicies } from '../../lib/targets/permission-policies';
import { newPrivateKey } from '../../lib/util/private-key';
import { fleetWith } from '../support/demo-fleet';
import { policyOf } from '../support/iot-core-fixture';
import { temporaryFolder } from '../support/temporary-folder';
import { useAccount } from '../support/use-account';
import { useKeptCdk } from './kept-cdk';
import { type EditableTemplate, ProjectCopy } from './project-copy';
import { linesNotIn, shownOutput } from './shown-output';

// The unchanged CLI of the CDK, and the project's own scripts, on an account of IoT Core Local. Each test has an account of its own.

const fleetStack = 'SharedSubscriptionsFleet';
const teardownStack = 'SharedSubscriptionsTeardown';
const withoutQuestion = ['--require-approval', 'never'];

const account = useAccount({ forEachTest: true });
const project = new ProjectCopy(temporaryFolder(), useKeptCdk());
const fleet = fleetWith();
const { devices } = fleet;

const core = () => account.fixture.iotCore;
const environment = () => accountEnvironment(core(), project.devicesRoot);
const cdk = (...args: string[]) => project.cdk(environment(), ...args);

/** What npm run keys printed when it made the keys. */
let keys: CommandOutcome;

beforeAll(async () => {
  // The account is not called: any will do.
  const anywhere = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', FLEET_TARGET: 'account', AWS_REGION: 'us-east-1' };
  keys = await project.script(anywhere, 'keys');
  const { exitCode, output } = await project.cdk(anywhere, 'synth', '--quiet');
  if (exitCode !== 0) throw new Error(output);
}, 60_000);

/** Deploys both stacks as the CLI would, but in this process. */
async function deployInProcess(iotCore = core()): Promise<void> {
  for (const stackName of [fleetStack, teardownStack]) await iotCore.deploy(project.template(stackName), stackName);
}

/** The physical ids of a stack's resources, by logical id. */
async function idsOf(StackName: string): Promise<ReadonlyMap<string, string>> {
  const { StackResources = [] } = await account.cloudFormation.describeStackResources({ StackName });
  return new Map(
    StackResources.map(({ LogicalResourceId = '', PhysicalResourceId = '' }) => [
      LogicalResourceId,
      PhysicalResourceId,
    ]),
  );
}

/** The logical id of a device's resource of a type. */
function logicalIdOf({ Resources }: EditableTemplate, thingName: string, type: string): string {
  const ids = Object.keys(Resources).filter((id) => id.startsWith(`${thingName}${type}`));
  if (ids.length !== 1) throw new Error(`${thingName} has ${ids.length} resources ${type}.`);
  return ids[0];
}

/** What remains in the account. */
function remains({ registry } = core()) {
  return [registry.listThings(), registry.listCertificates(), registry.listPolicies()].map(({ length }) => length);
}

describe('With the permissions of docs/permissions', () => {
  const { deploy, certs, status } = permissionPolicies(fleet);
  const least = [...deploy.Statement, ...certs.Statement, ...status.Statement];
  // An Sid is there once in a policy.
  const policyWith = (statements: readonly PermissionStatement[]) => ({
    Version: '2012-10-17',
    Statement: statements.map(({ Sid: _, ...statement }) => statement),
  });
  const allowed = useAccount({ userPolicy: policyWith(least) });
  const denied = useAccount({ userPolicy: policyWith(least.filter(({ Sid }) => Sid !== 'Roles')) });
  const environmentOf = ({ fixture }: typeof allowed) => accountEnvironment(fixture.iotCore, project.devicesRoot);
  const core = () => allowed.fixture.iotCore;
  const log = () => allowed.fixture.log;
  const environment = () => environmentOf(allowed);
  // Each command in a process of its own, as a person has it.
  const cdk = (...args: string[]) => runCdk(args, { folder: project.path, environment: environment() });

  test('The commands of the README deploy the fleet, enroll its devices, run the walk-through, and leave nothing, with the permissions of docs/permissions', async () => {
    const deployed = await cdk('deploy', '--all', '--app', 'cdk.out', ...withoutQuestion);
    expect(deployed).toMatchObject({
      exitCode: 0,
      output: expect.stringMatching(new RegExp(`✅  ${fleetStack}\n[^]*✅  ${teardownStack}\n`)),
    });
    expect(remains(core())).toEqual([devices.length, devices.length, devices.length]);

    const certs = await project.script(environment(), 'certs');
    expect(certs).toMatchObject({ exitCode: 0, output: expect.stringContaining(`-p ${core().port}`) });
    const [{ thingName }] = devices;
    const folder = join(project.devicesRoot, 'account', thingName);
    expect(readFileSync(join(folder, 'AmazonRootCA1.pem'), 'utf8')).toBe(core().rootCaPem);
    expect(existsSync(join(project.devicesRoot, 'aws'))).toBe(false);

    const startThenStatus = async () => [
      await project.script(environment(), 'start', '--aws'),
      await project.script(environment(), 'status'),
    ];
    const [[start, status], again] = await Promise.all([
      startThenStatus(),
      cdk('deploy', '--all', '--app', 'cdk.out', ...withoutQuestion),
    ]);
    expect(start).toMatchObject({
      exitCode: 0,
      output: expect.stringMatching(/ on an account on this machine, MQTT 5/),
    });
    expect(status).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining(`${devices.length} of ${devices.length} devices have an ACTIVE certificate`),
    });
    expect(again).toMatchObject({
      exitCode: 0,
      output: expect.stringMatching(new RegExp(`${fleetStack} \\(no changes\\)[^]*${teardownStack} \\(no changes\\)`)),
    });

    const destroyed = await cdk('destroy', '--all', '--force', '--app', 'cdk.out');
    expect(destroyed).toMatchObject({ exitCode: 0, output: expect.stringContaining(`✅  ${fleetStack}: destroyed`) });
    expect(remains(core())).toEqual([0, 0, 0]);

    const printed = {
      'npx cdk deploy --all': deployed,
      'npm run keys': keys,
      'npm run certs': certs,
      'npm start -- --aws': start,
      'npm run status': status,
      'npx cdk destroy --all': destroyed,
    };
    const shown = shownOutput();
    expect([...shown.keys()]).toEqual(Object.keys(printed));
    for (const [command, { output }] of Object.entries(printed)) {
      expect([command, linesNotIn(output, shown.get(command))]).toEqual([command, []]);
    }

    // It looks for a bootstrapped account, and does without.
    const denials = log().filter(({ message }) => message.startsWith('IAM denies'));
    expect(denials.filter(({ message }) => !message.includes('stack/CDKToolkit/*'))).toEqual([]);

    await deployInProcess(core());
    const { output } = await project.script(environment(), 'certs');
    expect(output.match(/: certificate written/g)).toHaveLength(devices.length);
  }, 90_000);

  test('Without one of the statements the CLI is refused with a sentence that names the action', async () => {
    const args = ['deploy', '--all', '--app', 'cdk.out', ...withoutQuestion];
    const { exitCode, output } = await project.cdk(environmentOf(denied), ...args);
    expect(exitCode).toBe(1);
    expect(output.replace(/\s+/g, ' ')).toMatch(
      /User: \S+user\/local is not authorized to perform: iam:CreateRole on resource: \S+role\/SharedSubscriptionsFleet-/,
    );
    expect(denied.fixture.registry.listThings()).toEqual([]);
  }, 60_000);
});

test('A command in another Region than the enrolled devices’ warns that what is deployed there stays', async () => {
  const file = endpointFile(project.devicesRoot, 'account');
  writeEndpoint('abc-ats.iot.us-east-1.amazonaws.com', project.devicesRoot, 'account');
  const anywhere = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', FLEET_TARGET: 'account' };
  const elsewhere = await project.cdk({ ...anywhere, AWS_REGION: 'eu-west-1' }, 'list');
  expect(elsewhere.output).toMatch(/^Warning: .* in Region us-east-1, .* the CDK uses eu-west-1\./m);
  expect(elsewhere.exitCode).toBe(0);
  rmSync(file);
}, 60_000);

test('The questions of the CLI that docs/aws.md quotes are in the CLI', () => {
  const cli = readFileSync(join(projectRoot, 'node_modules', 'aws-cdk', 'lib', 'index.js'), 'utf8');
  const document = readFileSync(join(projectRoot, 'docs', 'aws.md'), 'utf8');
  for (const question of ['Do you wish to deploy these changes', 'Are you sure you want to delete: ']) {
    expect([question, document.includes(question), cli.includes(question)]).toEqual([question, true, true]);
  }
  for (const error of [
    'Unable to resolve AWS account to use',
    'terminal (TTY) is not attached',
    'Has the environment been bootstrapped?',
  ]) {
    expect([error, document.includes(error), cli.includes(error)]).toEqual([error, true, true]);
  }
});

test('cdk diff names what a policy that grew, and a thing that is renamed, would change', async () => {
  await deployInProcess();
  const template = project.template(fleetStack);
  const [policy, thing, attachment] = ['Policy8', 'Thing8', 'ThingAttachment'].map((type) =>
    logicalIdOf(template, 'car1', type),
  );
  Object.assign(template.Resources[policy].Properties, { PolicyDocument: policyOf(['iot:Publish topic/*']) });
  Object.assign(template.Resources[thing].Properties, { ThingName: 'car9' });
  const app = project.edited('diff.out', fleetStack, template);
  const { exitCode, output } = await cdk('diff', fleetStack, '--app', app);
  expect(exitCode).toBe(0);
  expect(output).toMatch(new RegExp(`\\[~\\] AWS::IoT::Policy .*${policy}`));
  expect(output).toMatch(new RegExp(`\\[~\\] AWS::IoT::Thing .*${thing} replace`));
  expect(output).toMatch(
    new RegExp(`\\[~\\] AWS::IoT::ThingPrincipalAttachment .*${attachment} (may be replaced|replace)`),
  );
  expect(core().registry.hasThing('car9')).toBe(false);
}, 60_000);

test('An update that fails is rolled back, and the CLI says why', async () => {
  await deployInProcess();
  const before = await idsOf(fleetStack);
  const template = project.template(fleetStack);
  const CertificateSigningRequest = await newCertificateRequest(createPrivateKey(newPrivateKey()), 'car2');
  Object.assign(template.Resources[logicalIdOf(template, 'car2', 'Certificate')].Properties, {
    CertificateSigningRequest,
  });
  template.Resources.Bad = { Type: 'AWS::IoT::Thing', Properties: { ThingName: 'consumer3' } };
  const app = project.edited('failure.out', fleetStack, template);
  const { exitCode, output } = await cdk('deploy', fleetStack, '--app', app, ...withoutQuestion);
  expect(exitCode).toBe(1);
  // The CLI cuts the status.
  expect(output).toMatch(/UPDATE_ROLLBACK_COMPLET\w* +\| AWS::CloudFormation::Stack/);
  expect(output).toMatch('Thing "consumer3" already exists.');
  expect(await idsOf(fleetStack)).toEqual(before);
  expect(remains()).toEqual([devices.length, devices.length, devices.length]);
}, 60_000);

test('A fleet that was tampered with cannot be destroyed alone, and with its teardown stack nothing is left of it', async () => {
  await core().deploy(project.template(fleetStack), fleetStack);
  const stranger = await account.fixture.device('stranger');
  const tamper = () => account.iot.attachPolicy({ policyName: 'car1', target: stranger.certificate.certificateArn });
  await tamper();
  const alone = await cdk('destroy', fleetStack, '--exclusively', '--force', '--app', 'cdk.out');
  expect(alone.exitCode).toBe(1);
  expect(alone.output).toMatch('DELETE_FAILED');
  expect(alone.output).toMatch('The policy cannot be deleted as the policy is attached to one or more principals');

  account.fixture.registry.detachPolicy('car1', stranger.certificate.certificateArn);
  await core().destroy();
  await deployInProcess();
  await tamper();
  // Lists come in pages, as on AWS.
  account.controlPlane.faults.pageSize = 3;
  const all = await cdk('destroy', '--all', '--force', '--app', 'cdk.out');
  expect([all.exitCode, all.output]).toEqual([0, expect.stringContaining(`✅  ${fleetStack}: destroyed`)]);
  expect(
    core()
      .registry.listThings()
      .map(({ thingName }) => thingName),
  ).toEqual(['stranger']);
  expect(remains()).toEqual([1, 1, 1]);
}, 60_000);

test('Without FLEET_TARGET nothing is written for an endpoint on this machine', async () => {
  const { FLEET_TARGET: _, ...rest } = environment();
  const { exitCode, output } = await project.cdk(rest, 'synth', '--quiet', '--output', 'refused.out');
  expect(exitCode).toBe(1);
  expect(output).toContain('Set FLEET_TARGET=account too');
  expect(existsSync(join(project.devicesRoot, 'aws'))).toBe(false);
});
