import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { IoT } from '@aws-sdk/client-iot';
import { IoTDataPlane } from '@aws-sdk/client-iot-data-plane';
import type { ControlPlane } from '../../lib/iot-core-local/api/control-plane';
import { IotCoreFixture } from './iot-core-fixture';

/** IoT Core Local with its API, and AWS's own clients of that API, which do not retry. */
export interface Account {
  readonly fixture: IotCoreFixture;
  readonly controlPlane: ControlPlane;
  readonly iot: IoT;
  readonly iotData: IoTDataPlane;
  readonly cloudFormation: CloudFormation;
  /** Stops all of it. */
  close(): Promise<void>;
}

export async function openAccount(): Promise<Account> {
  return accountOf(await IotCoreFixture.start({ apiPort: 0 }));
}

/** AWS's own clients of a fixture that is started and serves its API. */
export function accountOf(fixture: IotCoreFixture): Account {
  const config = { ...configOf(fixture), maxAttempts: 1 };
  const clients = [new IoT(config), new IoTDataPlane(config), new CloudFormation(config)] as const;
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

/** The configuration of an AWS client that calls IoT Core Local. */
export function configOf({ iotCore }: IotCoreFixture) {
  return {
    endpoint: iotCore.apiUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
}

/** A call that fails, the SDK's class of its error, and a part of the error's message. */
export type Refusal = readonly [
  fact: string,
  call: () => Promise<unknown>,
  exception: new (...args: never[]) => Error,
  says: RegExp | string,
];

/** The error that a call fails with. @throws Error if the call succeeds */
export async function refusalOf(call: () => Promise<unknown>): Promise<Error> {
  try {
    await call();
  } catch (error) {
    return error as Error;
  }
  throw new Error('The call succeeded.');
}
