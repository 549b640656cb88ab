import { localAccess } from '../../lib/rehearsal/account/local-access';
import { RehearsalAccount } from '../../lib/rehearsal/account/rehearsal-account';
import { Checkout } from '../../lib/rehearsal/checkout';
import { changeOf } from '../../lib/rehearsal/fleet-change';
import type { Rehearsal } from '../../lib/rehearsal/rehearsal';
import { accountEnvironment } from '../../lib/targets/account-environment';
import type { Account } from './clients';
import { fleetWith } from './demo-fleet';
import { temporaryFolder } from './temporary-folder';
import { useAccount } from './use-account';

/** A rehearsal on an account of its own, whose steps a test runs. */
export interface RehearsalOfTest {
  readonly account: Account;
  readonly rehearsal: Rehearsal;
}

/** An account and a rehearsal for each test. The fleet is not synthesized, and the CDK's CLI does nothing and succeeds. */
export function useRehearsal(): RehearsalOfTest {
  const account = useAccount({ forEachTest: true });
  const folder = temporaryFolder();
  const made = { account } as { account: Account; rehearsal: Rehearsal };
  beforeEach(() => {
    const { iotCore } = account.fixture;
    const environment = accountEnvironment(iotCore, folder);
    const fleet = fleetWith();
    const templates = new Map([
      ['SharedSubscriptionsFleet', {}],
      ['SharedSubscriptionsTeardown', {}],
    ]);
    made.rehearsal = {
      account: new RehearsalAccount(
        localAccess({ apiUrl: iotCore.apiUrl!, region: 'us-east-1', rootCaPem: iotCore.rootCaPem, environment }),
      ),
      checkout: new Checkout(folder, 'account'),
      first: { assembly: folder, fleet, templates },
      change: changeOf(fleet),
      cdk: async () => ({ exitCode: 0, output: '' }),
      certificateIds: new Set(),
      clients: [],
    };
  });
  afterEach(() => made.rehearsal.account.close());
  return made;
}
