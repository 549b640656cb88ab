import { LocalIotCore, type LocalIotCoreOptions } from '../iot-core-local/local-iot-core';

/**
 * An account with nothing in it, for AWS's own tools. What is deployed there, and its certificate authority, end with the process: the same
 * certificate request gets another certificate the next time, as it would on AWS.
 *
 * @throws PortError when a port cannot be opened
 */
export function startLocalAccount(
  options: Pick<LocalIotCoreOptions, 'port' | 'apiPort' | 'log' | 'strict' | 'lenient' | 'rsaEndpoint' | 'userPolicy'>,
): Promise<LocalIotCore> {
  return LocalIotCore.start(options);
}
