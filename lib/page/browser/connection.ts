import type { Hello, PageEvent } from '../model/events';
import type { PageState } from '../model/state';
import { byId } from './dom';

interface Listener {
  hello(hello: Hello): void;
  state(state: PageState): void;
  events(events: readonly PageEvent[]): void;
  /** Why the stream may end without a fault, if the show is over. */
  ended(): string | undefined;
}

/** Milliseconds from one attempt to connect to the next. */
const retryInterval = 1_000;

/** Reads the server's events, and connects again whenever the server is gone. A server that was started anew has a page of its own. */
export function readEvents(listener: Listener): void {
  let server: string | undefined;

  const connect = (): void => {
    const source = new EventSource('/events');
    source.addEventListener('hello', ({ data }) => {
      const hello: Hello = JSON.parse(data);
      if (server !== undefined && server !== hello.server) return location.reload();
      server = hello.server;
      tellUser(undefined);
      listener.hello(hello);
    });
    source.addEventListener('state', ({ data }) => listener.state(JSON.parse(data)));
    source.addEventListener('events', ({ data }) => listener.events(JSON.parse(data)));
    source.addEventListener('error', () => {
      source.close();
      tellUser(listener.ended() ?? 'The server is gone. This page connects again as soon as it is back.');
      setTimeout(connect, retryInterval);
    });
  };
  connect();
}

function tellUser(sentence: string | undefined): void {
  const banner = byId('connection', 'p');
  banner.hidden = sentence === undefined;
  if (banner.textContent !== (sentence ?? '')) banner.textContent = sentence ?? '';
}
