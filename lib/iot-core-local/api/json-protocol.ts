import type { IncomingHttpHeaders } from 'node:http';
import { IotError } from '../registry/iot-error';

/**
 * The service and operation of a request in AWS's JSON protocol, such as `AmazonSSM.GetParameter`; undefined for one in another protocol.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function jsonTargetOf(headers: IncomingHttpHeaders): string | undefined {
  const target = headers['x-amz-target'];
  return Array.isArray(target) ? target.join() : target;
}

/** The answer to every request in the JSON protocol, as no service of IoT Core Local speaks it. */
export function noJsonService(target: string): IotError {
  const why =
    target === 'AmazonSSM.GetParameter'
      ? " The CDK's CLI asks for it where a stack needs a bootstrapped account, and no account of IoT Core Local is one: a stack has at most 50 KiB here."
      : '';
  return new IotError('NotImplementedException', `IoT Core Local has no ${target}.${why}`);
}
