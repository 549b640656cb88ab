import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { IoT, type IoTClientConfig } from '@aws-sdk/client-iot';

type CallConfig = Pick<IoTClientConfig, 'retryMode'> & { readonly requestHandler: object };

/**
 * Calls a server that takes a request and never answers.
 *
 * @param config - of the AWS client. It tries once here, and its request timeout is 20 milliseconds.
 * @returns the name of the error
 */
export async function callWithoutAnswer(config: CallConfig): Promise<string> {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const iot = new IoT({
    ...config,
    maxAttempts: 1,
    requestHandler: { ...config.requestHandler, requestTimeout: 20 },
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  try {
    return await iot.describeEndpoint({}, { abortSignal: AbortSignal.timeout(2_000) }).then(
      () => 'an answer',
      ({ name }: Error) => name,
    );
  } finally {
    iot.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
