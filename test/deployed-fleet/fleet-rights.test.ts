import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Device, Fleet } from '../../lib/fleet/fleet';
import { Authorizer } from '../../lib/iot-core-local/registry/authorizer';

import type { IotAction } from '../../lib/iot-core-local/registry/policy-actions';

import { demoContext } from '../support/demo-fleet';
import { useLocalFleet } from '../support/use-local-fleet';

// The rights that the synthesized policies give in IoT Core Local, in a fleet with two groups.
const running = useLocalFleet({
  ...demoContext,
  groups: { group1: ['subscriber1A', 'subscriber1B'], ...demoContext.groups },
});

/** Each action with the resources on which it is tried. */
const attempts: Readonly<Record<IotAction, readonly string[]>> = {
  'iot:Connect': [
    'car1',
    'car2',
    'subscriber1a-sub',
    'subscriber1b-sub',
    'subscriber2a-sub',
    'subscriber2b-sub',
    'consumer3-sub',
    // Not the thing names, where they differ; not other cases; not what a wildcard or a prefix would let in.
    'subscriber2A',
    'subscriber2a',
    'consumer3',
    'CAR1',
    'Car1',
    'car11',
    'car',
    'car1 ',
    'car1/x',
    '*',
    'car*',
    'car?',
    '',
  ],
  'iot:Publish': [
    'cars/data',
    'cars/data/',
    'cars/data/x',
    'cars',
    'Cars/data',
    '/cars/data',
    'xcars/data',
    'cars/dat',
    'cars/+',
    'cars/*',
    '*',
    'cars/#',
    'other',
    '$share/group2/cars/data',
    '$aws/things/car1/shadow/update',
    '',
  ],
  'iot:RetainPublish': ['cars/data', 'cars/data/x', '*'],
  'iot:Subscribe': [
    'cars/data',
    '$share/group1/cars/data',
    '$share/group2/cars/data',
    'cars/#',
    'cars/+',
    '+/data',
    '#',
    '*',
    'cars/*',
    'cars/data/#',
    'other',
    '$share/group3/cars/data',
    '$share/group22/cars/data',
    '$share/group2/#',
    '$share/group2/cars/#',
    '$share/group2/cars/+',
    '$share/group2/other',
    '$share/*/cars/data',
    '$share/group?/cars/data',
    '$share/+/cars/data',
    '$share/Group2/cars/data',
    '$share/group2/cars/data/x',
    '$share/group2//cars/data',
    '$SHARE/group2/cars/data',
    '$aws/things/car1/shadow/update/accepted',
  ],
  'iot:Receive': [
    'cars/data',
    'cars/data/x',
    'other',
    '*',
    '#',
    '$share/group1/cars/data',
    '$share/group2/cars/data',
    '$share/group3/cars/data',
    '$aws/things/car1/shadow/update',
  ],
};

/** All rights of a device, as in the blog post. */
function rightsOf(device: Device): Partial<Record<IotAction, readonly string[]>> {
  const connect = { 'iot:Connect': [device.clientId] };
  switch (device.role) {
    case 'car':
      return { ...connect, 'iot:Publish': ['cars/data'] };
    case 'member': {
      const filter = `$share/${device.shareName}/cars/data`;
      return { ...connect, 'iot:Subscribe': [filter], 'iot:Receive': ['cars/data', filter] };
    }
    case 'consumer':
      return { ...connect, 'iot:Subscribe': ['cars/data'], 'iot:Receive': ['cars/data'] };
  }
}

const deviceOf = ({ devices }: Fleet, thingName: string) => devices.find((device) => device.thingName === thingName)!;

/** The principal of a connected device. */
function principalOf(thingName: string) {
  const { fleet, core } = running;
  const [{ certificateArn }] = core.certificatesOf(thingName);
  return { certificateArn, clientId: deviceOf(fleet, thingName).clientId };
}

const things = ['car1', 'car2', 'subscriber1A', 'subscriber1B', 'subscriber2A', 'subscriber2B', 'consumer3'];

test('The table below has every device of the fleet', () => {
  expect(running.fleet.devices.map(({ thingName }) => thingName).sort()).toEqual([...things].sort());
});

describe.each(things)('%s', (thingName) => {
  test.each(Object.entries(attempts) as [IotAction, string[]][])(
    'The device may %s on its own resources and on no others that are tried',
    (action, names) => {
      const authorizer = new Authorizer(running.core.registry);
      const allowed = names.filter((name) => authorizer.authorize(principalOf(thingName), action, name).allowed);
      expect(allowed).toEqual(rightsOf(deviceOf(running.fleet, thingName))[action] ?? []);
    },
  );

  test('The device has one ACTIVE certificate for the key in its folder', () => {
    const certificates = running.core.certificatesOf(thingName);
    expect(certificates).toMatchObject([{ status: 'ACTIVE' }]);
    const { certificateFile } = running.folders.get(thingName)!;
    expect(readFileSync(certificateFile, 'utf8')).toBe(certificates[0].certificatePem);
    expect(new X509Certificate(certificates[0].certificatePem).subject).toBe(`CN=${thingName}`);
  });
});

// The same in words, for those that the blog post is about.
test.each([
  ['car1', 'iot:Connect', 'car1', true],
  ['car1', 'iot:Connect', 'car2', false],
  ['car1', 'iot:Publish', 'cars/data', true],
  ['car1', 'iot:Publish', 'cars/data/x', false],
  ['car1', 'iot:RetainPublish', 'cars/data', false],
  ['car1', 'iot:Subscribe', 'cars/data', false],
  ['subscriber2A', 'iot:Connect', 'subscriber2a-sub', true],
  ['subscriber2A', 'iot:Connect', 'subscriber2b-sub', false],
  ['subscriber2A', 'iot:Subscribe', '$share/group2/cars/data', true],
  ['subscriber2A', 'iot:Subscribe', '$share/group1/cars/data', false],
  ['subscriber2A', 'iot:Subscribe', '$share/group2/#', false],
  ['subscriber2A', 'iot:Subscribe', 'cars/data', false],
  ['subscriber2A', 'iot:Receive', 'cars/data', true],
  ['subscriber2A', 'iot:Publish', 'cars/data', false],
  ['consumer3', 'iot:Subscribe', 'cars/data', true],
  ['consumer3', 'iot:Subscribe', '$share/group2/cars/data', false],
  ['consumer3', 'iot:Publish', 'cars/data', false],
] as const)('%s may %s on %s: %s', (thingName, action, name, allowed) => {
  const authorizer = new Authorizer(running.core.registry);
  expect(authorizer.authorize(principalOf(thingName), action, name).allowed).toBe(allowed);
});
