import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeviceFolder } from '../../lib/devices/device-folder';
import { type Device, Fleet } from '../../lib/fleet/fleet';
import { stacksFor } from '../../lib/fleet/fleet-parts';
import { startLocalFleet } from '../../lib/targets/local-fleet';
import { IotCoreServer } from '../servers/iot-core-server';
import { ArrivalCount } from './arrival-count';
import { SoakCar } from './soak-car';
import { credentialsIn, type SoakDevice } from './soak-client';
import { SoakSubscriber, type SoakSubscriberProps } from './soak-subscriber';

/** Two groups, two consumers, and cars, in as many stacks as they need. The cars are a fifth of the devices. */
export function soakFleet(devices: number): object {
  const names = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
  const cars = Math.floor(devices / 5);
  const members = names('member', devices - cars - 2);
  const half = Math.ceil(members.length / 2);
  const fleet = {
    topic: 'soak/data',
    cars: names('car', cars),
    groups: { blue: members.slice(0, half), green: members.slice(half) },
    consumers: names('consumer', 2),
  };
  return { ...fleet, stacks: stacksFor(Fleet.fromContext(fleet).devices) };
}

/** Deploys the fleet here, to make its devices' certificates, and then to a process of its own with the same certificate authority. */
export async function startServer(folder: string, devices: number) {
  const context = { fleet: soakFleet(devices) };
  const { core, fleet, templates } = await startLocalFleet({ port: 0, devicesRoot: folder, context });
  await core.stop();
  const templateFiles = [...templates].map(([stackName, template]) => {
    const file = join(folder, `${stackName}.json`);
    writeFileSync(file, JSON.stringify(template));
    return file;
  });
  return { fleet, server: await IotCoreServer.start(folder, templateFiles) };
}

/**
 * Milliseconds between two departures, on average. A consumer stays longer: what it missed comes at 10 messages a second, so it must be
 * connected for long enough to catch up.
 */
const stays = { member: 5000, consumer: 60_000 };

interface Boarding extends Pick<SoakSubscriberProps, 'random' | 'onDeparture'> {
  readonly port: number;
  readonly folder: string;
}

/** Connects the whole fleet, every other device under MQTT 3.1.1. */
export async function board(fleet: Fleet, { port, folder, ...props }: Boarding) {
  const cars: SoakCar[] = [];
  const subscribers: SoakSubscriber[] = [];
  const destinations = new Map<string, ArrivalCount>();
  for (const [index, owner] of fleet.devices.entries()) {
    const isFirst = !destinations.has(destinationOf(owner));
    const device: SoakDevice = {
      port,
      clientId: owner.clientId,
      credentials: credentialsIn(new DeviceFolder(folder, 'local', owner.thingName)),
      version: index % 2 === 0 ? 4 : 5,
      isPersistent: owner.role !== 'car' && isFirst,
    };
    if (owner.role === 'car') {
      cars.push(await SoakCar.connect(owner.thingName, device, owner.topic));
      continue;
    }
    const received = destinations.get(destinationOf(owner)) ?? new ArrivalCount(destinationOf(owner));
    destinations.set(received.name, received);
    const stay = stays[owner.role];
    const subscriber = new SoakSubscriber({
      ...props,
      device,
      topicFilter: owner.topicFilter,
      destination: received,
      stay,
    });
    subscribers.push(subscriber);
    await subscriber.join();
  }
  return { cars, subscribers, destinations: [...destinations.values()] };
}

/** The members of a group share a destination; a consumer is one alone. */
function destinationOf(owner: Device): string {
  return owner.role === 'member' ? owner.shareName : owner.thingName;
}
