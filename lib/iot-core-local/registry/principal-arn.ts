import { isRegion, type Location } from './arns';
import { IotError } from './iot-error';

/**
 * The id of the certificate that a policy or a thing is to be attached to.
 *
 * AWS IoT attaches policies to certificates, thing groups and Amazon Cognito identities, and things to certificates and identities. IoT Core
 * Local has certificates only.
 *
 * @param principal - an ARN, or an identity's id
 * @throws IotError InvalidRequestException for anything else and for another account or Region, NotImplementedException for what IoT Core Local does not have
 * @see https://docs.aws.amazon.com/iot/latest/apireference/API_AttachPolicy.html
 */
export function certificateIdOfPrincipal(principal: string, location: Location): string {
  const [, identityRegion] = /^([^:]+):[\da-f-]{36}$/.exec(principal) ?? [];
  if (identityRegion !== undefined && isRegion(identityRegion)) {
    throw new IotError(
      'NotImplementedException',
      `"${principal}" is an Amazon Cognito identity; IoT Core Local has none.`,
    );
  }
  const [, partition, region, accountId, kind, name] =
    /^arn:([\w-]+):iot:([\w-]+):(\d+):([a-z]+)\/(.+)$/.exec(principal) ?? [];
  if (kind !== 'cert' && kind !== 'thinggroup') {
    throw new IotError('InvalidRequestException', `"${principal}" is not the ARN of a certificate.`);
  }
  if (partition !== location.partition || region !== location.region || accountId !== location.accountId) {
    const here = `account ${location.accountId} in ${location.region}`;
    const message = `"${principal}" is of account ${accountId} in ${region}; IoT Core Local is ${here}. Set --account and --region.`;
    throw new IotError('InvalidRequestException', message);
  }
  if (kind === 'cert') return name;
  const message = `"${principal}" is the ARN of a thing group, not of a certificate; IoT Core Local has no thing groups.`;
  throw new IotError('NotImplementedException', message);
}
