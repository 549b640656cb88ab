import { InvalidTopicError } from '../../../lib/iot-core-local/broker/invalid-topic-error';
import { reservedService, type TopicUse } from '../../../lib/iot-core-local/broker/reserved-topics';

test.each(['cars/data', '/$aws/things', 'a$', '#', '+/things'])('The topic %s is not reserved', (topic) => {
  for (const use of ['publish', 'subscribe'] as const) expect(reservedService(topic, use)).toBeUndefined();
});

test.each<[string, TopicUse[]]>([
  ['$aws/things/car1/shadow/update', ['publish', 'subscribe']],
  ['$aws/things/car1/shadow/name/n/#', ['publish', 'subscribe']],
  ['$aws/things/+/jobs/notify', ['publish', 'subscribe']],
  ['$aws/events/presence/connected/car1', ['subscribe']],
  ['$aws/rules/myRule/cars/data', ['publish']],
  ['$aws/certificates/create/json', ['publish', 'subscribe']],
  ['$aws/provisioning-templates/t/provision/json', ['publish', 'subscribe']],
  ['$aws/commands/things/car1/executions/1/request/json', ['publish', 'subscribe']],
  ['$aws/device_location/car1/get_position_estimate', ['publish', 'subscribe']],
  ['$aws/iotfleetwise/vehicles/car1/checkins', ['publish', 'subscribe']],
  ['$aws/iotwireless/events/join/joined/lorawan/wireless_devices', ['subscribe']],
  ['$aws/sitewise/asset-models/m/assets/a/properties/p', ['subscribe']],
])('The reserved topic %s of a service of AWS may be used to %j, and for nothing else', (topic, uses) => {
  for (const use of ['publish', 'subscribe'] as const) {
    if (uses.includes(use)) expect(reservedService(topic, use)).toEqual(expect.any(String));
    else expect(() => reservedService(topic, use)).toThrow(`no client may ${use} to "${topic}"`);
  }
});

test.each([
  '$SYS/#',
  '$SYS/broker/connection/x/state',
  '$foo/bar',
  '$',
  '$aws',
  '$aws/',
  '$aws/#',
  '$aws/+/x',
  '$aws/unknown/x',
  '$AWS/things/x',
])('The reserved topic %s, which no service of AWS has, is refused', (topic) => {
  for (const use of ['publish', 'subscribe'] as const) {
    expect(() => reservedService(topic, use)).toThrow(InvalidTopicError);
  }
});

test.each(['$share', '$share/group2/cars/data'])('Publishing to %s is refused, as it is for subscribing', (topic) => {
  expect(() => reservedService(topic, 'publish')).toThrow('is for subscribing, not for publishing');
});
