import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { IoTClient } from '@aws-sdk/client-iot';
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane';
import { callLimits } from './call-limits';
import { customResourceHandler } from './custom-resource-handler';
import { type FleetProperties, ownedDevices } from './fleet-resources';
import { arm, sweep } from './sweep';
import type { Timing } from './tasks';

const cloudFormation = new CloudFormationClient(callLimits);
const iot = new IoTClient(callLimits);
// Its default endpoint is the Region's data-ats.iot, so no endpoint is looked up.
const iotData = new IoTDataPlaneClient(callLimits);

/** What a person can do about a sweep that failed: the CLI prints it. */
const ways = `The fleet's devices cannot connect until it is armed again. To destroy the fleet, destroy again; \
docs/aws.md says what to do if that fails, too. To keep it: npx cdk destroy 'SharedSubscriptionsTeardown*', then npx cdk deploy --all, which arms it.`;

/** Arms the fleet when the teardown stack is created, and sweeps it when the stack is deleted. */
export const handler = customResourceHandler<FleetProperties>({
  async create(fleet, signal) {
    await arm(await ownedDevices(cloudFormation, fleet, timing(signal)), iot, timing(signal));
  },
  async delete(fleet, signal) {
    const devices = await ownedDevices(cloudFormation, fleet, timing(signal));
    await withWays(() => sweep({ topic: fleet.Topic, devices }, { iot, iotData }, timing(signal)));
  },
});

async function withWays(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)} ${ways}`, { cause: error });
  }
}

function timing(signal: AbortSignal): Timing {
  return { signal, now: () => performance.now(), pause: () => sleep(3_000, undefined, { signal }) };
}
