import { deactivatedAttribute } from '../../lib/fleet/thing-attributes';
import type { AccessRequest } from '../../lib/iot-core-local/iam/access-request';
import { decide, type IdentityPolicy } from '../../lib/iot-core-local/iam/identity-policy';
import { ownedDevices } from '../../lib/stacks/sweep/fleet-resources';
import { arm, sweep } from '../../lib/stacks/sweep/sweep';
import type { Account } from '../support/clients';
import { synthesizeStacks } from '../support/demo-stacks';
import { factsOf, hasFormat } from '../support/iam-data';
import { recordAccess } from '../support/record-access';
import { openSweepSession } from '../support/sweep-session';
import { cars } from '../support/synthesized-app';
import { type AllowStatement, unusedRights } from '../support/unused-rights';
import { useAccount } from '../support/use-account';

const iotArn = (resource: string) => `arn:aws:iot:us-east-1:123456789012:${resource}`;
const stranger = iotArn('cert/stranger');
const identity = 'us-east-1:0f1c2b3a-0000-4000-8000-123456789abc';
const { signal } = new AbortController();
const timing = { signal, now: () => 0, pause: async () => {} };

/** What somebody attaches by hand to each device: another certificate to its thing and policy, another thing and policy to its certificate. */
async function attachStrangers({ fixture }: Account, devices: Awaited<ReturnType<typeof ownedDevices>>): Promise<void> {
  const { registry } = fixture;
  await fixture.device('other');
  const strangers: string[] = [];
  for (const [index, { thingName, policyName, certificateArn }] of devices.entries()) {
    // A certificate has at most ten policies.
    if (index % 8 === 0) strangers.push((await fixture.device(`stranger${index}`)).certificate.certificateArn);
    const foreign = strangers.at(-1)!;
    registry.attachPolicy(policyName!, foreign);
    registry.attachThingPrincipal(thingName!, foreign);
    registry.attachPolicy('other', certificateArn!);
    registry.attachThingPrincipal('other', certificateArn!);
  }
}

/** All that the function does in its life, with its own rights. @returns its policies, and what IAM decides about */
async function liveThrough(account: Account, changes: Record<string, unknown>) {
  const stacks = await synthesizeStacks(changes);
  await account.fixture.iotCore.deploy(stacks.fleetTemplate, stacks.fleetStackName);
  const session = await openSweepSession(account, stacks);
  const requests = recordAccess(account.fixture, 'assumed-role');
  const { iot, cloudFormation, properties, policies } = session;
  try {
    const devices = await ownedDevices(cloudFormation, properties, timing);
    await attachStrangers(account, devices);
    await account.iotData.publish({ topic: properties.Topic, retain: true, payload: Buffer.from('kept') });
    await sweep({ topic: properties.Topic, devices }, session, timing);
    await arm(devices, iot, timing);
  } finally {
    session.close();
  }
  const statements = policies.flatMap((policy) =>
    policy.statements.map(({ source }) => source as unknown as AllowStatement),
  );
  return { policies, statements, requests: [...requests, ...logging(statements)] };
}

/** What Lambda does with the role besides. */
function logging(statements: readonly AllowStatement[]): AccessRequest[] {
  const actions = ['logs:CreateLogStream', 'logs:PutLogEvents'];
  const { Resource } = statements.find(({ Action }) => Action.includes(actions[0]))!;
  const [stream] = [Resource].flat().map((arn) => String(arn).replace(/\*$/, 'log-stream:2026/11/26/1'));
  return actions.map((action) => ({ action, resource: stream }));
}

const isAllowed = (policies: readonly IdentityPolicy[], request: AccessRequest) => decide(policies, request).isAllowed;

describe.each([
  ['the blog post’s fleet', {}],
  ['a fleet whose rights need managed policies', { cars: cars(18) }],
])('%s', (_name, changes) => {
  const account = useAccount();
  let lived: Awaited<ReturnType<typeof liveThrough>>;

  beforeAll(async () => {
    lived = await liveThrough(account, changes);
  }, 60_000);

  test('The sweep’s rights allow each of its calls', () => {
    expect(account.fixture.logText).not.toMatch('IAM denies');
    const { registry } = account.fixture;
    expect(registry.listTargetsForPolicy('other')).toHaveLength(1);
    expect(registry.listTargetsForPolicy('consumer3')).toHaveLength(1);
  });

  test('The sweep needs each right, on each resource', () => {
    expect(unusedRights(lived.statements, lived.requests)).toEqual([]);
  });

  test('AWS has each action of the sweep’s rights, for such resources and condition keys', async () => {
    for (const { Action, Resource, Condition = {} } of lived.statements) {
      for (const action of [Action].flat()) {
        const facts = await factsOf(action);
        expect([action, facts]).toEqual([action, expect.anything()]);
        for (const resource of [Resource].flat()) {
          // A log group with `:*` is any of its streams.
          const fits = [resource, resource.replace(/\*$/, 'log-stream:1')].some((arn) => hasFormat(arn, facts!.arns));
          expect([action, resource, resource === '*' || fits]).toEqual([action, resource, true]);
        }
        const keys = Object.values(Condition).flatMap((condition) => Object.keys(condition));
        expect(facts!.conditionKeys).toEqual(expect.arrayContaining(keys));
      }
    }
  });

  test.each<[string, AccessRequest]>([
    [
      'a thing without the condition key, which AWS may not send',
      { action: 'iot:DetachThingPrincipal', resource: stranger },
    ],
    [
      'a thing of the fleet from a Cognito identity',
      { action: 'iot:DetachThingPrincipal', resource: identity, keys: { 'iot:thingArn': iotArn('thing/consumer3') } },
    ],
    ['a policy from a Cognito identity', { action: 'iot:DetachPolicy', resource: identity }],
    ['a policy from a thing group', { action: 'iot:DetachPolicy', resource: iotArn('thinggroup/group') }],
  ])('The sweep may detach %s', (_what, request) => {
    expect(isAllowed(lived.policies, request)).toBe(true);
  });

  test.each<[string, AccessRequest]>([
    ['read a stranger’s certificate', { action: 'iot:DescribeCertificate', resource: stranger }],
    ['change a stranger’s certificate', { action: 'iot:UpdateCertificate', resource: stranger }],
    [
      'detach a stranger’s thing from a stranger’s certificate',
      { action: 'iot:DetachThingPrincipal', resource: stranger, keys: { 'iot:thingArn': iotArn('thing/other') } },
    ],
    ['change a stranger’s thing', { action: 'iot:UpdateThing', resource: iotArn('thing/other') }],
    [
      'list the targets of a stranger’s policy',
      { action: 'iot:ListTargetsForPolicy', resource: iotArn('policy/other') },
    ],
    ['attach a policy', { action: 'iot:AttachPolicy', resource: stranger }],
    ['disconnect a stranger’s client', { action: 'iot:DeleteConnection', resource: iotArn('client/other') }],
    ['publish to another topic', { action: 'iot:Publish', resource: iotArn('topic/other') }],
    [
      'list another stack',
      {
        action: 'cloudformation:ListStackResources',
        resource: 'arn:aws:cloudformation:us-east-1:123456789012:stack/Other/1',
      },
    ],
  ])('The sweep may not %s', (_what, request) => {
    expect(isAllowed(lived.policies, request)).toBe(false);
  });

  test('The sweep may not delete a certificate of the fleet', () => {
    const { resource } = lived.requests.find(({ action }) => action === 'iot:UpdateCertificate')!;
    expect(isAllowed(lived.policies, { action: 'iot:DeleteCertificate', resource })).toBe(false);
  });
});

test('The memory’s attribute has a name and a value that AWS IoT takes', () => {
  // https://docs.aws.amazon.com/iot/latest/apireference/API_AttributePayload.html
  expect(deactivatedAttribute).toMatch(/^[a-zA-Z0-9_.,@/:#-]{1,128}$/);
});

test('A right that no request needs is named', () => {
  const [car1, car2] = [iotArn('thing/car1'), iotArn('thing/car2')];
  const statement = { Action: 'iot:UpdateThing', Resource: [car1, car2] };
  expect(unusedRights([statement], [{ action: 'iot:UpdateThing', resource: car1 }])).toEqual([
    `iot:UpdateThing ${car2}`,
  ]);
});
