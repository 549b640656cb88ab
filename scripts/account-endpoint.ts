import type { Target } from '../lib/devices/device-folder';
import { type Endpoint, readEndpoint } from '../lib/devices/endpoint';
import { checkRegionOf } from '../lib/enrollment/region';
import { devicesRoot } from '../lib/fleet/project';

/**
 * The data endpoint of an account, as `npm run certs` has kept it. Says which Region it is in.
 *
 * @throws Error naming the next step, if there is no endpoint or it is in another Region than the environment names
 */
export async function accountEndpoint(target: Exclude<Target, 'local'>): Promise<Endpoint> {
  const endpoint = readEndpoint(target, devicesRoot);
  const region = await checkRegionOf(endpoint.host);
  if (region) console.error(`AWS IoT Core in Region ${region}.`);
  return endpoint;
}
