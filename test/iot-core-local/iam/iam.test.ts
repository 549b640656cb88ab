import { AccessDenied } from '../../../lib/iot-core-local/iam/access-denied';
import type { AccessRequest } from '../../../lib/iot-core-local/iam/access-request';
import { Iam } from '../../../lib/iot-core-local/iam/iam';
import { IdentityPolicy } from '../../../lib/iot-core-local/iam/identity-policy';
import type { LogEntry } from '../../../lib/iot-core-local/log';
import { defaultLocation } from '../../../lib/iot-core-local/registry/arns';
import { roleOf } from '../../support/role-of';

const arn = 'arn:aws:iot:us-east-1:123456789012:thing/car1';
const request: AccessRequest = { action: 'iot:DescribeThing', resource: arn };
const Allow = { Effect: 'Allow', Action: 'iot:DescribeThing', Resource: arn };
const policyOf = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const trust = roleOf([]).Properties.AssumeRolePolicyDocument;
const roleArn = 'arn:aws:iam::123456789012:role/sweeper';

let log: LogEntry[];
let iam: Iam;

beforeEach(() => {
  log = [];
  iam = new Iam({ location: defaultLocation, log: (entry) => log.push(entry) });
});

const signedBy = (accessKeyId: string) =>
  `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261126/us-east-1/iot/aws4_request, SignedHeaders=host, Signature=0`;

/** Whether a role may make the request. */
function isAllowed(): boolean {
  const { accessKeyId } = iam.assumeRole(roleArn, 'function');
  try {
    iam.authorize(iam.callerOf(signedBy(accessKeyId)), [request]);
    return true;
  } catch (error) {
    if (error instanceof AccessDenied) return false;
    throw error;
  }
}

test('Any keys are the user’s, who is an administrator by default', () => {
  const caller = iam.callerOf(signedBy('AKIAIOSFODNN7EXAMPLE'));
  expect(caller.arn).toBe('arn:aws:iam::123456789012:user/local');
  expect(() => iam.authorize(caller, [request])).not.toThrow();
});

test('A user with a policy may do what it allows, and is told what it does not', () => {
  const userPolicy = IdentityPolicy.parse(policyOf(Allow));
  iam = new Iam({ location: defaultLocation, log: (entry) => log.push(entry), userPolicy });
  iam.authorize(iam.user, [request]);
  const denied = { ...request, action: 'iot:DeleteThing' };
  expect(() => iam.authorize(iam.user, [request, denied])).toThrow(
    `User: arn:aws:iam::123456789012:user/local is not authorized to perform: iot:DeleteThing on resource: ${arn} because no identity-based policy allows the iot:DeleteThing action`,
  );
  expect(log).toEqual([
    {
      level: 'warn',
      message: `IAM denies arn:aws:iam::123456789012:user/local iot:DeleteThing on ${arn}: no statement allows it. This would: {"Effect":"Allow","Action":"iot:DeleteThing","Resource":"${arn}"}.`,
    },
  ]);
});

test('A denial by an explicit Deny says so, and proposes no statement', () => {
  const userPolicy = IdentityPolicy.parse(policyOf(Allow, { ...Allow, Effect: 'Deny' }));
  iam = new Iam({ location: defaultLocation, log: (entry) => log.push(entry), userPolicy });
  expect(() => iam.authorize(iam.user, [request])).toThrow('with an explicit deny in an identity-based policy');
  expect(log[0].message).toMatch(/"Effect":"Deny".* denies it\.$/);
});

test('The statement that would allow a call about a Cognito identity has the resource *', () => {
  iam.roles.createRole('sweeper', '/', trust);
  const { accessKeyId } = iam.assumeRole(roleArn, 'function');
  const detach = { action: 'iot:DetachPolicy', resource: 'us-east-1:0f1c2b3a' };
  expect(() => iam.authorize(iam.callerOf(signedBy(accessKeyId)), [detach])).toThrow('on resource: us-east-1:0f1c2b3a');
  expect(log[0].message).toMatch('"Resource":"*"');
});

test('A session of a role has its role’s name and its own, and the role’s policies of the moment decide', () => {
  iam.roles.createRole('sweeper', '/', trust);
  const { accessKeyId } = iam.assumeRole(roleArn, 'function');
  const caller = iam.callerOf(signedBy(accessKeyId));
  expect(caller.arn).toBe('arn:aws:sts::123456789012:assumed-role/sweeper/function');
  expect(() => iam.authorize(caller, [request])).toThrow(AccessDenied);
  iam.roles.putRolePolicy('sweeper', 'inline', policyOf(Allow));
  expect(() => iam.authorize(caller, [request])).not.toThrow();
  iam.roles.deleteRolePolicy('sweeper', 'inline');
  expect(() => iam.authorize(caller, [request])).toThrow(AccessDenied);
});

test('The keys of a session that has ended are nobody’s, and not the user’s', () => {
  iam.roles.createRole('sweeper', '/', trust);
  const session = iam.assumeRole(roleArn, 'function');
  iam.endSession(session);
  expect(() => iam.callerOf(signedBy(session.accessKeyId))).toThrow(
    'The security token included in the request is invalid.',
  );
});

test('Managed policies decide as inline policies do', () => {
  iam.roles.createRole('sweeper', '/', trust);
  const policy = iam.roles.createPolicy('Rights', '/', policyOf(Allow));
  expect(policy).toBe('arn:aws:iam::123456789012:policy/Rights');
  expect(isAllowed()).toBe(false);
  iam.roles.attachRolePolicy('sweeper', policy);
  expect(isAllowed()).toBe(true);
  iam.roles.updatePolicy(policy, policyOf({ ...Allow, Effect: 'Deny' }));
  expect(isAllowed()).toBe(false);
});

test('A role or a policy is not deleted while something is attached to it', () => {
  const { roles } = iam;
  roles.createRole('sweeper', '/', trust);
  const policy = roles.createPolicy('Rights', '/', policyOf(Allow));
  roles.attachRolePolicy('sweeper', policy);
  expect(() => roles.deletePolicy(policy)).toThrow('Cannot delete a policy attached to entities.');
  expect(() => roles.deleteRole('sweeper')).toThrow('must detach all policies first');
  roles.detachRolePolicy('sweeper', policy);
  roles.deletePolicy(policy);
  roles.putRolePolicy('sweeper', 'inline', policyOf(Allow));
  expect(() => roles.deleteRole('sweeper')).toThrow('must delete policies first');
  roles.deleteRolePolicy('sweeper', 'inline');
  roles.deleteRole('sweeper');
  expect(() => iam.assumeRole(roleArn, 'function')).toThrow('cannot be assumed by Lambda');
});

test('AWS’s managed policies grant nothing, and one that denies is refused', () => {
  iam.roles.createRole('sweeper', '/', trust);
  iam.roles.attachRolePolicy('sweeper', 'arn:aws:iam::aws:policy/AdministratorAccess');
  expect(isAllowed()).toBe(false);
  expect(() => iam.roles.attachRolePolicy('sweeper', 'arn:aws:iam::aws:policy/AWSDenyAll')).toThrow('AWSDenyAll');
  expect(() => iam.roles.attachRolePolicy('sweeper', 'arn:aws:iam::123456789012:policy/Mine')).toThrow(
    'Policy arn:aws:iam::123456789012:policy/Mine does not exist or is not attachable.',
  );
});

const [service] = trust.Statement;

test.each<[string, object]>([
  ['another service', { ...service, Principal: { Service: 'ec2.amazonaws.com' } }],
  ['a condition', { ...service, Condition: { StringEquals: { 'aws:SourceAccount': '1' } } }],
  ['a denial', { ...service, Effect: 'Deny' }],
])('Lambda may not assume a role whose trust policy has %s', (_case, statement) => {
  iam.roles.createRole('sweeper', '/', policyOf(statement));
  expect(() => iam.assumeRole(roleArn, 'function')).toThrow('cannot be assumed by Lambda');
});
