import { type FleetProperties, ownedDevices } from '../../../lib/stacks/sweep/fleet-resources';
import { arnPrefix, exception, FakeAws } from './fake-aws';

const properties: FleetProperties = {
  FleetStack: 'Fleet',
  CertificateArnPrefix: arnPrefix,
  Topic: 'cars/data',
  Devices: [{ ClientId: 'car1', Thing: 'Thing1', Policy: 'Policy1', Certificate: 'Certificate1' }],
};

function stack(): FakeAws {
  const aws = new FakeAws();
  aws.stack.set('Other', 'somebody').set('Thing1', 'car1').set('Policy1', 'car1').set('Certificate1', 'abc');
  return aws;
}

test.each([1, 250])('A device has what its stack owns, listed in pages of %d', async (pageSize) => {
  const aws = stack();
  aws.pageSize = pageSize;
  await expect(ownedDevices(aws.cloudFormation, properties, aws.timing())).resolves.toEqual([
    { clientId: 'car1', thingName: 'car1', policyName: 'car1', certificateArn: `${arnPrefix}abc` },
  ]);
  expect(aws.calls[0].input).toMatchObject({ StackName: 'Fleet' });
});

test('What the stack has deleted, or never had, is not owned', async () => {
  const aws = stack();
  aws.deletedFromStack.add('Thing1').add('Certificate1');
  aws.stack.delete('Policy1');
  await expect(ownedDevices(aws.cloudFormation, properties, aws.timing())).resolves.toEqual([{ clientId: 'car1' }]);
});

test('A stack that cannot be listed is an error: nothing is guessed', async () => {
  const aws = stack();
  aws.fail = () => exception('AccessDenied');
  await expect(ownedDevices(aws.cloudFormation, properties, aws.timing())).rejects.toThrow(
    'Still to do: listing what the stack Fleet owns (AccessDenied: AccessDenied of the fake).',
  );
  aws.fail = () => exception('ResourceNotFoundException');
  await expect(ownedDevices(aws.cloudFormation, properties, aws.timing())).rejects.toThrow(
    'The stack Fleet is not there.',
  );
});

test.each([
  ['a right that IAM does not know yet', exception('AccessDenied')],
  ['throttling, under the name that CloudFormation has for it', exception('Throttling')],
  ['a fault of the service', exception('InternalFailure', 'server')],
])('The list of a stack is asked for again after %s', async (_, error) => {
  const aws = stack();
  aws.fail = () => (aws.time < 30_000 ? error : undefined);
  await expect(ownedDevices(aws.cloudFormation, properties, aws.timing())).resolves.toHaveLength(1);
});
