import { retryingCalls } from '../../enrollment/aws-clients';
import { type NamedRegion, profileIn } from '../../enrollment/region';
import { rootsOf } from '../../enrollment/root-certificates';
import type { AccountAccess } from './rehearsal-account';

/** Milliseconds that AWS may take over detaching a policy: https://docs.aws.amazon.com/iot/latest/apireference/API_DeletePolicy.html */
const awsSettleTime = 5 * 60_000;

/** How the account is reached that the environment's credentials point to, in a Region. */
export async function cloudAccess(
  target: AccountAccess['target'],
  { name: region }: NamedRegion,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<AccountAccess> {
  return {
    target,
    region,
    config: { ...retryingCalls, region, profile: profileIn(environment) },
    // The CLI looks in the same places. Named here, it cannot find another one.
    environment: { AWS_REGION: region, AWS_DEFAULT_REGION: region, CDK_DISABLE_VERSION_CHECK: 'true' },
    rootCaPem: await rootsOf(environment.AWS_ENDPOINT_URL),
    isOwn: false,
    settleTime: target === 'aws' ? awsSettleTime : 0,
  };
}
