import type { AccessRequest } from '../../lib/iot-core-local/iam/access-request';
import type { IotCoreFixture } from './iot-core-fixture';

/** What IAM is asked from now on, in its order, by callers whose ARN has this text. */
export function recordAccess({ iotCore: { iam } }: IotCoreFixture, callerArn: string): AccessRequest[] {
  const recorded: AccessRequest[] = [];
  const authorize = iam.authorize.bind(iam);
  jest.spyOn(iam, 'authorize').mockImplementation((caller, requests) => {
    if (caller.arn.includes(callerArn)) recorded.push(...requests);
    authorize(caller, requests);
  });
  return recorded;
}
