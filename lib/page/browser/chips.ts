import type { Chip } from '../model/state';
import { element, setAttribute, setText } from './dom';

const marks = { sent: '', acknowledged: ' ✓', dropped: ' ×' };

/** A chip in words. @param isCar - whether it is of a message that the device sent */
export function chipWords({ status, isAgain }: Chip, isCar: boolean, qos: 0 | 1): string {
  const words = {
    sent: isCar ? 'sent' : 'got, not acknowledged yet',
    acknowledged: qos === 1 ? 'acknowledged' : isCar ? 'sent' : 'received',
    dropped: 'never acknowledged',
  };
  return isAgain ? `came again, ${words[status]}` : words[status];
}

/** A device's last messages as numbered chips, each told apart by shape and text. */
export class ChipList {
  readonly list = element('ol', { class: 'chips', attributes: { 'aria-label': 'Last messages' } });

  constructor(
    private readonly isCar: boolean,
    private readonly qos: 0 | 1,
  ) {}

  show(chips: readonly Chip[]): void {
    const { list } = this;
    while (list.childElementCount > chips.length) list.lastElementChild!.remove();
    while (list.childElementCount < chips.length) list.append(newChip());
    for (const [index, chip] of chips.entries()) this.patch(list.children[index], chip);
  }

  private patch(item: Element, chip: Chip): void {
    const [mark, words] = item.children;
    setAttribute(item, 'class', chipClass(chip));
    setText(mark, chipText(chip));
    setText(words, ` ${chipWords(chip, this.isCar, this.qos)}`);
  }
}

/** The classes of a chip, by which it has its shape. */
export function chipClass({ status, isAgain }: Omit<Chip, 'number'>): string {
  return `chip ${status}${isAgain ? ' again' : ''}`;
}

/** What a chip shows: `↻ 12 ✓`. */
export function chipText({ number, status, isAgain }: Chip): string {
  return `${isAgain ? '↻ ' : ''}${number}${marks[status]}`;
}

function newChip(): HTMLElement {
  return element('li', { class: 'chip' }, element('span'), element('span', { class: 'visually-hidden' }));
}
