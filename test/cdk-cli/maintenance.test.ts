import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { accountEnvironment } from '../../lib/targets/account-environment';
import { fleetWith } from '../support/demo-fleet';
import { temporaryFolder } from '../support/temporary-folder';
import { useAccount } from '../support/use-account';
import { ProjectCopy } from './project-copy';

// Rows of docs/maintenance.md, with the unchanged CLI of the CDK on an account of IoT Core Local.

const fleetStack = 'SharedSubscriptionsFleet';
const teardownStack = 'SharedSubscriptionsTeardown';
const withoutQuestion = ['--require-approval', 'never'];

const account = useAccount({ forEachTest: true });
const project = new ProjectCopy(temporaryFolder());
const { devices } = fleetWith();
const [first, second] = devices;

const core = () => account.fixture.iotCore;
const environment = () => accountEnvironment(core(), project.devicesRoot);
const cdk = (...args: string[]) => project.cdk(environment(), ...args);
const certificatesOf = () => devices.map(({ thingName }) => core().certificatesOf(thingName)[0]);
const statuses = () => certificatesOf().map(({ status }) => status);

beforeAll(async () => {
  // The account is not called: any will do.
  const anywhere = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', FLEET_TARGET: 'account', AWS_REGION: 'us-east-1' };
  const { exitCode, output } = await project.cdk(anywhere, 'synth', '--quiet');
  if (exitCode !== 0) throw new Error(output);
}, 60_000);

beforeEach(async () => {
  for (const stackName of [fleetStack, teardownStack]) await core().deploy(project.template(stackName), stackName);
});

function setStatus(index: number, newStatus: 'INACTIVE' | 'REVOKED') {
  return account.iot.updateCertificate({ certificateId: certificatesOf()[index].certificateId, newStatus });
}

test('A deployment from another checkout is refused before anything changes, and --no-previous-parameters takes the fleet over', async () => {
  const before = certificatesOf();
  const theirs = structuredClone(project.template(fleetStack)) as ReturnType<typeof project.template> & {
    Parameters: object;
  };
  const id = 'ffffffffffffffff';
  Object.assign(theirs.Parameters, { FleetCheckout: { Type: 'String', Default: id, AllowedValues: [id] } });
  theirs.Resources.Further = { Type: 'AWS::IoT::Thing', Properties: { ThingName: 'theirs' } };
  const app = project.edited('theirs.out', fleetStack, theirs);

  const refused = await cdk('deploy', fleetStack, '--app', app, ...withoutQuestion);
  expect([refused.exitCode, refused.output]).toEqual([1, expect.stringContaining('FleetCheckout')]);
  expect(certificatesOf()).toEqual(before);
  expect(core().registry.hasThing('theirs')).toBe(false);

  const taken = await cdk('deploy', fleetStack, '--app', app, '--no-previous-parameters', ...withoutQuestion);
  expect([taken.exitCode, core().registry.hasThing('theirs')]).toEqual([0, true]);
}, 60_000);

test('After a destroy that was not finished status names the command that arms the fleet again, and leaves out a stolen device', async () => {
  await setStatus(0, 'INACTIVE');
  const destroyed = await cdk('destroy', `${teardownStack}*`, '--force', '--app', 'cdk.out');
  expect([destroyed.exitCode, statuses()]).toEqual([0, devices.map(() => 'INACTIVE')]);
  const { exitCode, output } = await project.script(environment(), 'status');
  expect(exitCode).toBe(1);
  expect(output).toMatch(/A destroy that was not finished deactivated .* To keep the fleet: npx cdk deploy --all/);
  expect(output).toContain(`Somebody deactivated the certificate of "${first.thingName}"`);

  const deployed = await cdk('deploy', '--all', '--app', 'cdk.out', ...withoutQuestion);
  expect(deployed.exitCode).toBe(0);
  expect(statuses()).toEqual(['INACTIVE', ...devices.slice(1).map(() => 'ACTIVE')]);
}, 60_000);

test('A device whose certificate was revoked gets a new key and certificate, no other device changes, and the fleet can be destroyed', async () => {
  await setStatus(1, 'REVOKED');
  const before = certificatesOf();
  rmSync(join(project.devicesRoot, 'account', second.thingName), { recursive: true });
  const deployed = await cdk('deploy', fleetStack, '--output', 'replaced.out', ...withoutQuestion);
  expect([deployed.exitCode, deployed.output]).toEqual([0, expect.stringContaining(`✅  ${fleetStack}`)]);
  expect(statuses()).toEqual(devices.map(() => 'ACTIVE'));
  const kept = (certificates: typeof before) => certificates.filter((_certificate, index) => index !== 1);
  expect(kept(certificatesOf())).toEqual(kept(before));
  expect(certificatesOf()[1].certificateId).not.toBe(before[1].certificateId);
  const certs = await project.script(environment(), 'certs');
  expect([certs.exitCode, certs.output]).toEqual([
    0,
    expect.stringContaining(`${second.thingName}: certificate written`),
  ]);

  await core().destroy();
  // What CloudFormation left behind is attached to nothing, and a person deletes it.
  expect(core().registry.listCertificates()).toMatchObject([{ certificateId: before[1].certificateId }]);
  await account.iot.deleteCertificate({ certificateId: before[1].certificateId });
}, 60_000);
