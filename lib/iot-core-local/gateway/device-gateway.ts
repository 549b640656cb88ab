import { constants } from 'node:crypto';
import type { AddressInfo, Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { listen } from '../../util/listen';
import { ReasonCode } from '../mqtt/packets';
import type { KeyAndCertificate } from '../registry/issue-certificate';
import { certificateRefusal, clientCertificateId } from './client-certificate';
import { ClientConnection } from './client-connection';
import { Deadlines } from './deadlines';
import { FlushSchedule } from './flush-schedule';
import type { GatewayContext, Ticking } from './gateway-context';
import { alpnProtocol, type HandshakeError, handshakeFailure } from './handshake-failure';
import { otherProtocol } from './other-protocol';
import { Presence } from './presence';
import { serverNameOf } from './server-name';
import { tlsCiphers } from './tls-ciphers';

export interface GatewayOptions {
  readonly host: string;
  /** 0 for one that is free. */
  readonly port: number;
  /** One for each kind of key. OpenSSL picks one that the client can use. */
  readonly endpoint: readonly KeyAndCertificate[];
  /** Milliseconds that a TLS handshake may take, also while many clients connect at once. @default 30,000 */
  readonly handshakeTimeout?: number;
}

/** The part of its connections' context that a gateway is given; the rest is its own. */
type OuterContext = Omit<GatewayContext, 'presence' | 'schedule' | 'wake'>;

/** Milliseconds that {@link DeviceGateway.stop} waits for clients to take their last packet. */
const farewellTime = 500;

/** Milliseconds that a connection without a client certificate stays open for the client's first bytes. */
const firstBytesTime = 250;

/**
 * The endpoint that devices connect to: mutual TLS, then MQTT.
 *
 * As on AWS, a certificate opens a connection if it is registered, ACTIVE and valid at this time. TLS has proven by then that the client has
 * the certificate's key.
 */
export class DeviceGateway {
  readonly presence: Presence;
  private readonly server: Server;
  private readonly connections = new Set<ClientConnection>();
  /** When each connection's tick is due: each second while bytes come or go, otherwise when it has been silent for too long. */
  private readonly ticks = new Deadlines<Ticking>();
  /** The sockets whose TLS handshake is complete, and all network sockets. */
  private readonly secureSockets = new Set<TLSSocket>();
  private readonly sockets = new Set<Socket>();
  private readonly context: GatewayContext;
  private readonly forgetRegistry: () => void;
  private readonly ticking: NodeJS.Timeout;

  /** @throws PortError when the port cannot be opened */
  static async start(options: GatewayOptions, context: OuterContext): Promise<DeviceGateway> {
    const gateway = new DeviceGateway(options, context);
    try {
      const onError = ({ message }: Error) => gateway.warn(`A connection could not be accepted: ${message}.`);
      await listen(gateway.server, { ...options, option: '--port', onError });
    } catch (error) {
      await gateway.stop();
      throw error;
    }
    return gateway;
  }

  private constructor({ endpoint, handshakeTimeout = 30_000 }: GatewayOptions, context: OuterContext) {
    this.presence = new Presence(context.clocks);
    const flushes = new FlushSchedule();
    this.context = {
      ...context,
      presence: this.presence,
      schedule: (outbox) => flushes.add(outbox),
      wake: (connection) => this.ticks.set(connection, 0),
    };
    this.server = createServer({
      key: endpoint.map(({ key }) => key),
      cert: endpoint.map(({ certificate }) => certificate),
      requestCert: true,
      // The issuer of a certificate is not checked. A certificate that is not in the registry, byte by byte, is refused below, with a log entry.
      rejectUnauthorized: false,
      // No session tickets, as on AWS. https://docs.aws.amazon.com/iot/latest/developerguide/transport-security.html
      secureOptions: constants.SSL_OP_NO_TICKET,
      minVersion: 'TLSv1.2',
      ciphers: tlsCiphers.join(':'),
      ALPNProtocols: [alpnProtocol],
      handshakeTimeout,
    });
    this.server.on('connection', (socket) => remember(this.sockets, socket));
    this.server.on('secureConnection', (socket) => this.accept(socket));
    this.server.on('tlsClientError', (error: HandshakeError, socket) => {
      this.warn(`A TLS handshake failed: ${handshakeFailure(error)}.`);
      // Node does not close the socket of a handshake that took too long.
      socket.destroy();
    });
    this.forgetRegistry = context.registry.onChange(() => this.checkCertificates());
    this.ticking = setInterval(() => this.tick(), 1000);
    this.ticking.unref();
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Takes no more connections, disconnects the clients, and is done when the last socket is closed: soon, whatever they do. */
  async stop(): Promise<void> {
    clearInterval(this.ticking);
    this.forgetRegistry();
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const connection of this.connections) connection.close(ReasonCode.ServerShuttingDown, 'IoT Core Local stops');
    for (const socket of this.secureSockets) socket.destroySoon();
    const farewell = setTimeout(() => {
      for (const socket of this.sockets) socket.destroy();
    }, farewellTime);
    await closed;
    clearTimeout(farewell);
    this.context.broker.stop();
  }

  private accept(socket: TLSSocket): void {
    // Small packets must not wait for each other's acknowledgement: the outbox gathers them already.
    socket.setNoDelay(true);
    remember(this.secureSockets, socket);
    const certificateId = clientCertificateId(socket);
    if (certificateId === undefined) {
      this.refuseByFirstBytes(socket);
      return;
    }
    const refusal = certificateRefusal(certificateId, serverNameOf(socket), this.context);
    if (refusal !== undefined) {
      this.refuse(socket, refusal);
      return;
    }
    const { certificateArn } = this.context.registry.describeCertificate(certificateId);
    const connection = new ClientConnection(socket, certificateArn, this.context);
    this.connections.add(connection);
    this.ticks.set(connection, 0);
    socket.once('close', () => {
      this.connections.delete(connection);
      this.ticks.delete(connection);
    });
  }

  private refuse(socket: TLSSocket, refusal: string, answer?: string): void {
    this.warn(`A connection was refused: ${refusal}.`);
    socket.on('error', () => {});
    if (answer === undefined) socket.destroy();
    else socket.end(answer, () => socket.destroy());
  }

  /** Refuses a client without a certificate when its first bytes have come: an HTTP client gets to know what the port serves. */
  private refuseByFirstBytes(socket: TLSSocket): void {
    socket.on('error', () => {});
    const decide = (bytes?: Buffer) => {
      clearTimeout(timeout);
      socket.off('data', decide).off('end', decide);
      const other = bytes && otherProtocol(bytes);
      this.refuse(socket, other?.explanation ?? 'it came without a client certificate', other?.answer);
    };
    const timeout = setTimeout(decide, firstBytesTime).unref();
    socket.on('data', decide).on('end', decide);
  }

  private checkCertificates(): void {
    for (const connection of this.connections) connection.checkCertificate();
  }

  private tick(): void {
    for (const connection of this.ticks.takeDue(this.context.clocks.monotonic())) {
      this.ticks.set(connection, connection.tick());
    }
    this.context.broker.tick();
    this.presence.tick();
  }

  private warn(message: string): void {
    this.context.log({ level: 'warn', message });
  }
}

/** Keeps a socket in a set for as long as it is open. */
function remember<T extends Socket>(sockets: Set<T>, socket: T): void {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
}
