import { IoTClient, type IoTClientConfig } from '@aws-sdk/client-iot';
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane';
import { callTimeouts } from '../util/call-timeouts';
import { profileIn } from './region';

/** The clients of AWS IoT Core's two APIs. */
export interface AwsClients {
  readonly iot: IoTClient;
  readonly iotData: IoTDataPlaneClient;
}

/**
 * Repeats throttled calls, at a rate that adapts to what the account takes, and calls that get no answer in time.
 */
export const retryingCalls = {
  retryMode: 'adaptive',
  maxAttempts: 8,
  requestHandler: callTimeouts,
} as const satisfies IoTClientConfig;

/** Clients with the credentials that the AWS CLI would use. @param region - from {@link regionOfAccount} */
export function clientsOfAccount(region: string): AwsClients {
  return clientsOf({ ...retryingCalls, region, profile: profileIn(process.env) });
}

/**
 * Clients of an IoT Core Local. It takes any credentials, but the SDK insists on some.
 *
 * @param apiUrl - of its AWS IoT API: `http://127.0.0.1:8884`
 */
export function clientsOfIotCoreLocal(apiUrl: string): AwsClients {
  const credentials = { accessKeyId: 'iot-core-local', secretAccessKey: 'iot-core-local' };
  return clientsOf({ endpoint: apiUrl, region: 'us-east-1', credentials, maxAttempts: 1 });
}

function clientsOf(config: IoTClientConfig): AwsClients {
  return { iot: new IoTClient(config), iotData: new IoTDataPlaneClient(config) };
}
