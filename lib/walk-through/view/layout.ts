import type { Car, Device, Fleet, Subscriber } from '../../fleet/fleet';
import { labelOf, shorten } from './label';

/** A column of the picture for one device. */
interface Lane {
  readonly device: Device;
  /** The device's name as the head shows it. */
  readonly name: string;
  readonly start: number;
  readonly width: number;
}

/** The cars, a group or the consumers: neighboring lanes under one title. */
interface Section {
  readonly title: string;
  readonly start: number;
  readonly width: number;
}

/** Where the picture has what. */
export interface Layout {
  readonly sections: readonly Section[];
  readonly lanes: readonly Lane[];
  /** The columns that it needs. */
  readonly width: number;
  /** Where the row of a car's message begins, and with which text. */
  labelOf(message: string, car: Car): { readonly start: number; readonly text: string };
}

interface Column {
  readonly device?: Device;
  readonly name: string;
  readonly width: number;
}

const margin = 2;
/** The least width of a label, such as `speed 75`. */
const labelWidth = 9;
/** In compact form a longer name of a car is shortened. */
const longestCar = 16;

/** The widest layout that fits, if one does. */
export function layoutOf(fleet: Fleet, columns: number): Layout | undefined {
  return [wide, compact].map((layout) => layout(fleet)).find(({ width }) => width <= columns);
}

/** A lane for each car, and whole names. */
function wide(fleet: Fleet): Layout {
  const cars = fleet.cars.map((device) => column(device, device.thingName, labelWidth));
  const subscribers = subscriberSections(fleet, ({ thingName }) => thingName);
  const { lanes, ...rest } = placed([['cars', cars], ...subscribers], { betweenLanes: 3, betweenSections: 5 });
  return {
    ...rest,
    lanes,
    labelOf: (message, car) => {
      const { start, width } = lanes.find(({ device }) => device === car)!;
      return { start, text: labelOf(message, car.thingName, width) };
    },
  };
}

/** One column for all cars, and names without what they have in common. */
function compact(fleet: Fleet): Layout {
  const carWidth = Math.min(longestCar, Math.max(...fleet.cars.map(({ thingName }) => thingName.length)));
  const cars = [{ name: '', width: carWidth + 1 + labelWidth }];
  const sections = subscriberSections(fleet, shortNames(fleet));
  const layout = placed([['cars', cars], ...sections], { betweenLanes: 2, betweenSections: 3 });
  return {
    ...layout,
    labelOf: (message, { thingName }) => {
      const car = shorten(thingName, carWidth);
      return { start: margin, text: `${car} ${labelOf(message, thingName, labelWidth)}` };
    },
  };
}

function subscriberSections(fleet: Fleet, nameOf: (device: Subscriber) => string): [string, Column[]][] {
  const columns = (devices: readonly Subscriber[]) => devices.map((device) => column(device, nameOf(device)));
  return [
    ...[...fleet.groups].map(([title, members]): [string, Column[]] => [title, columns(members)]),
    ['consumers', columns(fleet.consumers)],
  ];
}

function column(device: Device, name: string, least = 0): Column {
  return { device, name, width: Math.max(name.length, least) };
}

function placed(
  sections: readonly (readonly [title: string, columns: readonly Column[]])[],
  { betweenLanes, betweenSections }: { betweenLanes: number; betweenSections: number },
): Omit<Layout, 'labelOf'> {
  const lanes: Lane[] = [];
  const places: Section[] = [];
  let end = margin;
  for (const [title, columns] of sections) {
    if (columns.length === 0) continue;
    const start = places.length ? end + betweenSections : end;
    columns.forEach(({ device, name, width }, index) => {
      const from = index ? end + betweenLanes : start;
      if (device) lanes.push({ device, name, start: from, width });
      end = from + width;
    });
    end = Math.max(end, start + title.length);
    places.push({ title, start, width: end - start });
  }
  return { lanes, sections: places, width: end + margin };
}

/** Of subscriber1A, subscriber1B, … the short names are 1A, 1B, …; consumers have a beginning of their own in common. */
function shortNames({ groups, consumers }: Fleet): (device: Subscriber) => string {
  const members = [...groups.values()].flat();
  const cuts = { member: commonWord(members), consumer: commonWord(consumers) };
  return ({ role, thingName }) => thingName.slice(cuts[role].length);
}

/** What all names begin with. Digits at its end stay with the names, and no name is cut to nothing. */
function commonWord(devices: readonly Device[]): string {
  if (devices.length < 2) return '';
  const names = devices.map(({ thingName }) => thingName);
  const shortest = Math.min(...names.map(({ length }) => length));
  let length = 0;
  while (length < shortest - 1 && names.every((name) => name[length] === names[0][length])) length += 1;
  return names[0].slice(0, length).replace(/\d+$/, '');
}
