import { strangerIn } from '../../../lib/rehearsal/rehearsal';
import { makeTheStranger } from '../../../lib/rehearsal/steps/make-stranger';
import { nothingLeft } from '../../../lib/rehearsal/steps/nothing-left';
import { removeTheStranger } from '../../../lib/rehearsal/steps/remove-stranger';
import { type RehearsalOfTest, useRehearsal } from '../../support/use-rehearsal';

const context = useRehearsal();
const problems = async () => nothingLeft.verdict(await nothingLeft.run(context.rehearsal)).problems;
const policyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [] });

beforeEach(async () => {
  await makeTheStranger.run(context.rehearsal);
});

test('Nothing is left of a fleet that was never there, and the stranger is as it was', async () => {
  expect(await problems()).toEqual([]);
});

test.each<[string, (context: RehearsalOfTest) => Promise<unknown>, string[]]>([
  [
    'a thing',
    ({ account }) => account.iot.createThing({ thingName: 'car1' }),
    ['There still is the thing "car1".', 'The account has 2 things, and the stranger 1.'],
  ],
  [
    'the policy of the car that the update adds',
    ({ account }) => account.iot.createPolicy({ policyName: 'rehearsal-car', policyDocument }),
    ['There still is the policy "rehearsal-car".', 'The account has 2 policies, and the stranger 1.'],
  ],
  [
    'a thing of another name',
    ({ account }) => account.iot.createThing({ thingName: 'other' }),
    ['The account has 2 things, and the stranger 1.'],
  ],
  [
    'a retained message',
    ({ account }) => account.iotData.publish({ topic: 'cars/data', retain: true, payload: Buffer.from('x') }),
    ['There still is the retained message of "cars/data".'],
  ],
  [
    'a stack',
    ({ account }) =>
      account.cloudFormation.createStack({
        StackName: 'SharedSubscriptionsFleet',
        TemplateBody: JSON.stringify({
          Resources: { Thing: { Type: 'AWS::IoT::Thing', Properties: { ThingName: 'x' } } },
        }),
      }),
    [
      'There still is the stack "SharedSubscriptionsFleet" (CREATE_COMPLETE).',
      'The account has 2 things, and the stranger 1.',
    ],
  ],
  [
    'the session of a member',
    async ({ account }) => {
      const device = await account.fixture.device('x');
      const options = { clientId: 'subscriber2a-sub', clean: false, properties: { sessionExpiryInterval: 60 } };
      const client = await account.fixture.connect(device, 5, options);
      await client.subscribeAsync('a', { qos: 1 });
      account.fixture.registry.detachPolicy('x', device.certificate.certificateArn);
    },
    ['There still is the session of "subscriber2a-sub".'],
  ],
  [
    'a certificate that the fleet had',
    async ({ account, rehearsal }) => {
      const { certificate } = await account.fixture.device('x');
      rehearsal.certificateIds.add(certificate.certificateId);
    },
    ['There still is the certificate '],
  ],
])('A look at what is left finds %s', async (_, leave, expected) => {
  await leave(context);
  const found = await problems();
  for (const problem of expected) expect(found).toContainEqual(expect.stringContaining(problem));
});

test.each<[string, (context: RehearsalOfTest, certificateId: string, arn: string) => Promise<unknown>, string]>([
  [
    'certificate that was deactivated',
    ({ account }, certificateId) => account.iot.updateCertificate({ certificateId, newStatus: 'INACTIVE' }),
    'The stranger\'s certificate is "INACTIVE", instead of "ACTIVE".',
  ],
  [
    'policy that was detached',
    ({ account }, _, target) => account.iot.detachPolicy({ policyName: 'rehearsal-stranger', target }),
    'The stranger\'s certificate has the policies [], instead of ["rehearsal-stranger"].',
  ],
  [
    'thing that was detached',
    ({ account }, _, principal) => account.iot.detachThingPrincipal({ thingName: 'rehearsal-stranger', principal }),
    "The stranger's thing has the principals [], instead of [",
  ],
  [
    'policy that has another version',
    ({ account }) =>
      account.iot.createPolicyVersion({ policyName: 'rehearsal-stranger', policyDocument, setAsDefault: true }),
    'The stranger\'s policy has the versions ["1","2"], instead of ["1"].',
  ],
])('A look at what is left finds a stranger’s %s', async (_, change, problem) => {
  const { certificateId, certificateArn } = strangerIn(context.rehearsal);
  await change(context, certificateId, certificateArn);
  expect(await problems()).toContainEqual(expect.stringContaining(problem));
});

test('The stranger’s things are removed, also where some of them are gone', async () => {
  await context.account.iot.detachThingPrincipal({
    thingName: 'rehearsal-stranger',
    principal: strangerIn(context.rehearsal).certificateArn,
  });
  await context.account.iot.deleteThing({ thingName: 'rehearsal-stranger' });
  await removeTheStranger.run(context.rehearsal);
  const { registry } = context.account.fixture;
  expect([registry.listThings(), registry.listCertificates(), registry.listPolicies()]).toEqual([[], [], []]);
});
