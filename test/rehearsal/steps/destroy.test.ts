import { strangerIn } from '../../../lib/rehearsal/rehearsal';
import { destroy } from '../../../lib/rehearsal/steps/destroy';
import { makeTheStranger } from '../../../lib/rehearsal/steps/make-stranger';
import { useRehearsal } from '../../support/use-rehearsal';

const success = { exitCode: 0, output: '' };
const failure = { exitCode: 1, output: 'begun\nDELETE_FAILED | AWS::IoT::Policy\n' };
const failed = 'cdk destroy ended with exit code 1: DELETE_FAILED | AWS::IoT::Policy';
const context = useRehearsal();

test.each([
  ['at the first try', [success]],
  ['in 2 tries', [failure, success]],
  ['nothing was deployed', []],
])('A destruction that succeeds says how: %s', (summary, outcomes) => {
  expect(destroy.verdict({ outcomes, isHelped: false, connected: 0 })).toEqual({ summary, problems: [] });
});

test('A destruction fails if clients of the fleet are connected still', () => {
  expect(destroy.verdict({ outcomes: [success], isHelped: false, connected: 2 }).problems).toEqual([
    '2 clients of the fleet are connected still.',
  ]);
});

test.each([
  [success, 'With the stranger detached by hand, the stacks were destroyed.'],
  [failure, 'Even with the stranger detached by hand, the stacks were not destroyed. They are there still.'],
])('A destruction that had to be helped fails, whatever the help brought', (last, sentence) => {
  expect(destroy.verdict({ outcomes: [failure, last], isHelped: true, connected: 0 }).problems).toEqual([
    failed,
    sentence,
  ]);
});

test('A destruction that fails is tried again with the stranger’s things detached from all others', async () => {
  const { account, rehearsal } = context;
  await makeTheStranger.run(rehearsal);
  const { certificateArn, name } = strangerIn(rehearsal);
  const { certificate } = await account.fixture.device('car1');
  await account.iot.attachPolicy({ policyName: 'car1', target: certificateArn });
  await account.iot.attachThingPrincipal({ thingName: 'car1', principal: certificateArn });
  await account.iot.attachPolicy({ policyName: name, target: certificate.certificateArn });
  await account.iot.attachThingPrincipal({ thingName: name, principal: certificate.certificateArn });
  const attached = () => {
    const { registry } = account.fixture;
    return [registry.listTargetsForPolicy('car1'), registry.listPrincipalThings(certificateArn)].map(
      ({ length }) => length,
    );
  };
  const tries: number[][] = [];
  const cdk = async () => {
    tries.push(attached());
    return tries.length === 1 ? failure : success;
  };
  const evidence = await destroy.run({ ...rehearsal, cdk, deployed: rehearsal.first });
  expect(evidence).toEqual({ outcomes: [failure, success], isHelped: true, connected: 0 });
  expect(tries).toEqual([
    [2, 2],
    [1, 1],
  ]);
  const { registry } = account.fixture;
  expect(registry.listTargetsForPolicy(name)).toEqual([certificateArn]);
  expect(registry.listThingPrincipals(name)).toHaveLength(1);
});

test('A destruction without a deployment does nothing', async () => {
  const cdk = () => Promise.reject(new Error('Nothing was to be done.'));
  expect(await destroy.run({ ...context.rehearsal, cdk })).toEqual({ outcomes: [], isHelped: false, connected: 0 });
});
