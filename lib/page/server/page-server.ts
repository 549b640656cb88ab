import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { listen } from '../../util/listen';
import { ActionError, type Program } from '../shows/show';
import { pageDocument } from './document';
import { EventStream } from './event-stream';
import type { Hub } from './hub';
import { actionFrom } from './page-actions';

export interface PageServerProps {
  /** 0 for one that is free. */
  readonly port: number;
  readonly hub: Hub;
  readonly program: Program;
  /** Whether a recording is played. */
  readonly isRecording: boolean;
  /** Gets what must not reach a browser. */
  readonly complain: (sentence: string) => void;
}

/** A request that is answered with an error. Its message is the answer's body. */
class RequestRefusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

const host = '127.0.0.1';

/** Bytes. */
const largestBody = 4096;

/** What every answer says to a browser. */
const headers = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

/**
 * Serves the page on 127.0.0.1.
 *
 * A page of another site can send requests to it, under the name of that site or of this machine. So every request must name this machine
 * as its host; one that has an origin must have this page's; and one that changes something must also carry the page's token.
 */
export class PageServer {
  readonly url: string;
  private readonly token = randomBytes(24).toString('base64url');
  private readonly id = randomBytes(8).toString('hex');
  private readonly document = pageDocument(this.token);
  private readonly streams = new Set<EventStream>();
  private readonly authorities: ReadonlySet<string>;
  private readonly routes: Readonly<Record<string, Handler>> = {
    'GET /': (_, response) => this.page(response),
    'GET /events': (_, response) => this.events(response),
    'GET /recording.json': (_, response) => this.recording(response),
    'POST /actions': (request, response) => this.act(request, response),
  };

  /** @throws PortError when the port cannot be opened */
  static async start(props: PageServerProps): Promise<PageServer> {
    const server = createServer();
    const onError = ({ message }: Error) =>
      props.complain(`A connection to the page could not be accepted: ${message}.`);
    const port = await listen(server, { host, port: props.port, option: '--port', onError });
    return new PageServer(server, port, props);
  }

  private constructor(
    private readonly server: Server,
    port: number,
    private readonly props: PageServerProps,
  ) {
    this.url = `http://${host}:${port}/`;
    this.authorities = new Set([`${host}:${port}`, `localhost:${port}`]);
    server.on('request', (request, response) => void this.answer(request, response));
  }

  /** Ends all connections. */
  async stop(): Promise<void> {
    for (const stream of this.streams) stream.end();
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    try {
      this.requireOwn(request);
      await this.handlerOf(request)(request, response);
    } catch (error) {
      const status = error instanceof RequestRefusal ? error.status : error instanceof ActionError ? 409 : 500;
      if (status === 500) this.props.complain((error as Error).message);
      const message = status === 500 ? 'Something failed here.' : (error as Error).message;
      if (response.headersSent) response.destroy();
      else response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(message);
    }
  }

  private requireOwn({ headers: { host: authority = '', origin, ...rest } }: IncomingMessage): void {
    if (!this.authorities.has(authority)) throw new RequestRefusal(403, 'The request is for another host.');
    if (origin !== undefined && origin !== `http://${authority}`) {
      throw new RequestRefusal(403, 'The request comes from another page.');
    }
    if (rest['sec-fetch-site'] === 'cross-site') throw new RequestRefusal(403, 'The request comes from another site.');
  }

  private handlerOf({ method = '', url = '' }: IncomingMessage): Handler {
    const [path] = url.split('?');
    if (Object.hasOwn(this.routes, `${method} ${path}`)) return this.routes[`${method} ${path}`];
    const isKnown = Object.keys(this.routes).some((route) => route.endsWith(` ${path}`));
    throw isKnown
      ? new RequestRefusal(405, `${path} has no ${method}.`)
      : new RequestRefusal(404, 'There is no such page.');
  }

  private page(response: ServerResponse): void {
    const { html, contentSecurityPolicy } = this.document;
    response.setHeader('Content-Security-Policy', contentSecurityPolicy);
    response.setHeader('Content-Type', 'text/html; charset=utf-8').end(html);
  }

  private events(response: ServerResponse): void {
    const { hub, program, isRecording } = this.props;
    const hello = { server: this.id, scenarios: program.scenarios, isRecording };
    const stream = new EventStream(response, hub, hello);
    this.streams.add(stream);
    response.once('close', () => this.streams.delete(stream));
  }

  private recording(response: ServerResponse): void {
    response.setHeader('Content-Type', 'application/json');
    response.setHeader('Content-Disposition', 'attachment; filename="recording.json"');
    response.end(`${JSON.stringify(this.props.hub.recording)}\n`);
  }

  private async act(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { origin, 'x-page-token': token, 'content-type': type } = request.headers;
    if (origin === undefined) throw new RequestRefusal(403, 'A request that changes something needs an origin.');
    if (typeof token !== 'string' || !isSame(token, this.token)) {
      throw new RequestRefusal(403, "A request that changes something needs the page's token.");
    }
    if (type !== 'application/json') throw new RequestRefusal(415, 'An action is in JSON.');
    await this.props.program.act(actionFrom(await bodyOf(request)));
    response.writeHead(204).end();
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) throw new RequestRefusal(413, `An action has at most ${largestBody} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** Compares in a time that does not tell how many characters are right. */
function isSame(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length === second.length && timingSafeEqual(first, second);
}
