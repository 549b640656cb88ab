import type { Device, Fleet } from '../../fleet/fleet';
import { destinations } from '../../walk-through/destination';
import type { Listener } from '../../walk-through/events';
import { labelOf } from '../../walk-through/view/label';
import type { Tell } from '../model/events';
import { triedOf } from './attempt-info';

/** The messages of one text. An arrival does not say which of them it belongs to, so they are taken in their order. */
interface Copies {
  readonly numbers: number[];
  readonly car: string;
  /** How many of them the server has accepted. */
  accepted: number;
  /** How many of them each destination has got, by its name. */
  readonly got: Map<string, number>;
  /** The last device of each destination that got one and has not acknowledged it. */
  readonly heldBy: Map<string, Device>;
}

const labelWidth = 16;

/** Tells a walk-through's events as the page's. */
export function scenarioListener(fleet: Fleet, tell: Tell): Listener {
  const destinationOf = new Map<Device, string>();
  for (const { name, members } of destinations(fleet)) for (const member of members) destinationOf.set(member, name);
  const copiesOf = new Map<string, Copies>();
  let published = 0;

  const arrived = (device: Device, message: string): void => {
    const copies = copiesOf.get(message);
    const destination = destinationOf.get(device);
    if (!copies || destination === undefined) return;
    const holder = copies.heldBy.get(destination);
    const from = holder && holder !== device ? holder.thingName : copies.car;
    const number = numberAt(copies, destination);
    tell({ type: 'arrived', number, device: device.thingName, from, isAgain: from !== copies.car });
  };

  return (event) => {
    switch (event.type) {
      case 'connected':
      case 'subscribed':
        tell({ type: 'status', device: event.device.thingName, status: event.type });
        break;
      case 'disconnected':
        tell({ type: 'status', device: event.device.thingName, status: event.isCut ? 'killed' : 'left' });
        break;
      case 'trouble':
        tell({ type: 'step', sentence: `${event.device.thingName} ${event.problem}.` });
        break;
      case 'step':
        tell({ type: 'step', sentence: event.sentence });
        break;
      case 'published': {
        const { device, message } = event;
        const number = ++published;
        const copies: Copies = copiesOf.get(message) ?? {
          numbers: [],
          car: device.thingName,
          accepted: 0,
          got: new Map(),
          heldBy: new Map(),
        };
        copies.numbers.push(number);
        copiesOf.set(message, copies);
        const label = labelOf(message, device.thingName, labelWidth);
        tell({ type: 'published', number, device: device.thingName, label });
        break;
      }
      case 'accepted': {
        const copies = copiesOf.get(event.message);
        if (copies) {
          tell({ type: 'accepted', number: copies.numbers[copies.accepted++], device: event.device.thingName });
        }
        break;
      }
      case 'held': {
        arrived(event.device, event.message);
        copiesOf.get(event.message)?.heldBy.set(destinationOf.get(event.device) ?? '', event.device);
        break;
      }
      case 'delivered': {
        const { device, message } = event;
        const copies = copiesOf.get(message);
        const destination = destinationOf.get(device);
        if (!copies || destination === undefined) break;
        if (copies.heldBy.get(destination) !== device) arrived(device, message);
        copies.heldBy.delete(destination);
        tell({ type: 'done', number: numberAt(copies, destination), device: device.thingName });
        copies.got.set(destination, (copies.got.get(destination) ?? 0) + 1);
        break;
      }
      case 'measured': {
        const { title, unit, bars } = event;
        tell({ type: 'measured', measured: { title, unit, bars } });
        break;
      }
      case 'found':
        tell({ type: 'step', sentence: event.sentence });
        break;
      case 'tried':
        tell({ type: 'tried', tried: triedOf(event.attempt, event.outcome, event.reason) });
        break;
      case 'publishing':
      case 'completed':
      case 'missed':
      case 'settled':
      case 'excused':
        break;
    }
  };
}

function numberAt({ numbers, got }: Copies, destination: string): number {
  return numbers[Math.min(got.get(destination) ?? 0, numbers.length - 1)];
}
