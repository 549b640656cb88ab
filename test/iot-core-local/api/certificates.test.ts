import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import {
  CertificateStateException,
  CertificateValidationException,
  CreateCertificateFromCsrCommand,
  CreateKeysAndCertificateCommand,
  DeleteCertificateCommand,
  DeleteConflictException,
  DescribeCertificateCommand,
  InvalidRequestException,
  ListCertificatesCommand,
  RegisterCertificateWithoutCACommand,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
  UpdateCertificateCommand,
} from '@aws-sdk/client-iot';
import { newCertificateRequest } from '../../../lib/devices/certificate-request';
import { CertificateAuthority } from '../../../lib/iot-core-local/registry/certificate-authority';
import { newPrivateKey } from '../../../lib/util/private-key';
import { type Refusal, refusalOf } from '../../support/clients';
import { issue } from '../../support/iot-core-fixture';
import { useAccount } from '../../support/use-account';
import { useDevice } from '../../support/use-iot-core';

const account = useAccount();
const car = useDevice(account.fixture, 'car1');

const certificateId = () => car.certificate.certificateId;

test.each([
  ['INACTIVE', undefined],
  ['INACTIVE', false],
  ['ACTIVE', true],
])('A certificate that is made from a request is %s if setAsActive is %s', async (status, setAsActive) => {
  const privateKey = createPrivateKey(newPrivateKey());
  const certificateSigningRequest = await newCertificateRequest(privateKey, 'car2');
  const made = await account.iot.send(new CreateCertificateFromCsrCommand({ certificateSigningRequest, setAsActive }));
  expect(new X509Certificate(made.certificatePem!).checkPrivateKey(privateKey)).toBe(true);

  const { certificateDescription } = await account.iot.send(
    new DescribeCertificateCommand({ certificateId: made.certificateId }),
  );
  const { $metadata, ...certificate } = made;
  expect(certificateDescription).toMatchObject({ ...certificate, status, certificateMode: 'DEFAULT' });
  expect(made.certificateArn).toBe(`arn:aws:iot:us-east-1:123456789012:cert/${made.certificateId}`);
  expect(certificateDescription?.creationDate?.getTime()).toBeCloseTo(Date.now(), -4);
  expect(certificateDescription?.validity?.notAfter).toEqual(new Date('2049-12-31T23:59:59Z'));
});

test('A certificate of another authority is registered, listed, set to another status and deleted', async () => {
  const { iot } = account;
  const { certificatePem } = await issue(await CertificateAuthority.create(), 'stranger');
  const registered = await iot.send(new RegisterCertificateWithoutCACommand({ certificatePem, status: 'ACTIVE' }));
  const listed = () => iot.send(new ListCertificatesCommand({})).then(({ certificates }) => certificates);
  const { certificateId, certificateArn } = registered;
  const listing = { certificateId, certificateArn, status: 'ACTIVE', certificateMode: 'SNI_ONLY' };
  expect(await listed()).toContainEqual(expect.objectContaining(listing));
  await iot.send(new UpdateCertificateCommand({ certificateId, newStatus: 'INACTIVE' }));
  expect(await listed()).toContainEqual(expect.objectContaining({ certificateId, status: 'INACTIVE' }));
  await iot.send(new DeleteCertificateCommand({ certificateId }));
  expect(await listed()).not.toContainEqual(expect.objectContaining({ certificateId }));
});

test('The connections of a certificate are closed when it is deactivated', async () => {
  const device = await account.fixture.device('car3');
  const { certificateId } = device.certificate;
  const client = await account.fixture.connect(device, 5);
  const closed = new Promise((resolve) => client.once('close', () => resolve('closed')));
  await account.iot.send(new UpdateCertificateCommand({ certificateId, newStatus: 'INACTIVE' }));
  await expect(closed).resolves.toBe('closed');
});

test('A revoked certificate keeps its status, and can be revoked again and deleted', async () => {
  const { certificateId, certificateArn } = (await account.fixture.device('car9')).certificate;
  const update = (newStatus: 'ACTIVE' | 'INACTIVE' | 'REVOKED') =>
    account.iot.send(new UpdateCertificateCommand({ certificateId, newStatus }));
  await update('REVOKED');
  await expect(update('INACTIVE')).rejects.toThrow(CertificateStateException);
  await expect(update('ACTIVE')).rejects.toThrow('The certificate is REVOKED, and its status cannot be changed.');
  await update('REVOKED');
  expect(account.fixture.registry.describeCertificate(certificateId).status).toBe('REVOKED');
  account.fixture.registry.detachThingPrincipal('car9', certificateArn);
  await account.iot.send(new DeleteCertificateCommand({ certificateId, forceDelete: true }));
});

test('Deletion by force ignores attached policies, and nothing else', async () => {
  const { certificateId, certificateArn } = (await account.fixture.device('car4')).certificate;
  const remove = () => account.iot.send(new DeleteCertificateCommand({ certificateId, forceDelete: true }));
  await expect(remove()).rejects.toThrow(CertificateStateException);
  await account.iot.send(new UpdateCertificateCommand({ certificateId, newStatus: 'INACTIVE' }));
  await expect(remove()).rejects.toThrow('Things must be detached before deletion');
  account.fixture.registry.detachThingPrincipal('car4', certificateArn);
  await remove();
  expect(account.fixture.registry.listTargetsForPolicy('car4')).toEqual([]);
});

const nobody = { certificateId: '0'.repeat(64) };
const missing = `Certificate "${nobody.certificateId}" does not exist.`;

test.each<Refusal>([
  [
    'describing a certificate that does not exist',
    () => account.iot.send(new DescribeCertificateCommand(nobody)),
    ResourceNotFoundException,
    missing,
  ],
  [
    'deactivating a certificate that does not exist',
    () => account.iot.send(new UpdateCertificateCommand({ ...nobody, newStatus: 'INACTIVE' })),
    ResourceNotFoundException,
    missing,
  ],
  [
    'deleting a certificate that does not exist',
    () => account.iot.send(new DeleteCertificateCommand(nobody)),
    ResourceNotFoundException,
    missing,
  ],
  [
    'an unknown status',
    () =>
      account.iot.send(new UpdateCertificateCommand({ certificateId: certificateId(), newStatus: 'ON' as 'ACTIVE' })),
    InvalidRequestException,
    'not "ON"',
  ],
  [
    'a status that only AWS can set',
    () =>
      account.iot.send(new UpdateCertificateCommand({ certificateId: certificateId(), newStatus: 'PENDING_TRANSFER' })),
    InvalidRequestException,
    'not "PENDING_TRANSFER"',
  ],
  [
    'an unreadable certificate request',
    () => account.iot.send(new CreateCertificateFromCsrCommand({ certificateSigningRequest: 'x' })),
    InvalidRequestException,
    '',
  ],
  [
    'an unreadable certificate',
    () => account.iot.send(new RegisterCertificateWithoutCACommand({ certificatePem: 'x' })),
    CertificateValidationException,
    'not an X.509 certificate',
  ],
  [
    'registering a certificate twice',
    () => account.iot.send(new RegisterCertificateWithoutCACommand({ certificatePem: car.credentials.certificate })),
    ResourceAlreadyExistsException,
    'already registered',
  ],
  [
    'deleting an ACTIVE certificate',
    () => account.iot.send(new DeleteCertificateCommand({ certificateId: certificateId() })),
    CertificateStateException,
    'must be deactivated',
  ],
])('%s is refused', async (_fact, call, exception, says) => {
  const refusal = await refusalOf(call);
  expect(refusal).toBeInstanceOf(exception);
  expect(refusal.message).toMatch(says);
});

test('A certificate with an attached policy is not deleted', async () => {
  const { certificateId, certificateArn } = (await account.fixture.device('car5')).certificate;
  account.fixture.registry.detachThingPrincipal('car5', certificateArn);
  await account.iot.send(new UpdateCertificateCommand({ certificateId, newStatus: 'INACTIVE' }));
  await expect(account.iot.send(new DeleteCertificateCommand({ certificateId }))).rejects.toMatchObject({
    name: DeleteConflictException.name,
    message: `Certificate policies must be detached before deletion (arn: ${certificateArn})`,
  });
});

test.each([
  ['INACTIVE', undefined],
  ['ACTIVE', true],
])(
  'A key pair and its certificate are made together, and the certificate is %s if setAsActive is %s',
  async (status, setAsActive) => {
    const { iot, fixture } = account;
    const made = await iot.send(new CreateKeysAndCertificateCommand({ setAsActive }));
    const privateKey = createPrivateKey(made.keyPair!.PrivateKey!);
    expect(made.keyPair!.PrivateKey).toMatch(/^-----BEGIN RSA PRIVATE KEY-----/);
    expect(new X509Certificate(made.certificatePem!).checkPrivateKey(privateKey)).toBe(true);
    expect(createPublicKey(made.keyPair!.PublicKey!).equals(createPublicKey(privateKey))).toBe(true);
    expect(fixture.registry.describeCertificate(made.certificateId!).status).toBe(status);
    expect(fixture.logText).not.toContain('PRIVATE KEY');
  },
);
