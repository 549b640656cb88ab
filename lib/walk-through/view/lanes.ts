import type { Device, Fleet } from '../../fleet/fleet';
import { Arrivals, type PublishedMessage } from '../arrivals';
import { type Destination, destinations } from '../destination';
import type { Listener } from '../events';
import { labelOf } from './label';
import type { Paint } from './paint';
import { Row } from './row';

interface Lane {
  readonly device: Device;
  readonly start: number;
  readonly width: number;
}

interface Section {
  readonly title: string;
  readonly start: number;
  readonly width: number;
}

const margin = 2;
const betweenLanes = 3;
const betweenSections = 5;
/** The least width of a car's lane: a short label such as `speed 75`. */
const labelWidth = 9;

/**
 * The walk-through as a picture: a lane for each device, and for each message a row from the car that sent it, with a stop at each
 * device that got it.
 *
 * A message is drawn when it has arrived everywhere, so a row never changes. A message that is incomplete in the end is drawn then.
 */
export class Lanes {
  private readonly lanes: readonly Lane[];
  private readonly sections: readonly Section[];
  private readonly destinations: readonly Destination[];
  private readonly arrivals: Arrivals;
  /** The columns that the lanes need. */
  readonly width: number;

  constructor(
    fleet: Fleet,
    private readonly paint: Paint,
    private readonly write: (line: string) => void,
  ) {
    this.arrivals = new Arrivals(fleet);
    this.destinations = destinations(fleet);
    const lanes: Lane[] = [];
    const sections: Section[] = [];
    let end = margin;
    for (const [title, devices] of sectionsOf(fleet)) {
      const start = sections.length ? end + betweenSections : end;
      devices.forEach((device, index) => {
        const from = index ? end + betweenLanes : start;
        const width = Math.max(device.thingName.length, device.role === 'car' ? labelWidth : 0);
        lanes.push({ device, start: from, width });
        end = from + width;
      });
      end = Math.max(end, start + title.length);
      sections.push({ title, start, width: end - start });
    }
    this.lanes = lanes;
    this.sections = sections;
    this.width = end + margin;
  }

  /** Draws the head of the lanes. */
  begin(): void {
    const { bold, dim } = this.paint;
    const [titles, rules, names] = [new Row(), new Row(), new Row()];
    for (const { title, start, width } of this.sections) {
      titles.put(start, title, dim);
      rules.put(start, '─'.repeat(width), dim);
    }
    for (const { device, start } of this.lanes) names.put(start, device.thingName, bold);
    for (const row of [titles, rules, names]) this.write(row.toString());
  }

  readonly listen: Listener = (event) => {
    switch (event.type) {
      case 'published':
        this.arrivals.published(event.message, event.device);
        break;
      case 'delivered': {
        const complete = this.arrivals.delivered(event.message, event.device);
        if (complete) this.draw(complete);
        break;
      }
      case 'settled':
        for (const message of this.arrivals.unfinished()) this.draw(message);
        break;
    }
  };

  private draw({ message, from, to, missing }: PublishedMessage): void {
    const { dim, bad, destination } = this.paint;
    const stops = this.lanes.flatMap(({ device, start }) => {
      if (to.includes(device)) return [{ start, mark: '●', style: destination(this.destinationOf(device)) }];
      return missing.some(({ members }) => members.includes(device)) ? [{ start, mark: '×', style: bad }] : [];
    });
    const sender = this.lanes.find(({ device }) => device === from)!;
    const label = labelOf(message, from.thingName, sender.width);
    const row = new Row().put(sender.start, label);
    const line = sender.start + label.length + 1;
    row.put(line, '─'.repeat(stops.at(-1)!.start - line), dim);
    for (const { start, mark, style } of stops) row.put(start, mark, style);
    this.write(row.toString());
  }

  private destinationOf(device: Device): number {
    return this.destinations.findIndex(({ members }) => members.includes(device));
  }
}

function sectionsOf(fleet: Fleet): [title: string, devices: readonly Device[]][] {
  const sections: [string, readonly Device[]][] = [
    ['cars', fleet.cars],
    ...fleet.groups,
    ['consumers', fleet.consumers],
  ];
  return sections.filter(([, devices]) => devices.length > 0);
}
