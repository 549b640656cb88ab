import { X509Certificate } from 'node:crypto';
import { IoTClient, type IoTClientConfig } from '@aws-sdk/client-iot';
import { retryingCalls } from '../../lib/enrollment/aws-clients';
import { AwsIot, explained } from '../../lib/enrollment/aws-iot';
import { IotError } from '../../lib/iot-core-local/registry/iot-error';
import { configOf } from '../support/clients';
import { useDevice, useIotCore } from '../support/use-iot-core';

const fixture = useIotCore({ apiPort: 0 });
useDevice(fixture, 'car1');
let aws: AwsIot;

beforeAll(() => {
  aws = new AwsIot(new IoTClient({ ...configOf(fixture), maxAttempts: 1 }));
});

afterEach(() => {
  Object.assign(fixture.iotCore.controlPlane!.faults, { pageSize: 250, throttledOf: 0 });
});

test('All certificates of a thing are listed, over several pages', async () => {
  const { certificate } = await fixture.device('car2');
  const { certificate: another } = await fixture.device('spare');
  fixture.registry.attachThingPrincipal('car2', another.certificateArn);
  fixture.iotCore.controlPlane!.faults.pageSize = 1;
  expect(await aws.certificatesOf('car2')).toEqual([
    expect.objectContaining({ certificateId: certificate.certificateId, status: 'ACTIVE' }),
    expect.objectContaining({ certificateId: another.certificateId, certificatePem: another.certificatePem }),
  ]);
});

test('A certificate that AWS still lists after it was deleted is left out', async () => {
  const { certificate } = await fixture.device('car3');
  const replaced = await fixture.device('replaced');
  fixture.registry.attachThingPrincipal('car3', replaced.certificate.certificateArn);
  const describe = jest.spyOn(fixture.registry, 'describeCertificate').mockImplementationOnce(() => {
    throw new IotError('ResourceNotFoundException', 'It is gone.');
  });
  expect(await aws.certificatesOf('car3')).toEqual([
    expect.objectContaining({ certificateId: replaced.certificate.certificateId }),
  ]);
  expect(describe).toHaveBeenCalledWith(certificate.certificateId);
  describe.mockRestore();
});

test('The data endpoint is looked up', async () => {
  expect(await aws.dataEndpoint()).toMatch(/^127\.0\.0\.1/);
});

test('The roots are Amazon’s four, from Node’s own store', () => {
  const roots = aws.rootCaPem.split(/(?<=-----END CERTIFICATE-----)\s*/).filter((pem) => pem !== '');
  expect(roots.map((pem) => new X509Certificate(pem).subject)).toEqual(
    [1, 2, 3, 4].map((number) => `C=US\nO=Amazon\nCN=Amazon Root CA ${number}`),
  );
  expect(new X509Certificate(roots[0]).fingerprint256).toMatch(/^8E:CD:E6:88:.*:E1:CB:97:C6:AE:98:19:6E$/);
});

test('Throttled calls are repeated until they succeed', async () => {
  fixture.iotCore.controlPlane!.faults.throttledOf = 2;
  const patient = new AwsIot(new IoTClient({ ...configOf(fixture), ...retryingCalls }));
  expect(await patient.certificatesOf('car1')).toHaveLength(1);
});

describe('failures', () => {
  const failing = async (thingName: string, config: IoTClientConfig) =>
    new AwsIot(new IoTClient({ ...configOf(fixture), maxAttempts: 1, ...config })).certificatesOf(thingName);

  test('A missing thing is explained with its Region and the next step', async () => {
    await expect(failing('car9', {})).rejects.toThrow(
      /^"car9" is not in Region us-east-1\. Deploy it with npx cdk deploy/,
    );
  });

  test('A call that is throttled for too long is explained', async () => {
    fixture.iotCore.controlPlane!.faults.throttledOf = 1;
    await expect(failing('car1', {})).rejects.toThrow(/^"car1" could not be looked up: AWS throttles the account\./);
  });

  test.each([
    [
      'CredentialsProviderError',
      'Could not load credentials from any providers',
      /AWS takes no credentials .*aws sso login/,
    ],
    ['UnrecognizedClientException', 'The security token is invalid', /AWS takes no credentials/],
    ['ExpiredTokenException', 'The security token included in the request is expired', /AWS takes no credentials/],
    ['ForbiddenException', 'The security token included in the request is expired', /AWS takes no credentials/],
    [
      'TokenProviderError',
      'Token is expired. To refresh this SSO session run aws sso login',
      /AWS takes no credentials/,
    ],
    ['ForbiddenException', 'Forbidden', /these credentials may not.*permissions/],
    [
      'AccessDeniedException',
      'not authorized to perform: iot:ListThingPrincipals',
      /these credentials may not.*permissions/,
    ],
    [
      'ENOTFOUND',
      'getaddrinfo ENOTFOUND iot.mars-1.amazonaws.com',
      /no AWS IoT Core of Region us-east-1 can be reached/,
    ],
    ['ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:8884', /nothing listens at its address.*npm run local/],
    ['TimeoutError', 'the request socket did not …', /AWS IoT Core of Region us-east-1 did not answer in time\. Check/],
    ['Error', 'socket hang up', /^"car1" could not be looked up: socket hang up\.$/],
  ])('The error %s "%s" is explained with the next step', async (name, message, sentence) => {
    const call = () => Promise.reject(Object.assign(new Error(message), { name, code: name }));
    const client = new IoTClient({ region: 'us-east-1' });
    await expect(explained(client, '"car1"', call)).rejects.toThrow(sentence);
  });

  test.each([
    ['dev', 'of the profile "dev"'],
    ['', 'from here'],
  ])('Refused credentials with AWS_PROFILE=%s are told to be %s', async (AWS_PROFILE, origin) => {
    const env = jest.replaceProperty(process, 'env', { AWS_PROFILE });
    const refused = Object.assign(new Error('No such profile'), { name: 'CredentialsProviderError' });
    const client = new IoTClient({ region: 'us-east-1' });
    await expect(explained(client, '"car1"', () => Promise.reject(refused))).rejects.toThrow(
      `AWS takes no credentials ${origin} (No such profile).`,
    );
    env.restore();
  });
});
