import type { Environment } from '../../targets/account-environment';
import type { AccountAccess } from './rehearsal-account';

/** An account of an IoT Core Local, as far as it is needed here. */
export interface LocalAccountFacts {
  /** The URL of its API. */
  readonly apiUrl: string;
  readonly region: string;
  readonly rootCaPem: string;
  /** The environment in which AWS's tools call it. */
  readonly environment: Environment;
}

/** How an empty account of an IoT Core Local of this process is reached. All that is in it is the rehearsal's. */
export function localAccess({ apiUrl, region, rootCaPem, environment }: LocalAccountFacts): AccountAccess {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return {
    target: 'account',
    region,
    config: { endpoint: apiUrl, region, credentials },
    environment,
    rootCaPem,
    isOwn: true,
    settleTime: 0,
  };
}
