import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/**
 * A URL that takes one text by PUT. CloudFormation gives such a URL to a custom resource's function.
 */
export class AnswerUrl {
  /** The first text that was put there. */
  answer?: string;

  static async open(): Promise<AnswerUrl> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new AnswerUrl(server);
  }

  private readonly path = `/${randomUUID()}`;

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      // A client that hangs up has put nothing.
      this.take(request, response).catch(() => response.destroy());
    });
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A presigned URL is for one method and one content type. This one is for none.
    const isSigned = request.method === 'PUT' && request.url === this.path && !request.headers['content-type'];
    if (isSigned) {
      const put = await text(request);
      this.answer ??= put;
    }
    response.writeHead(isSigned ? 200 : 403).end();
  }

  toString(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${this.path}`;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}
