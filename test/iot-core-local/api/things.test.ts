import {
  AttachThingPrincipalCommand,
  CreateThingCommand,
  DeleteThingCommand,
  DescribeThingCommand,
  DetachThingPrincipalCommand,
  InvalidRequestException,
  IoTServiceException,
  ListPrincipalThingsCommand,
  ListPrincipalThingsV2Command,
  ListThingPrincipalsCommand,
  ListThingPrincipalsV2Command,
  ListThingsCommand,
  type ListThingsCommandInput,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
  UpdateThingCommand,
  VersionConflictException,
} from '@aws-sdk/client-iot';
import { type Refusal, refusalOf } from '../../support/clients';
import { useAccount } from '../../support/use-account';
import { useDevice } from '../../support/use-iot-core';

const account = useAccount();
const car = useDevice(account.fixture, 'car1');

const principal = () => car.certificate.certificateArn;

test('A thing is created, described, listed and deleted', async () => {
  const { iot } = account;
  const thingArn = 'arn:aws:iot:us-east-1:123456789012:thing/a:1';
  const thing = { thingName: 'a:1', attributePayload: { attributes: { color: 'red' } } };
  expect(await iot.send(new CreateThingCommand(thing))).toMatchObject({ thingName: 'a:1', thingArn });
  const described = { thingName: 'a:1', thingArn, attributes: { color: 'red' }, version: 1 };
  expect(await iot.send(new DescribeThingCommand({ thingName: 'a:1' }))).toMatchObject(described);
  expect((await iot.send(new ListThingsCommand({}))).things).toContainEqual(described);
  await iot.send(new DeleteThingCommand({ thingName: 'a:1' }));
  expect((await iot.send(new ListThingsCommand({}))).things).toHaveLength(1);
});

test('UpdateThing replaces the attributes of a thing, or with merge changes only those that are named', async () => {
  const { iot } = account;
  await iot.send(
    new CreateThingCommand({ thingName: 'b', attributePayload: { attributes: { color: 'red', size: '1' } } }),
  );
  const update = async (attributes: Record<string, string>, merge?: boolean) => {
    await iot.send(new UpdateThingCommand({ thingName: 'b', attributePayload: { attributes, merge } }));
    return (await iot.send(new DescribeThingCommand({ thingName: 'b' }))).attributes;
  };
  expect(await update({ size: '', shape: 'round' }, true)).toEqual({ color: 'red', shape: 'round' });
  expect(await update({ size: '2' })).toEqual({ size: '2' });
  await iot.send(new DeleteThingCommand({ thingName: 'b' }));
});

test('UpdateThing without attributes leaves those that the thing has', async () => {
  const { iot } = account;
  await iot.send(new CreateThingCommand({ thingName: 'kept', attributePayload: { attributes: { color: 'red' } } }));
  await iot.send(new UpdateThingCommand({ thingName: 'kept' }));
  await iot.send(new UpdateThingCommand({ thingName: 'kept', attributePayload: { merge: false } }));
  expect(await iot.send(new DescribeThingCommand({ thingName: 'kept' }))).toMatchObject({
    attributes: { color: 'red' },
    version: 3,
  });
  await iot.send(new DeleteThingCommand({ thingName: 'kept' }));
});

test('A thing is updated and deleted at its expected version, and at no other', async () => {
  const { iot } = account;
  const thingName = 'versioned';
  await iot.send(new CreateThingCommand({ thingName }));
  const update = (expectedVersion: number) =>
    iot.send(new UpdateThingCommand({ thingName, attributePayload: { attributes: { a: 'b' } }, expectedVersion }));
  await expect(update(2)).rejects.toThrow(VersionConflictException);
  await update(1);
  await expect(update(1)).rejects.toThrow('The thing "versioned" has the version 2, not 1.');
  await expect(iot.send(new DeleteThingCommand({ thingName, expectedVersion: 1 }))).rejects.toMatchObject({
    name: 'VersionConflictException',
    $metadata: { httpStatusCode: 409 },
  });
  await iot.send(new DeleteThingCommand({ thingName, expectedVersion: 2 }));
  await expect(iot.send(new DescribeThingCommand({ thingName }))).rejects.toThrow(ResourceNotFoundException);
});

test('A thing can be created again with the same configuration, and keeps its id', async () => {
  const { iot } = account;
  const create = () =>
    iot.send(new CreateThingCommand({ thingName: 'again', attributePayload: { attributes: { n: '1' } } }));
  const first = await create();
  expect(first.thingId).toMatch(/^[\da-f]{8}-([\da-f]{4}-){3}[\da-f]{12}$/);
  expect(await create()).toMatchObject({ thingArn: first.thingArn, thingId: first.thingId });
  const described = await iot.send(new DescribeThingCommand({ thingName: 'again' }));
  expect(described.thingId).toBe(first.thingId);
  await iot.send(new DeleteThingCommand({ thingName: 'again' }));
});

test('A thing that does not exist can be deleted', async () => {
  await account.iot.send(new DeleteThingCommand({ thingName: 'nobody' }));
});

test('An exclusive thing cannot share its certificate with another thing', async () => {
  const { certificateArn: principal } = (await account.fixture.device('car2')).certificate;
  await account.iot.send(new CreateThingCommand({ thingName: 'exclusive' }));
  const attach = new AttachThingPrincipalCommand({
    thingName: 'exclusive',
    principal,
    thingPrincipalType: 'EXCLUSIVE_THING',
  });
  await expect(account.iot.send(attach)).rejects.toThrow(InvalidRequestException);
  account.fixture.registry.detachThingPrincipal('car2', principal);
  await account.iot.send(attach);
  expect(account.fixture.registry.listPrincipalThings(principal)).toEqual([
    { thingName: 'exclusive', type: 'EXCLUSIVE_THING' },
  ]);
  account.fixture.registry.detachThingPrincipal('exclusive', principal);
  for (const name of ['exclusive', 'car2']) account.fixture.registry.deleteThing(name);
});

test('A thing and a certificate are attached, listed from either side and detached', async () => {
  const { iot } = account;
  const attachment = { thingName: 'car3', principal: principal() };
  await iot.send(new CreateThingCommand({ thingName: 'car3' }));
  await iot.send(new AttachThingPrincipalCommand(attachment));
  expect(await iot.send(new ListThingPrincipalsCommand(attachment))).toMatchObject({ principals: [principal()] });
  expect(await iot.send(new ListPrincipalThingsCommand(attachment))).toMatchObject({ things: ['car1', 'car3'] });
  await iot.send(new DetachThingPrincipalCommand(attachment));
  expect(await iot.send(new ListThingPrincipalsCommand(attachment))).toMatchObject({ principals: [] });
  expect(await iot.send(new ListPrincipalThingsCommand(attachment))).toMatchObject({ things: ['car1'] });
  await iot.send(new DeleteThingCommand(attachment));
});

const nobody = { thingName: 'nobody' };
const missing = 'Thing "nobody" does not exist.';
const stranger = 'arn:aws:iot:us-east-1:123456789012:cert/0';

test.each<Refusal>([
  [
    'describing a thing that does not exist',
    () => account.iot.send(new DescribeThingCommand(nobody)),
    ResourceNotFoundException,
    missing,
  ],
  [
    'updating a thing that does not exist',
    () => account.iot.send(new UpdateThingCommand(nobody)),
    ResourceNotFoundException,
    missing,
  ],
  [
    'updating the type of a thing, which IoT Core Local does not change,',
    () => account.iot.send(new UpdateThingCommand({ thingName: 'car1', thingTypeName: 'car' })),
    IoTServiceException,
    'takes attributePayload, expectedVersion here, and not "thingTypeName"',
  ],
  [
    'a billing group, which IoT Core Local does not have,',
    () => account.iot.send(new CreateThingCommand({ thingName: 'billed', billingGroupName: 'group' })),
    IoTServiceException,
    'takes thingTypeName, attributePayload here, and not "billingGroupName"',
  ],
  [
    'listing the principals of a thing that does not exist',
    () => account.iot.send(new ListThingPrincipalsCommand(nobody)),
    ResourceNotFoundException,
    missing,
  ],
  [
    'detaching a certificate from a thing that does not exist',
    () => account.iot.send(new DetachThingPrincipalCommand({ ...nobody, principal: principal() })),
    ResourceNotFoundException,
    missing,
  ],
  [
    'attaching a certificate to a thing that does not exist',
    () => account.iot.send(new AttachThingPrincipalCommand({ ...nobody, principal: principal() })),
    ResourceNotFoundException,
    missing,
  ],
  [
    'attaching a certificate that does not exist',
    () => account.iot.send(new AttachThingPrincipalCommand({ thingName: 'car1', principal: stranger })),
    ResourceNotFoundException,
    'Certificate "0" does not exist.',
  ],
  [
    'creating a thing again with other attributes',
    () =>
      account.iot.send(
        new CreateThingCommand({ thingName: 'car1', attributePayload: { attributes: { color: 'red' } } }),
      ),
    ResourceAlreadyExistsException,
    'Thing "car1" already exists.',
  ],
  [
    'an invalid thing name',
    () => account.iot.send(new CreateThingCommand({ thingName: 'car 1/2' })),
    InvalidRequestException,
    '"car 1/2" is not.',
  ],
  [
    'deleting a thing that is attached',
    () => account.iot.send(new DeleteThingCommand({ thingName: 'car1' })),
    InvalidRequestException,
    'Thing car1 is still attached to one or more principals',
  ],
  [
    'an unknown type of attachment',
    () =>
      account.iot.send(
        new AttachThingPrincipalCommand({
          thingName: 'car1',
          principal: principal(),
          thingPrincipalType: 'NOPE' as 'EXCLUSIVE_THING',
        }),
      ),
    InvalidRequestException,
    'not "NOPE"',
  ],
])('%s is refused', async (_fact, call, exception, says) => {
  const refusal = await refusalOf(call);
  expect(refusal).toBeInstanceOf(exception);
  expect(refusal.message).toMatch(says);
});

test('The lists of the second version tell the type of each attachment, and can be limited to one', async () => {
  const { iot } = account;
  const both = { thingName: 'car1', principal: principal() };
  const type = { thingPrincipalType: 'NON_EXCLUSIVE_THING' } as const;
  expect(await iot.send(new ListThingPrincipalsV2Command(both))).toMatchObject({
    thingPrincipalObjects: [{ principal: principal(), ...type }],
  });
  expect(await iot.send(new ListPrincipalThingsV2Command({ ...both, ...type }))).toMatchObject({
    principalThingObjects: [{ thingName: 'car1', ...type }],
  });
  const others = { ...both, thingPrincipalType: 'EXCLUSIVE_THING' } as const;
  expect(await iot.send(new ListThingPrincipalsV2Command(others))).toMatchObject({ thingPrincipalObjects: [] });
  expect(await iot.send(new ListPrincipalThingsV2Command(others))).toMatchObject({ principalThingObjects: [] });
});

test('Things are listed by an attribute, with or without its value', async () => {
  const { iot } = account;
  for (const [thingName, color] of [
    ['red1', 'red'],
    ['blue1', 'blue'],
  ]) {
    await iot.send(new CreateThingCommand({ thingName, attributePayload: { attributes: { color } } }));
  }
  const named = async (filter: ListThingsCommandInput) =>
    (await iot.send(new ListThingsCommand(filter))).things?.map(({ thingName }) => thingName);
  expect(await named({ attributeName: 'color' })).toEqual(['red1', 'blue1']);
  expect(await named({ attributeName: 'color', attributeValue: 'blue' })).toEqual(['blue1']);
  expect(await named({ attributeName: 'toString' })).toEqual([]);
  expect(await named({ thingTypeName: 'Car' })).toEqual([]);
  for (const thingName of ['red1', 'blue1']) await iot.send(new DeleteThingCommand({ thingName }));
});
