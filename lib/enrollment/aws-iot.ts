import {
  DescribeCertificateCommand,
  DescribeEndpointCommand,
  type IoTClient,
  paginateListThingPrincipals,
} from '@aws-sdk/client-iot';
import type { CertificateSource, IssuedCertificate } from './enrollment';
import { profileIn } from './region';
import { amazonRoots } from './root-certificates';

/** AWS IoT Core gave no answer. The message names what it was asked about, what kept it, and what to do. */
class AwsIotError extends Error {
  override readonly name = 'AwsIotError';
}

/** AWS IoT Core, as far as an enrollment needs it. */
export class AwsIot implements CertificateSource {
  /** @param rootCaPem - PEM of the roots that the endpoint's certificate is checked against */
  constructor(
    private readonly client: IoTClient,
    readonly rootCaPem = amazonRoots(),
  ) {}

  /**
   * The host name of the account's data endpoint in the client's Region.
   *
   * @throws AwsIotError when AWS does not answer
   */
  async dataEndpoint(): Promise<string> {
    return explained(this.client, 'The data endpoint', async () => {
      // The default type is a legacy one, whose certificate chains to another root.
      const { endpointAddress } = await this.client.send(new DescribeEndpointCommand({ endpointType: 'iot:Data-ATS' }));
      if (!endpointAddress) throw new Error('AWS named no data endpoint');
      return endpointAddress;
    });
  }

  /** @throws AwsIotError when AWS does not answer */
  async certificatesOf(thingName: string): Promise<IssuedCertificate[]> {
    return explained(this.client, `"${thingName}"`, async () => {
      const certificates: IssuedCertificate[] = [];
      for await (const certificate of listCertificates(this.client, thingName)) certificates.push(certificate);
      return certificates;
    });
  }
}

/** A certificate as AWS IoT Core describes it. */
export interface DescribedCertificate extends IssuedCertificate {
  readonly certificateArn: string;
}

/**
 * The certificates that are attached to a thing; a principal can also be a Cognito identity, which has none. AWS may list one for some seconds
 * that a deployment has just replaced and deleted: it is left out.
 */
export async function* listCertificates(client: IoTClient, thingName: string): AsyncGenerator<DescribedCertificate> {
  for await (const { principals = [] } of paginateListThingPrincipals({ client }, { thingName })) {
    for (const certificateArn of principals) {
      const [, certificateId] = /:cert\/([0-9a-f]+)$/.exec(certificateArn) ?? [];
      if (certificateId === undefined) continue;
      const described = await unlessMissing(client.send(new DescribeCertificateCommand({ certificateId })));
      if (described === undefined) continue;
      const { certificatePem = '', status = 'unknown' } = described.certificateDescription ?? {};
      yield { certificateArn, certificateId, certificatePem, status };
    }
  }
}

/** The answer of a call, or undefined if what it asks for does not exist. @throws what the call throws otherwise */
export async function unlessMissing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

/**
 * Makes a call of which a person is to learn why it failed, and what to do.
 *
 * @param what - what the call is about, as a sentence's subject: `"car1"`
 * @throws AwsIotError
 */
export async function explained<T>(client: IoTClient, what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const region = await client.config.region().catch(() => 'that is not set');
    throw new AwsIotError(explain(error as Error, what, region), { cause: error });
  }
}

function explain(error: Error, what: string, region: string): string {
  if (areCredentialsRefused(error)) {
    const profile = profileIn(process.env);
    const origin = profile === undefined ? 'from here' : `of the profile "${profile}"`;
    return `${what} could not be looked up: AWS takes no credentials ${origin} (${error.message}). Sign in, for example with aws sso login, and run the command again.`;
  }
  switch (error.name) {
    case 'ResourceNotFoundException':
      return `${what} is not in Region ${region}. Deploy it with npx cdk deploy --all, or name the Region or the profile of the account that it is in: AWS_REGION=…, AWS_PROFILE=…`;
    case 'AccessDeniedException':
    case 'ForbiddenException':
    case 'UnauthorizedException':
      return `${what} could not be looked up: these credentials may not (${error.message}). docs/aws.md lists the permissions that are needed.`;
    case 'ThrottlingException':
    case 'TooManyRequestsException':
      return `${what} could not be looked up: AWS throttles the account. Run the command again in a while.`;
    default:
      return explainOther(error, what, region);
  }
}

/**
 * What the SDK throws when it finds no credentials or an SSO session has ended, and what AWS answers to those that have expired or are wrong.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
 */
const refusedCredentials = [
  'CredentialsProviderError',
  'TokenProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
];

/** AWS IoT answers with a ForbiddenException, too: https://github.com/aws/aws-sdk-js/issues/1710 */
function areCredentialsRefused({ name, message }: Error): boolean {
  return (
    refusedCredentials.includes(name) || /security token included in the request is (expired|invalid)/.test(message)
  );
}

/** These have no name of their own. */
function explainOther(error: Error, what: string, region: string): string {
  if ('code' in error && (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN')) {
    return `${what} could not be looked up: no AWS IoT Core of Region ${region} can be reached. Check AWS_REGION and the network.`;
  }
  if (error.name === 'TimeoutError') {
    return `${what} could not be looked up: AWS IoT Core of Region ${region} did not answer in time. Check the network, and whether a firewall or proxy is in the way.`;
  }
  if ('code' in error && error.code === 'ECONNREFUSED') {
    return `${what} could not be looked up: nothing listens at its address (${error.message}). For IoT Core Local, start npm run local first.`;
  }
  return `${what} could not be looked up: ${error.message || error.name}.`;
}
