import type { Chip } from '../model/state';
import { chipClass, chipText, chipWords } from './chips';
import { byId, element } from './dom';

const examples: readonly Omit<Chip, 'number'>[] = [
  { status: 'sent', isAgain: false },
  { status: 'acknowledged', isAgain: false },
  { status: 'acknowledged', isAgain: true },
  { status: 'dropped', isAgain: false },
];

/** Says what the shapes of the chips mean. */
export function showLegend(qos: 0 | 1): void {
  const items = examples.slice(0, qos === 1 ? undefined : 2).map((example) => {
    const chip = { ...example, number: 12 };
    const shape = element('span', {
      class: chipClass(chip),
      text: chipText(chip),
      attributes: { 'aria-hidden': 'true' },
    });
    return element('li', {}, shape, element('span', { text: chipWords(chip, false, qos) }));
  });
  byId('legend', 'ul').replaceChildren(...items);
}
