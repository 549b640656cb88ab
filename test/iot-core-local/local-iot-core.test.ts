import { DeviceGateway } from '../../lib/iot-core-local/gateway/device-gateway';
import { LocalIotCore } from '../../lib/iot-core-local/local-iot-core';

test('A bad user policy is refused before a port is opened', async () => {
  const start = jest.spyOn(DeviceGateway, 'start');
  await expect(LocalIotCore.start({ port: 0, userPolicy: { Statement: 'all' } })).rejects.toThrow(
    'A statement is an object.',
  );
  expect(start).not.toHaveBeenCalled();
  start.mockRestore();
});
