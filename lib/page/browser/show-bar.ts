import type { Hello } from '../model/events';
import type { PageState } from '../model/state';
import { request } from './actions';
import { button, byId, element, setAttribute, setText } from './dom';

/** The buttons for the live fleet and for each scenario, with a caption. */
export class ShowBar {
  private readonly buttons = new Map<string, HTMLButtonElement>();
  private hello: Hello | undefined;

  begin(hello: Hello): void {
    if (JSON.stringify(hello) === JSON.stringify(this.hello)) return;
    this.hello = hello;
    this.buttons.clear();
    if (hello.isRecording) {
      this.buttons.set(
        'replay',
        button('Play again', () => void request({ do: 'replay' })),
      );
    } else {
      this.buttons.set(
        'live',
        button('live fleet', () => void request({ do: 'live' })),
      );
      for (const { name, shows, unavailable } of hello.scenarios) {
        const each = button(name, () => void request({ do: 'scenario', name }));
        each.title = unavailable ?? shows;
        each.disabled = unavailable !== undefined;
        this.buttons.set(name, each);
      }
    }
    byId('shows', 'ul').replaceChildren(...Array.from(this.buttons.values(), (each) => element('li', {}, each)));
  }

  patch({ show }: PageState): void {
    for (const [name, each] of this.buttons) {
      if (name !== 'replay') setAttribute(each, 'aria-pressed', String(name === show?.name));
    }
    setText(byId('caption', 'p'), show?.caption ?? '');
  }
}
