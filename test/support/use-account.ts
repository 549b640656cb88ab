import type { LocalIotCoreOptions } from '../../lib/iot-core-local/local-iot-core';
import { type Account, accountOf } from './clients';
import { hooksOf, type Lifetime, madeBy } from './hooks';
import { useIotCore } from './use-iot-core';

/** IoT Core Local as {@link useIotCore} has it, with its API and AWS's own clients of that API. */
export function useAccount(lifetime: Lifetime & Pick<LocalIotCoreOptions, 'userPolicy'> = {}): Account {
  const fixture = useIotCore({ ...lifetime, apiPort: 0 });
  const [before, after] = hooksOf(lifetime);
  const account = madeBy(before, async () => accountOf(fixture));
  after(() => account.close());
  return Object.assign(account, { fixture });
}
