import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { IoT, type IoTClientConfig } from '@aws-sdk/client-iot';
import { IoTDataPlane } from '@aws-sdk/client-iot-data-plane';
import { STS } from '@aws-sdk/client-sts';
import type { Target } from '../../devices/device-folder';
import type { Environment } from '../../targets/account-environment';

/** The configuration of each of AWS's clients. */
type ClientConfig = Pick<
  IoTClientConfig,
  'region' | 'endpoint' | 'credentials' | 'profile' | 'retryMode' | 'maxAttempts'
>;

/** How an account is reached, and what may be expected of it. */
export interface AccountAccess {
  readonly target: Exclude<Target, 'local'>;
  readonly region: string;
  /** How AWS's clients are made. */
  readonly config: ClientConfig;
  /** What the CDK's CLI gets on top of this process's environment. */
  readonly environment: Environment;
  /** The root certificates that the data endpoint's certificate is checked against, in PEM. */
  readonly rootCaPem: string;
  /** Whether all that is in the account is the rehearsal's. */
  readonly isOwn: boolean;
  /** Milliseconds for which AWS may take to show what was done. 0 where it shows at once. */
  readonly settleTime: number;
}

/** An account that a rehearsal deploys to, through AWS's own clients. */
export class RehearsalAccount {
  readonly iot: IoT;
  readonly iotData: IoTDataPlane;
  readonly cloudFormation: CloudFormation;

  constructor(readonly access: AccountAccess) {
    this.iot = new IoT(access.config);
    this.iotData = new IoTDataPlane(access.config);
    this.cloudFormation = new CloudFormation(access.config);
  }

  get target(): AccountAccess['target'] {
    return this.access.target;
  }

  /** The account's number. @throws Error of the AWS SDK without credentials */
  async accountId(): Promise<string> {
    const sts = new STS(this.access.config);
    try {
      const { Account = '' } = await sts.getCallerIdentity();
      return Account;
    } finally {
      sts.destroy();
    }
  }

  /** Closes the connections of its clients. */
  close(): void {
    for (const client of [this.iot, this.iotData, this.cloudFormation]) client.destroy();
  }
}
