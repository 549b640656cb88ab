import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { IoT } from '@aws-sdk/client-iot';
import { IoTDataPlane } from '@aws-sdk/client-iot-data-plane';
import type { ControlPlane } from '../../lib/iot-core-local/api/control-plane';
import { IotCoreFixture } from './iot-core-fixture';

/** IoT Core Local that serves its API, and AWS's own clients for it, which call once and no more. */
export interface Account {
  readonly fixture: IotCoreFixture;
  readonly controlPlane: ControlPlane;
  readonly iot: IoT;
  readonly iotData: IoTDataPlane;
  readonly cloudFormation: CloudFormationClient;
  close(): Promise<void>;
}

export async function openAccount(): Promise<Account> {
  const fixture = await IotCoreFixture.start({ apiPort: 0 });
  const config = { ...configOf(fixture), maxAttempts: 1 };
  const clients = [new IoT(config), new IoTDataPlane(config), new CloudFormationClient(config)] as const;
  const [iot, iotData, cloudFormation] = clients;
  return {
    fixture,
    controlPlane: fixture.iotCore.controlPlane!,
    iot,
    iotData,
    cloudFormation,
    async close() {
      for (const client of clients) client.destroy();
      await fixture.stop();
    },
  };
}

/** What makes a client of AWS's one of IoT Core Local. */
export function configOf({ iotCore }: IotCoreFixture) {
  return {
    endpoint: iotCore.apiUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
}

/** Calls that fail, with the class of the SDK's that they fail with and what its message says. */
export type Refusal = readonly [
  fact: string,
  call: () => Promise<unknown>,
  exception: new (...args: never[]) => Error,
  says: RegExp | string,
];

/** What a call is refused with. */
export async function refusalOf(call: () => Promise<unknown>): Promise<Error> {
  try {
    await call();
  } catch (error) {
    return error as Error;
  }
  throw new Error('It was not refused.');
}
