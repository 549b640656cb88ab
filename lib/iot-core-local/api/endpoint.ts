import { IotError } from '../registry/iot-error';
import { onAll } from './needed-access';
import { operation } from './operation';

/** https://docs.aws.amazon.com/iot/latest/apireference/API_DescribeEndpoint.html */
export const endpointOperations = {
  DescribeEndpoint: operation(
    'GET /endpoint?endpointType',
    onAll,
    ({ query: { endpointType = 'iot:Data' } }, { endpointAddress }) => {
      if (endpointType === 'iot:Data-ATS') return { endpointAddress };
      // AWS has retired them: https://docs.aws.amazon.com/iot/latest/developerguide/server-authentication.html
      if (endpointType === 'iot:Data' || endpointType === 'iot:Jobs') {
        throw new IotError(
          'InvalidRequestException',
          `AWS IoT Core has no ${endpointType} endpoint any more. Ask for endpointType "iot:Data-ATS".`,
        );
      }
      throw new IotError(
        'NotImplementedException',
        `IoT Core Local has an iot:Data-ATS endpoint, and not ${endpointType}.`,
      );
    },
  ),
};
