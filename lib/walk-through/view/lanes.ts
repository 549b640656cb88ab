import type { Device, Fleet } from '../../fleet/fleet';
import type { PublishedMessage } from '../arrivals';
import { destinations } from '../destination';
import type { Listener } from '../events';
import { barLines } from './bars';
import type { Layout } from './layout';
import type { Paint } from './paint';
import { Row } from './row';
import { RowOrder } from './row-order';
import { wrap } from './wrap';

/** With more messages than this, only the first few are drawn, and then a bar for each subscriber. */
const mostRows = 60;
const fewRows = 20;

/** Milliseconds for which a row waits for earlier ones. */
const longestWait = 500;

/**
 * The walk-through as a picture: a lane for each device, and for each message a row from the car that sent it, with a stop at each
 * device that got it.
 *
 * A message is drawn when it has arrived everywhere, so a row never changes. A message that is incomplete in the end is drawn then.
 */
export class Lanes {
  private readonly destinationOf = new Map<Device, number>();
  private readonly order: RowOrder;
  private count = 0;
  private drawn = 0;

  constructor(
    fleet: Fleet,
    private readonly layout: Layout,
    private readonly paint: Paint,
    private readonly columns: number,
    private readonly write: (line: string) => void,
    now: () => number,
  ) {
    this.order = new RowOrder(longestWait, now, (message) => this.draw(message));
    destinations(fleet).forEach(({ members }, index) => {
      for (const member of members) this.destinationOf.set(member, index);
    });
  }

  /** Draws the head of the lanes. */
  private begin(): void {
    this.write('');
    const { bold, dim } = this.paint;
    const { sections, lanes } = this.layout;
    const [titles, rules, names] = [new Row(), new Row(), new Row()];
    for (const { title, start, width } of sections) {
      titles.put(start, title, dim);
      rules.put(start, '─'.repeat(width), dim);
    }
    for (const { name, start } of lanes) names.put(start, name, bold);
    for (const row of [titles, rules, names]) this.write(row.toString());
  }

  readonly listen: Listener = (event) => {
    switch (event.type) {
      case 'publishing':
        if (this.count === 0) this.begin();
        this.count += event.count;
        break;
      case 'published':
        this.order.published();
        break;
      case 'completed':
      case 'missed':
        this.order.ended(event.published);
        break;
      case 'settled': {
        if (this.count <= mostRows || event.received.length === 0) break;
        const title = `The first ${fewRows} of ${this.count} messages. All of them, by subscriber:`;
        this.write('');
        for (const part of wrap(title, this.columns - 4)) this.write(`  ${this.paint.dim(part)}`);
        for (const line of barLines(event.received, this.columns - 4, this.paint)) this.write(`  ${line}`);
        break;
      }
      default:
      // The lanes show messages alone.
    }
  };

  private draw({ message, from, to, heldBy, missing }: PublishedMessage): void {
    this.drawn += 1;
    if (this.count > mostRows && this.drawn > fewRows) return;
    const { dim, bad, destination } = this.paint;
    const stops = this.layout.lanes.flatMap(({ device, start }) => {
      const style = destination(this.destinationOf.get(device) ?? 0);
      if (to.includes(device)) return [{ start, mark: '●', style }];
      if (heldBy.includes(device)) return [{ start, mark: '○', style }];
      return missing.some(({ members }) => members.includes(device)) ? [{ start, mark: '×', style: bad }] : [];
    });
    const { start, text } = this.layout.labelOf(message, from);
    const row = new Row().put(start, text);
    const line = start + [...text].length + 1;
    row.put(line, '─'.repeat(Math.max(0, (stops.at(-1)?.start ?? 0) - line)), dim);
    for (const { start, mark, style } of stops) row.put(start, mark, style);
    this.write(row.toString());
  }
}
