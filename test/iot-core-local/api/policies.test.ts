import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeleteConflictException,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachPolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  InvalidRequestException,
  ListAttachedPoliciesCommand,
  ListPoliciesCommand,
  ListPolicyVersionsCommand,
  ListTargetsForPolicyCommand,
  MalformedPolicyException,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
  SetDefaultPolicyVersionCommand,
  VersionsLimitExceededException,
} from '@aws-sdk/client-iot';
import { type Refusal, refusalOf } from '../../support/clients';
import { policyOf } from '../../support/iot-core-fixture';
import { useAccount } from '../../support/use-account';
import { useDevice } from '../../support/use-iot-core';

const account = useAccount();
const car = useDevice(account.fixture, 'car1');

const target = () => car.certificate.certificateArn;
const policyDocument = JSON.stringify(policyOf(['iot:Connect client/a', 'iot:Publish topic/$share/a/b']));
const policyArn = 'arn:aws:iot:us-east-1:123456789012:policy/p,1';

test('A policy is created, read, listed and deleted', async () => {
  const { iot } = account;
  const named = { policyName: 'p,1', policyArn };
  const created = await iot.send(new CreatePolicyCommand({ policyName: 'p,1', policyDocument }));
  expect(created).toMatchObject({ ...named, policyDocument, policyVersionId: '1' });
  const read = await iot.send(new GetPolicyCommand({ policyName: 'p,1' }));
  expect(read).toMatchObject({ ...named, policyDocument, defaultVersionId: '1' });
  expect((await iot.send(new ListPoliciesCommand({}))).policies).toContainEqual(named);
  await iot.send(new DeletePolicyCommand({ policyName: 'p,1' }));
  expect((await iot.send(new ListPoliciesCommand({}))).policies).toHaveLength(1);
});

test('A policy is created with tags, and not with those that AWS refuses', async () => {
  const { iot } = account;
  const create = (Key: string) =>
    iot.send(new CreatePolicyCommand({ policyName: 'tagged', policyDocument, tags: [{ Key }] }));
  await expect(create('aws:a')).rejects.toMatchObject({
    name: 'InvalidRequestException',
    message: expect.stringContaining('The tag "aws:a" begins with "aws:"'),
  });
  await create('a');
  await iot.send(new DeletePolicyCommand({ policyName: 'tagged' }));
});

test('A policy has up to five versions, and can be deleted when only the default version is left', async () => {
  const { iot } = account;
  const policyName = 'versions';
  await iot.send(new CreatePolicyCommand({ policyName, policyDocument }));
  for (const setAsDefault of [undefined, true, false, undefined]) {
    await iot.send(new CreatePolicyVersionCommand({ policyName, policyDocument, setAsDefault }));
  }
  const { policyVersions } = await iot.send(new ListPolicyVersionsCommand({ policyName }));
  expect(policyVersions?.map(({ versionId, isDefaultVersion }) => [versionId, isDefaultVersion])).toEqual([
    ['1', false],
    ['2', false],
    ['3', true],
    ['4', false],
    ['5', false],
  ]);
  expect(policyVersions?.[0].createDate?.getTime()).toBeCloseTo(Date.now(), -4);
  const sixth = iot.send(new CreatePolicyVersionCommand({ policyName, policyDocument }));
  await expect(sixth).rejects.toThrow(VersionsLimitExceededException);
  await expect(iot.send(new DeletePolicyCommand({ policyName }))).rejects.toThrow(DeleteConflictException);
  const first = iot.send(new DeletePolicyVersionCommand({ policyName, policyVersionId: '3' }));
  await expect(first).rejects.toThrow(DeleteConflictException);
  for (const policyVersionId of ['1', '2', '4', '5']) {
    await iot.send(new DeletePolicyVersionCommand({ policyName, policyVersionId }));
  }
  await iot.send(new DeletePolicyCommand({ policyName }));
});

test('A policy is attached, listed from either side and detached', async () => {
  const { iot } = account;
  const attachment = { policyName: 'attached', target: target() };
  await iot.send(new CreatePolicyCommand({ policyName: 'attached', policyDocument }));
  await iot.send(new AttachPolicyCommand(attachment));
  const policiesOfTarget = async () =>
    (await iot.send(new ListAttachedPoliciesCommand({ target: target() }))).policies?.map(
      ({ policyName }) => policyName,
    );
  expect(await policiesOfTarget()).toEqual(['car1', 'attached']);
  expect(await iot.send(new ListTargetsForPolicyCommand(attachment))).toMatchObject({ targets: [target()] });
  await expect(iot.send(new DeletePolicyCommand(attachment))).rejects.toThrow(DeleteConflictException);
  await iot.send(new DetachPolicyCommand(attachment));
  expect(await policiesOfTarget()).toEqual(['car1']);
  expect(await iot.send(new ListTargetsForPolicyCommand(attachment))).toMatchObject({ targets: [] });
  await iot.send(new DeletePolicyCommand(attachment));
});

const nobody = { policyName: 'nobody' };
const missing = 'Policy "nobody" does not exist.';
const unknown = 'arn:aws:iot:us-east-1:123456789012:cert/0';

test.each<Refusal>([
  [
    'reading a policy that does not exist',
    () => account.iot.send(new GetPolicyCommand(nobody)),
    ResourceNotFoundException,
    missing,
  ],
  [
    'deleting a policy that does not exist',
    () => account.iot.send(new DeletePolicyCommand(nobody)),
    ResourceNotFoundException,
    missing,
  ],
  [
    'detaching a policy that does not exist',
    () => account.iot.send(new DetachPolicyCommand({ ...nobody, target: target() })),
    ResourceNotFoundException,
    missing,
  ],
  [
    'attaching a policy to a certificate that does not exist',
    () => account.iot.send(new AttachPolicyCommand({ policyName: 'car1', target: unknown })),
    ResourceNotFoundException,
    'Certificate "0" does not exist.',
  ],
  [
    'deleting a policy version that does not exist',
    () => account.iot.send(new DeletePolicyVersionCommand({ policyName: 'car1', policyVersionId: '7' })),
    ResourceNotFoundException,
    'Policy version "car1:7" does not exist.',
  ],
  [
    'creating a policy twice',
    () => account.iot.send(new CreatePolicyCommand({ policyName: 'car1', policyDocument })),
    ResourceAlreadyExistsException,
    'Policy "car1" already exists.',
  ],
  [
    'an unreadable policy document',
    () => account.iot.send(new CreatePolicyCommand({ policyName: 'p', policyDocument: '{' })),
    MalformedPolicyException,
    '',
  ],
  [
    'an invalid policy name',
    () => account.iot.send(new CreatePolicyCommand({ policyName: 'a:b', policyDocument })),
    InvalidRequestException,
    '"a:b" is not.',
  ],
  [
    'deleting a policy that is attached',
    () => account.iot.send(new DeletePolicyCommand({ policyName: 'car1' })),
    DeleteConflictException,
    'attached to one or more principals',
  ],
])('%s is refused', async (_fact, call, exception, says) => {
  const refusal = await refusalOf(call);
  expect(refusal).toBeInstanceOf(exception);
  expect(refusal.message).toMatch(says);
});

test('A policy version is read, and becomes the default', async () => {
  const { iot } = account;
  const policyName = 'read';
  const second = JSON.stringify(policyOf(['iot:Connect client/b']));
  await iot.send(new CreatePolicyCommand({ policyName, policyDocument }));
  await iot.send(new CreatePolicyVersionCommand({ policyName, policyDocument: second }));
  const version = () => iot.send(new GetPolicyVersionCommand({ policyName, policyVersionId: '2' }));
  expect(await version()).toMatchObject({ policyName, policyDocument: second, isDefaultVersion: false });
  await iot.send(new SetDefaultPolicyVersionCommand({ policyName, policyVersionId: '2' }));
  expect(await version()).toMatchObject({ isDefaultVersion: true });
  for (const call of [
    new GetPolicyVersionCommand({ policyName, policyVersionId: '3' }),
    new SetDefaultPolicyVersionCommand({ policyName, policyVersionId: '3' }),
  ]) {
    await expect(iot.send(call as GetPolicyVersionCommand)).rejects.toThrow('Policy version "read:3" does not exist.');
  }
  await iot.send(new DeletePolicyVersionCommand({ policyName, policyVersionId: '1' }));
  await iot.send(new DeletePolicyCommand({ policyName }));
});
