import type { PageState } from '../model/state';
import { request } from './actions';
import { button, element, setText } from './dom';

const rates = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500];

/** How fast the cars publish, and whether they do. */
export class RateControls {
  readonly root: HTMLElement;
  private readonly rate = element('select', { attributes: { 'aria-label': 'Messages a second of all cars' } });
  private readonly pause: HTMLButtonElement;
  private isPaused = false;

  /** @param most - messages a second */
  constructor(most: number) {
    for (const each of rates.filter((each) => each <= most)) {
      this.rate.append(element('option', { text: `${each} a second`, attributes: { value: String(each) } }));
    }
    this.rate.addEventListener('change', () => void request({ do: 'rate', perSecond: Number(this.rate.value) }));
    this.pause = button('Pause', () => void request({ do: this.isPaused ? 'resume' : 'pause' }));
    this.root = element('div', { class: 'rate' }, this.rate, this.pause);
  }

  show({ perSecond, isPaused }: PageState): void {
    this.isPaused = isPaused;
    setText(this.pause, isPaused ? 'Resume' : 'Pause');
    if (document.activeElement !== this.rate) this.rate.value = String(perSecond);
  }
}
