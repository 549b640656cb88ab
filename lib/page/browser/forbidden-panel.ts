import type { AttemptInfo, ShowInfo, Tried } from '../model/events';
import type { PageState } from '../model/state';
import { request } from './actions';
import { byId, element, setText } from './dom';

/** Where a person tries something forbidden, and sees why it was refused. */
export class ForbiddenPanel {
  private readonly device = byId('try-device', 'select');
  private readonly attempt = byId('try-attempt', 'select');
  private attempts: readonly AttemptInfo[] = [];
  private target: ShowInfo['target'] = 'local';
  private shownCount = 0;
  private shown: readonly Tried[] = [];

  constructor() {
    this.device.addEventListener('change', () => this.offer());
    byId('try', 'form').addEventListener('submit', (event) => {
      event.preventDefault();
      void request({ do: 'try', attempt: Number(this.attempt.value) });
    });
  }

  /** @param canAct - whether a person can try something */
  begin({ attempts: all, target }: ShowInfo, canAct: boolean): void {
    const attempts = canAct ? all : [];
    this.attempts = attempts;
    this.target = target;
    this.shown = [];
    this.shownCount = 0;
    byId('tried', 'ol').replaceChildren();
    byId('try', 'form').hidden = attempts.length === 0;
    const devices = [...new Set(attempts.map(({ device }) => device))];
    this.device.replaceChildren(...devices.map((text) => element('option', { text })));
    this.offer();
  }

  patch({ tried, triedCount, refusedCount, show }: PageState): void {
    byId('forbidden', 'section').hidden = this.attempts.length === 0 && triedCount === 0;
    if (tried === this.shown) return;
    this.shown = tried;
    const list = byId('tried', 'ol');
    const isNew = triedCount - this.shownCount;
    this.shownCount = triedCount;
    const items = tried.slice(0, isNew).map((each, index) => this.item(each, show?.kind === 'live' && index === 0));
    for (const open of list.querySelectorAll('details[open]')) open.removeAttribute('open');
    list.prepend(...items);
    while (list.childElementCount > tried.length) list.lastElementChild!.remove();
    setText(byId('tried-count', 'p'), triedCount === 0 ? '' : `${refusedCount} of ${triedCount} refused.`);
  }

  private offer(): void {
    const options = this.attempts.flatMap(({ device, sentence }, index) => {
      if (device !== this.device.value) return [];
      const text = sentence.startsWith(`${device} `) ? sentence.slice(device.length + 1) : sentence;
      return [element('option', { text, attributes: { value: String(index) } })];
    });
    this.attempt.replaceChildren(...options);
  }

  private item({ attempt, isRefused, answer, reason, statement }: Tried, isOpen: boolean): HTMLElement {
    const { sentence, client, action, resource } = attempt;
    const outcome = element('strong', { text: isRefused ? '✓ refused' : '✗ not refused' });
    const summary = element(
      'summary',
      {},
      outcome,
      element('span', { text: sentence }),
      element('code', { text: answer }),
    );
    const silence = isRefused && this.target === 'aws' ? 'AWS IoT Core does not say why it refuses.' : undefined;
    const why = reason ?? silence;
    const facts = element(
      'dl',
      {},
      ...fact('Client', client),
      ...fact('Action', action),
      ...fact('Resource', resource),
      ...(why ? fact('Why', why) : []),
      ...(statement ? fact('What would allow it', statement) : []),
    );
    const details = element('details', {}, summary, facts);
    details.open = isOpen;
    return element('li', { class: isRefused ? 'refused' : 'allowed' }, details);
  }
}

function fact(name: string, value: string): HTMLElement[] {
  const isProse = name === 'Why';
  return [element('dt', { text: name }), element('dd', {}, element(isProse ? 'span' : 'code', { text: value }))];
}
