import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { listen } from '../../util/listen';
import type { CloudFormation } from '../cloudformation/cloudformation';
import { AccessDenied } from '../iam/access-denied';
import type { Caller } from '../iam/caller';
import type { Iam } from '../iam/iam';
import { IotError } from '../registry/iot-error';
import { ServiceError } from '../service-error';
import type { Access } from './access';
import type { ApiContext } from './api-context';
import { certificateOperations } from './certificates';
import { answerTo, type ClientError, explanationOf } from './client-error';
import { dataPlaneOperations } from './data-plane';
import { Detachments } from './detachments';
import { endpointOperations } from './endpoint';
import type { FaultInjection } from './fault-injection';
import { jsonTargetOf, noJsonService } from './json-protocol';
import type { Operation, RawRequest } from './operation';
import { policyOperations } from './policies';
import { answerQuery, queryFailure } from './query/query-api';
import { thingOperations } from './things';

export interface ControlPlaneOptions {
  readonly host: string;
  /** 0 for one that is free. */
  readonly port: number;
}

/** What a control plane is given. It adds the rest of its operations' context itself. */
export interface ControlPlaneContext extends Omit<ApiContext, 'detachments' | 'faults'> {
  readonly cloudFormation: CloudFormation;
  readonly iam: Iam;
  /** The port of MQTT, for a client that mixed up the ports. */
  readonly mqttPort: number;
}

/** The operations of AWS IoT, by name. */
export const operations: Readonly<Record<string, Operation>> = {
  ...endpointOperations,
  ...thingOperations,
  ...certificateOperations,
  ...policyOperations,
  ...dataPlaneOperations,
};

/** Where the root certificate of IoT Core Local is, for everybody. AWS has nothing there. */
const rootPath = '/iot-core-local/root.pem';

/**
 * The API never ends an idle connection, as AWS's SDK keeps its own without an end: a request that meets the end of its connection fails
 * (ECONNRESET), and only some clients try again. TCP's own keep-alive finds the clients that are gone.
 */
const connectionOptions = { keepAliveTimeout: 0, keepAlive: true, keepAliveInitialDelay: 60_000 };

/** The most bytes of a request's body. The largest body that an operation takes is a payload of 128 KiB. */
const maximumBody = 1_048_576;

/**
 * The API of AWS IoT Core over HTTP, control plane and data plane in one, for the AWS SDK with `AWS_ENDPOINT_URL`.
 *
 * Its operations are the entries of the tables in `api/`: those that the project's scripts and the sweep call, those that CloudFormation
 * uses to make and delete the template's resources, and the lists that show whether an account is empty. Any other operation is answered
 * with a NotImplementedException that names it. A request must be signed; the signature is not checked, but who signed it decides what it
 * may do.
 */
export class ControlPlane {
  /** A test can change these at any time. */
  readonly faults: FaultInjection = { pageSize: 250, throttledOf: 0, detachmentDelay: 0 };
  private readonly detachments = new Detachments(this.faults);
  private readonly operationContext: ApiContext;
  private requests = 0;

  /** @throws PortError when the port cannot be opened */
  static async start({ host, port }: ControlPlaneOptions, context: ControlPlaneContext): Promise<ControlPlane> {
    const server = createServer(connectionOptions);
    const onError = ({ message }: Error) =>
      context.log({ level: 'warn', message: `A connection to the API could not be accepted: ${message}.` });
    const opened = await listen(server, { host, port, option: '--api-port', onError });
    return new ControlPlane(server, host, opened, context);
  }

  private constructor(
    private readonly server: Server,
    private readonly host: string,
    readonly port: number,
    private readonly context: ControlPlaneContext,
  ) {
    this.operationContext = { ...context, detachments: this.detachments, faults: this.faults };
    server.on('request', (request, response) => {
      // handle() answers every failure of an operation. Any other failure costs this request alone.
      this.handle(request, response).catch((error: Error) => {
        response.destroy();
        server.emit('error', error);
      });
    });
    server.on('clientError', (error: ClientError, socket: Duplex) => {
      const explanation = explanationOf(error, context.mqttPort);
      if (explanation !== undefined) this.logRefusal(explanation);
      if (socket.writable) socket.end(answerTo(error), () => socket.destroy());
      else socket.destroy();
    });
  }

  /** The value for `AWS_ENDPOINT_URL`. */
  get url(): string {
    return `http://${this.host}:${this.port}`;
  }

  /** Accepts no more requests, drops the open ones, and resolves when the last socket is closed. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '/', headers } = request;
    // All operations of the query protocol have the path `/`, as have those of the JSON protocol. No operation of AWS IoT has it.
    const target = jsonTargetOf(headers);
    const isQuery = url === '/' && target === undefined;
    response.setHeader('x-amzn-requestid', randomUUID());
    response.setHeader('content-type', isQuery ? 'text/xml' : 'application/json');
    try {
      const body = await bodyOf(request);
      this.checkHost(request);
      if (method === 'GET' && url === rootPath) {
        response.setHeader('content-type', 'application/x-pem-file');
        response.end(this.context.certificateAuthority.rootPem);
        return;
      }
      this.checkUpgrade(request);
      const caller = this.admit(request);
      if (target !== undefined) throw noJsonService(target);
      const { faults, context } = this;
      const answer = isQuery
        ? await answerQuery(
            body.toString(),
            { ...context, location: context.registry.location, faults, caller },
            (requests) => context.iam.authorize(caller, requests),
          )
        : await this.answer({ method, url, headers, body }, caller);
      response.end(answer);
    } catch (error) {
      // The client has hung up.
      if (request.errored) return;
      const failure = this.failureOf(error);
      response.statusCode = failure.statusCode;
      response.setHeader('x-amzn-errortype', failure.name);
      response.end(isQuery ? queryFailure(failure) : JSON.stringify({ message: failure.message }));
    }
  }

  /** @throws IotError if the request is for another host */
  private checkHost({ headers }: IncomingMessage): void {
    // A page in a browser can reach this machine under a name of its own, but its requests then have that name as their host.
    if (!this.isOwnHost(headers.host)) {
      throw new IotError(
        'ForbiddenException',
        `IoT Core Local answers to the names of this machine alone, not to ${headers.host}.`,
      );
    }
  }

  /** @throws IotError for a WebSocket, which MQTT clients ask for that mix up the ports */
  private checkUpgrade({ headers }: IncomingMessage): void {
    if (headers.upgrade?.toLowerCase() !== 'websocket') return;
    const lacking = 'IoT Core Local has no MQTT over WebSocket';
    this.logRefusal(`the client asked for a WebSocket; ${lacking}`);
    throw new IotError('NotImplementedException', `${lacking}.`);
  }

  private logRefusal(explanation: string): void {
    this.context.log({ level: 'warn', message: `A connection to the API was refused: ${explanation}.` });
  }

  /**
   * @returns who makes the request
   * @throws IotError if it is not signed, or is to be throttled; IamError if nobody has the keys that it is signed with
   */
  private admit({ headers }: IncomingMessage): Caller {
    // AWS refuses such a request too. It also keeps out web pages: a browser lets no page send this header to another origin.
    if (headers.authorization === undefined) {
      throw new IotError('MissingAuthenticationTokenException', 'The request is not signed.');
    }
    const caller = this.context.iam.callerOf(headers.authorization);
    this.detachments.tick();
    this.requests += 1;
    if (this.faults.throttledOf > 0 && this.requests % this.faults.throttledOf === 0) {
      throw new IotError('ThrottlingException', 'Rate exceeded');
    }
    return caller;
  }

  private isOwnHost(host = ''): boolean {
    const name = host.replace(/:\d*$/, '').toLowerCase();
    return (
      name === this.host ||
      name === 'localhost' ||
      name.endsWith('.localhost') ||
      /^127(\.\d{1,3}){3}$|^\[::1\]$/.test(name)
    );
  }

  private async answer(request: RawRequest, caller: Caller): Promise<string> {
    for (const [name, operation] of Object.entries(operations)) {
      const authorize = (needed: readonly Access[]) => this.authorize(name, needed, caller);
      const answer = operation.answer(request, this.operationContext, authorize);
      if (answer) return JSON.stringify((await answer.content) ?? {});
    }
    const [path] = request.url.split('?', 1);
    throw new IotError('NotImplementedException', `IoT Core Local has no ${request.method} ${path}.`);
  }

  private authorize(operation: string, needed: readonly Access[], caller: Caller): void {
    try {
      this.context.iam.authorize(
        caller,
        needed.map((access) => ({ action: `iot:${operation}`, ...access })),
      );
    } catch (error) {
      // The data plane has an exception of its own: https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_DeleteConnection.html
      if (!(error instanceof AccessDenied && operation in dataPlaneOperations)) throw error;
      throw new IotError('ForbiddenException', error.message);
    }
  }

  private failureOf(error: unknown): ServiceError {
    if (error instanceof ServiceError) return error;
    this.context.log({ level: 'error', message: `IoT Core Local failed: ${(error as Error).stack}` });
    return new IotError('InternalFailureException', `IoT Core Local failed: ${(error as Error).message}`);
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    // The rest is read too, and dropped: some clients read the answer only after they have sent everything.
    if (length <= maximumBody) chunks.push(chunk);
  }
  if (length > maximumBody) {
    throw new IotError('RequestEntityTooLargeException', `A request's body can have at most ${maximumBody} bytes.`);
  }
  return Buffer.concat(chunks);
}
