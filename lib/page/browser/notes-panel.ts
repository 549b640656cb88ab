import type { Measured } from '../model/events';
import type { PageState } from '../model/state';
import { byId, element } from './dom';

/** The steps and the measurements of a scenario. */
export class NotesPanel {
  private steps: PageState['steps'] = [];
  private measured: PageState['measured'] = [];

  patch({ steps, measured }: PageState): void {
    if (steps === this.steps && measured === this.measured) return;
    this.steps = steps;
    this.measured = measured;
    byId('notes', 'section').hidden = steps.length === 0 && measured.length === 0;
    byId('steps', 'ol').replaceChildren(...steps.map((text) => element('li', { text })));
    byId('measured', 'div').replaceChildren(...measured.map(chart));
  }
}

function chart({ title, unit, bars }: Measured): HTMLElement {
  const most = Math.max(...bars.map(({ value }) => value), 0);
  const rows = bars.flatMap(({ name, value }) => {
    const fill = element('span', { class: 'fill' });
    fill.style.setProperty('--share', `${most > 0 ? (100 * value) / most : 0}%`);
    const bar = element('span', { class: 'bar', attributes: { 'aria-hidden': 'true' } }, fill);
    const figure = `${value.toLocaleString('en', { maximumFractionDigits: 1 })} ${unit}`.trim();
    return [element('dt', { text: name }), element('dd', {}, bar, element('span', { text: figure }))];
  });
  return element('figure', {}, element('figcaption', { text: title }), element('dl', {}, ...rows));
}
