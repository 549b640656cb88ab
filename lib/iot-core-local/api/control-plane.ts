import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Stack } from '../cloudformation/stack';
import { listen } from '../listen';
import type { Log } from '../log';
import { IotError } from '../registry/iot-error';
import type { ApiContext, FaultInjection } from './api-context';
import { certificateOperations } from './certificates';
import { answerCloudFormation, cloudFormationFailure, ValidationError } from './cloudformation';
import { dataPlaneOperations } from './data-plane';
import { Detachments } from './detachments';
import { endpointOperations } from './endpoint';
import type { Operation, RawRequest } from './operation';
import { policyOperations } from './policies';
import { thingOperations } from './things';

export interface ControlPlaneOptions {
  readonly host: string;
  /** 0 for one that is free. */
  readonly port: number;
}

/** What a control plane is given; the rest of its operations' parts is its own. */
export interface ControlPlaneContext extends Omit<ApiContext, 'detachments' | 'faults'> {
  /** By name. */
  readonly stacks: ReadonlyMap<string, Stack>;
  readonly log: Log;
}

const operations: readonly Operation[] = [
  ...Object.values(endpointOperations),
  ...Object.values(thingOperations),
  ...Object.values(certificateOperations),
  ...Object.values(policyOperations),
  ...Object.values(dataPlaneOperations),
];

/** Bytes of a request's body; the largest that is of use is a payload of 128 KiB. */
const maximumBody = 1_048_576;

/**
 * The API of AWS IoT Core over HTTP, control plane and data plane in one, for the AWS SDK with `AWS_ENDPOINT_URL`.
 *
 * Its operations are the entries of the tables in `api/`: those that the project's scripts and the sweep call, those by which
 * CloudFormation makes and deletes the template's resources, and the lists by which one sees that an account is empty. Left out is
 * whatever else AWS has; it is answered with a NotImplementedException that names it. Credentials must be there and are not checked.
 */
export class ControlPlane {
  /** Can be changed at any time. */
  readonly faults: FaultInjection = { pageSize: 250, throttledOf: 0, detachmentDelay: 0 };
  private readonly detachments = new Detachments(this.faults);
  private readonly operationContext: ApiContext;
  private requests = 0;

  /** @throws PortError when the port cannot be opened */
  static async start({ host, port }: ControlPlaneOptions, context: ControlPlaneContext): Promise<ControlPlane> {
    const server = createServer();
    return new ControlPlane(server, host, await listen(server, { host, port, option: '--api-port' }), context);
  }

  private constructor(
    private readonly server: Server,
    private readonly host: string,
    readonly port: number,
    private readonly context: ControlPlaneContext,
  ) {
    this.operationContext = { ...context, detachments: this.detachments, faults: this.faults };
    server.on('request', (request, response) => {
      // It answers every failure of an operation. What is left costs this request alone.
      this.handle(request, response).catch((error: Error) => {
        response.destroy();
        server.emit('error', error);
      });
    });
    // Such as that no file descriptor is left: it costs one connection and no other.
    server.on('error', ({ message }) =>
      context.log({ level: 'warn', message: `A request could not be taken: ${message}.` }),
    );
  }

  /** What `AWS_ENDPOINT_URL` is to be set to. */
  get url(): string {
    return `http://${this.host}:${this.port}`;
  }

  /** Takes no more requests, drops those that are open, and is done when the last socket is closed. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '/', headers } = request;
    // CloudFormation has one path for all that it does; AWS IoT has none that is so short.
    const isCloudFormation = url === '/';
    response.setHeader('x-amzn-requestid', randomUUID());
    response.setHeader('content-type', isCloudFormation ? 'text/xml' : 'application/json');
    try {
      const body = await bodyOf(request);
      this.admit(request);
      const { stacks } = this.context;
      const answer = isCloudFormation
        ? answerCloudFormation(body.toString(), stacks, this.faults)
        : await this.answer({ method, url, headers, body });
      response.end(answer);
    } catch (error) {
      // Whoever has hung up hears no answer.
      if (request.errored) return;
      const failure = this.failureOf(error);
      response.statusCode = failure.statusCode;
      response.setHeader('x-amzn-errortype', failure.name);
      response.end(isCloudFormation ? cloudFormationFailure(failure) : JSON.stringify({ message: failure.message }));
    }
  }

  /** @throws IotError for a request that is not to be answered, whatever it is */
  private admit({ headers }: IncomingMessage): void {
    // Besides being AWS's way, it keeps out web pages: a browser lets them send no such header to another origin.
    if (headers.authorization === undefined) {
      throw new IotError('MissingAuthenticationTokenException', 'The request is not signed.');
    }
    this.detachments.tick();
    this.requests += 1;
    if (this.faults.throttledOf > 0 && this.requests % this.faults.throttledOf === 0) {
      throw new IotError('ThrottlingException', 'Rate exceeded');
    }
  }

  private async answer(request: RawRequest): Promise<string> {
    for (const operation of operations) {
      const answer = operation.answer(request, this.operationContext);
      if (answer) return JSON.stringify((await answer.content) ?? {});
    }
    const [path] = request.url.split('?', 1);
    throw new IotError('NotImplementedException', `IoT Core Local has no ${request.method} ${path}.`);
  }

  private failureOf(error: unknown): IotError | ValidationError {
    if (error instanceof IotError || error instanceof ValidationError) return error;
    this.context.log({ level: 'error', message: `IoT Core Local failed: ${(error as Error).stack}` });
    return new IotError('InternalFailureException', `IoT Core Local failed: ${(error as Error).message}`);
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    // What is too much is read all the same: only then does every client read the answer.
    if (length <= maximumBody) chunks.push(chunk);
  }
  if (length > maximumBody) {
    throw new IotError('RequestEntityTooLargeException', `A request's body has at most ${maximumBody} bytes.`);
  }
  return Buffer.concat(chunks);
}
