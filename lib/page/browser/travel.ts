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
    const from = edgeOf(card.item, fleet.topic);
    this.move(number, false, 0, [from, crossing(fleet.topic, from)]);
  }

  private arrive({ device, from, number, isAgain }: Arrived, fleet: FleetView): void {
    const card = fleet.cards.get(device);
    const source = fleet.cards.get(from);
    if (!card || !source) return;
    const start = edgeOf(source.item, fleet.topic);
    const end = edgeOf(card.item, fleet.topic);
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

/** Where a message leaves a card or comes to it: at the side of the topic if that is upright, else in the middle. */
function edgeOf(card: Element, topic: Element): Point {
  const { left, right, top, width, height } = card.getBoundingClientRect();
  const middle = topic.getBoundingClientRect();
  const y = top + height / 2;
  if (middle.width > middle.height) return [left + width / 2, y];
  return [right <= middle.left ? right : left, y];
}

/** Where a message crosses the topic: at the height of its sender if the topic is upright, else in its middle. */
function crossing(topic: Element, [, y]: Point): Point {
  const { left, top, width, height } = topic.getBoundingClientRect();
  const isUpright = height > width;
  return [left + width / 2, isUpright ? Math.min(Math.max(y, top), top + height) : top + height / 2];
}
