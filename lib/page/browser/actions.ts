import type { PageAction } from '../model/actions';
import { byId } from './dom';

const token = document.querySelector('meta[name=page-token]')?.getAttribute('content') ?? '';
let timer: ReturnType<typeof setTimeout> | undefined;

/** Milliseconds for which a complaint is shown. */
const shown = 8_000;

/** Asks the server for something. What it refuses is shown. */
export async function request(action: PageAction): Promise<void> {
  try {
    const headers = { 'Content-Type': 'application/json', 'X-Page-Token': token };
    const response = await fetch('/actions', { method: 'POST', headers, body: JSON.stringify(action) });
    if (!response.ok) complain(await response.text());
  } catch {
    complain('The server does not answer.');
  }
}

/** Shows a sentence for some seconds. */
function complain(sentence: string): void {
  const banner = byId('complaint', 'p');
  banner.textContent = sentence;
  banner.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => {
    banner.hidden = true;
  }, shown);
}
