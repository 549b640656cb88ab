import type { PageEvent } from '../model/events';
import { byId, element } from './dom';
import type { FleetView } from './fleet-view';

type Arrived = Extract<PageEvent, { type: 'arrived' }>;
type Published = Extract<PageEvent, { type: 'published' }>;
type Point = readonly [x: number, y: number];

/** How many messages are seen to travel at the same time. More would be a blur, and would cost more than the rest of the page. */
const most = 24;

/** Milliseconds from a device to the topic, or from the topic to a device. */
const halfWay = 380;

/** Shows messages that travel: from a car to the topic, and from the topic to whoever got it. */
export class Travel {
  private readonly layer = byId('travel', 'div');
  private readonly isCalm = matchMedia('(prefers-reduced-motion: reduce)');

  /** @param events - only what happened a moment ago */
  show(events: readonly PageEvent[], fleet: FleetView): void {
    if (document.hidden) return;
    for (const event of events) {
      if (event.type !== 'published' && event.type !== 'arrived') continue;
      if (this.isCalm.matches) {
        fleet.cards.get(event.device)?.flash();
        continue;
      }
      if (this.layer.childElementCount >= most) return;
      if (event.type === 'published') this.publish(event, fleet);
      else this.arrive(event, fleet);
    }
  }

  private publish({ device, number }: Published, fleet: FleetView): void {
    const card = fleet.cards.get(device);
    if (!card) return;
    const from = centerOf(card.item);
    this.move(number, false, 0, [from, crossing(fleet.topic, from)]);
  }

  private arrive({ device, from, number, isAgain }: Arrived, fleet: FleetView): void {
    const card = fleet.cards.get(device);
    const source = fleet.cards.get(from);
    if (!card || !source) return;
    const start = centerOf(source.item);
    const end = centerOf(card.item);
    const middle = crossing(fleet.topic, start);
    if (isAgain) this.move(number, true, 0, [start, middle, end]);
    else this.move(number, false, halfWay, [middle, end]);
  }

  private move(number: number, isAgain: boolean, delay: number, points: readonly Point[]): void {
    if (points.every(([, y]) => y < 0 || y > innerHeight)) return;
    const text = isAgain ? `↻ ${number}` : String(number);
    const dot = element('span', { class: isAgain ? 'dot again' : 'dot', text });
    this.layer.append(dot);
    const frames = points.map(([x, y]) => ({ transform: `translate(${x}px, ${y}px) translate(-50%, -50%)` }));
    const duration = halfWay * (points.length - 1);
    const animation = dot.animate(frames, { duration, delay, easing: 'ease-in-out', fill: 'backwards' });
    const end = () => dot.remove();
    animation.addEventListener('finish', end);
    animation.addEventListener('cancel', end);
  }
}

function centerOf(target: Element): Point {
  const { left, top, width, height } = target.getBoundingClientRect();
  return [left + width / 2, top + Math.min(height / 2, 24)];
}

/** Where a message crosses the topic: at the height of its sender if the topic is upright, else in its middle. */
function crossing(topic: Element, [, y]: Point): Point {
  const { left, top, width, height } = topic.getBoundingClientRect();
  const isUpright = height > width;
  return [left + width / 2, isUpright ? Math.min(Math.max(y, top), top + height) : top + height / 2];
}
