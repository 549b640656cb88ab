import { X509Certificate } from 'node:crypto';
import { systemClocks } from '../../lib/iot-core-local/clocks';
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

test('The root of IoT Core Local begins an hour before the time of the wall clock that it is given', async () => {
  const wall = () => Date.parse('2030-01-01T00:00:00Z');
  const iotCore = await LocalIotCore.start({ port: 0, clocks: { ...systemClocks, wall } });
  await iotCore.stop();
  expect(new Date(new X509Certificate(iotCore.rootCaPem).validFrom)).toEqual(new Date('2029-12-31T23:00:00Z'));
});
