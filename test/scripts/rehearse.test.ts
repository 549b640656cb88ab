import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFleet } from '../../lib/fleet/fleet-file';
import { devicesRoot } from '../../lib/fleet/project';
import { accountEnvironment } from '../../lib/targets/account-environment';
import { startScript } from '../support/script-process';
import { temporaryFolder } from '../support/temporary-folder';
import { useAccount } from '../support/use-account';

// `--aws` has no AWS here: AWS_ENDPOINT_URL leads it to an account of IoT Core Local.

// Whichever fleet cdk.json holds: a rehearsal takes no other.
const { topic, devices } = readFleet();
const [first, second] = devices.map(({ thingName }) => thingName);

const account = useAccount({ forEachTest: true });
const output = temporaryFolder();
const credentials = {
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};

function rehearse(...args: readonly string[]) {
  const environment = { ...accountEnvironment(account.fixture.iotCore, output), ...credentials };
  return startScript('rehearse', ['--aws', '--output', output, ...args], environment);
}

function remains() {
  const { registry } = account.fixture;
  return [registry.listThings(), registry.listCertificates(), registry.listPolicies()].map(({ length }) => length);
}

test('A rehearsal on AWS that nobody can agree to is refused', async () => {
  const { exitCode, text } = await rehearse().ended;
  expect(text).toContain('--aws asks before it makes anything, and nobody can answer here: add --yes.');
  expect(exitCode).toBe(2);
});

test('A rehearsal on AWS refuses an account that has a thing, a policy, a stack or a retained message of its names, and changes nothing', async () => {
  await account.iot.createThing({ thingName: first });
  await account.iot.createPolicy({
    policyName: 'rehearsal-stranger',
    policyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [] }),
  });
  await account.cloudFormation.createStack({
    StackName: 'SharedSubscriptionsTeardown',
    TemplateBody: JSON.stringify({ Resources: { A: { Type: 'AWS::IoT::Thing', Properties: { ThingName: 'a' } } } }),
  });
  await account.iotData.publish({ topic, retain: true, payload: Buffer.from('kept') });
  const { exitCode, text } = await rehearse('--yes').ended;
  expect(text).toContain(
    `The account has what a rehearsal would make, and remove in the end: the policy "rehearsal-stranger", the stack "SharedSubscriptionsTeardown" (CREATE_COMPLETE), the thing "${first}", the retained message of "${topic}". Nothing was changed.`,
  );
  expect(exitCode).toBe(1);
  expect(remains()).toEqual([2, 0, 1]);
}, 30_000);

test('A rehearsal on AWS that is interrupted while the CLI deploys destroys what it made, and its transcript names no account and no key', async () => {
  const { ended, interrupt } = rehearse('--yes');
  const { registry } = account.fixture;
  const createThing = registry.createThing.bind(registry);
  jest.spyOn(registry, 'createThing').mockImplementation((name, ...rest) => {
    if (name === second) interrupt();
    return createThing(name, ...rest);
  });
  const { exitCode, text } = await ended;
  const { accountId } = account.fixture.registry.location;
  expect(text).toContain(`This rehearsal uses the AWS account ${accountId} in Region us-east-1 (AWS_REGION).`);
  expect(text).toMatch(
    /✓ cdk deploy --all [\s\S]*✓ cdk destroy --all [\s\S]*✓ nothing is left [\s\S]*✓ the stranger's things/,
  );
  expect(text).not.toContain('npm run certs');
  expect(text).toContain('Interrupted. What was made is destroyed.');
  expect(exitCode).toBe(130);
  expect(remains()).toEqual([0, 0, 0]);
  expect(await account.cloudFormation.describeStacks({})).toMatchObject({ Stacks: [] });

  expect(readFileSync(join(output, 'cdk.log'), 'utf8')).toContain(accountId);
  const transcript = readFileSync(join(output, 'transcript.txt'), 'utf8');
  expect(transcript).toMatch(/^Rehearsal on IoT Core Local, Region us-east-1: interrupted, /);
  expect(transcript).toContain('✅  SharedSubscriptionsFleet: destroyed');
  for (const secret of [accountId, ...Object.values(credentials), 'PRIVATE KEY']) {
    expect(transcript).not.toContain(secret);
  }
  expect(existsSync(join(devicesRoot, 'account', '.checkout-id'))).toBe(false);
}, 90_000);
