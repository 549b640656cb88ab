import type { ServerResponse } from 'node:http';
import type { Hello } from '../model/events';
import type { Hub } from './hub';

/** Bytes that may wait for a page that reads slowly. It then gets the state instead of the events that it has missed. */
const mostWaiting = 1_000_000;

/** Milliseconds after which a silent stream sends a comment, so that both sides see whether the other is there. */
const heartbeat = 15_000;

/**
 * The events of a show on their way to one page, as server-sent events: `hello`, then `state`, then `events` as they come.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class EventStream {
  private readonly stopReading: () => void;
  private readonly timer: NodeJS.Timeout;
  private isBehind = false;

  constructor(
    private readonly response: ServerResponse,
    private readonly hub: Hub,
    hello: Hello,
  ) {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    this.send('hello', hello);
    this.send('state', hub.state);
    this.stopReading = hub.read((events) => {
      if (this.isBehind) return;
      if (response.writableLength > mostWaiting) this.isBehind = true;
      else this.send('events', events);
    });
    response.on('drain', () => this.catchUp());
    this.timer = setInterval(() => response.write(':\n\n'), heartbeat);
    response.once('close', () => this.end());
  }

  end(): void {
    this.stopReading();
    clearInterval(this.timer);
    this.response.end();
  }

  private catchUp(): void {
    if (!this.isBehind) return;
    this.isBehind = false;
    this.send('state', this.hub.state);
  }

  private send(name: string, data: unknown): void {
    this.response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }
}
