import type { TLSSocket } from 'node:tls';
import type { Session } from '../broker/session';
import { Decoder } from '../mqtt/decode';
import { DecodeError } from '../mqtt/decode-error';
import { type ConnectPacket, ReasonCode } from '../mqtt/packets';
import { quotas } from '../quotas';
import { certificateIdFrom } from '../registry/certificate';
import { Client } from './client';
import { ClientFault } from './client-fault';
import { ClientLog } from './client-log';
import { connectRefusal } from './connect-refusal';
import { grantConnect } from './connect-request';
import type { GatewayContext } from './gateway-context';
import type { NetworkConnection } from './network-connection';
import { otherProtocol } from './other-protocol';
import { Outbox } from './outbox';
import { serverNameOf } from './server-name';

/** Milliseconds within which a client has to send its CONNECT. */
const connectTimeout = 30_000;

/** Milliseconds for which a client that is disconnected may read why, before its socket is destroyed. */
const lingerTime = 5000;

/** The number of bytes that wait for a client from which on it is disconnected. They are answers, as no messages are sent to it by then. */
const mostWaiting = 16_777_216;

/**
 * One connection, from the end of its TLS handshake to its end. It reads packets from the client's bytes, admits the client by the first of
 * them, and hands it the others. It decides whether the client is heard and for how long it may be silent, and ends the connection.
 */
export class ClientConnection implements NetworkConnection {
  private readonly decoder = new Decoder({ maximumPacketSize: quotas.packet });
  private readonly outbox: Outbox;
  private readonly log: ClientLog;
  private client?: Client;
  /** Records that the client has gone. */
  private depart?: () => void;
  private silenceAllowed = connectTimeout;
  private lastHeard: number;
  /** Bytes came or went since the last tick. */
  private isActive = false;
  /** No bytes came or went in the second before the last tick. */
  private isIdle = false;
  /** No bytes have come yet. */
  private isNew = true;
  /** The receiver that the client waits for, so its socket is not read. */
  private awaited?: Session;
  /** While it waits, what was read before is not handled either. */
  private isStopped = false;
  private closedAt?: number;

  /** The receiver that the client waited for has room. */
  private readonly goOn = () => {
    this.awaited = undefined;
    this.isStopped = false;
    this.lastHeard = this.context.clocks.monotonic();
    this.socket.resume();
    this.read();
  };

  constructor(
    private readonly socket: TLSSocket,
    private readonly certificateArn: string,
    private readonly context: GatewayContext,
  ) {
    this.lastHeard = context.clocks.monotonic();
    this.log = new ClientLog(context.log);
    this.outbox = new Outbox(socket, context.schedule, () => this.flow());
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('drain', () => this.flow());
    socket.on('end', () => this.lose('it closed the connection without a DISCONNECT'));
    socket.on('error', (error: NodeJS.ErrnoException) => this.lose(error.code ?? error.message));
    socket.on('close', () => this.lose('it closed the connection'));
  }

  get waitsFor(): Session | undefined {
    return this.awaited;
  }

  waitFor(receiver: Session): void {
    // To stop at once would cut in two what the client sends together: it sends the next packets as these are acknowledged.
    this.isStopped = receiver.isOverfull;
    if (this.awaited) return;
    this.awaited = receiver;
    this.socket.pause();
    receiver.whenRoom(this.goOn);
  }

  close(reasonCode: number, explanation: string): void {
    if (this.closedAt !== undefined) return;
    this.log.warn(`was disconnected: ${explanation}`);
    this.client?.sayWhy(reasonCode);
    this.end({ withWill: true });
  }

  end({ withWill }: { withWill: boolean }): void {
    this.closedAt = this.context.clocks.monotonic();
    this.context.wake(this);
    this.outbox.flush();
    this.socket.end();
    this.stopWaiting();
    this.logRates(this.closedAt);
    if (this.client) this.context.broker.disconnect(this.client.session, withWill);
    this.depart?.();
  }

  /** Nobody waits behind a client that has gone. Its socket is read to the end, so that it closes. */
  private stopWaiting(): void {
    if (!this.awaited) return;
    this.awaited.stopWaiting(this.goOn);
    this.awaited = undefined;
    this.socket.resume();
  }

  /** Closes the connection if its certificate no longer opens one. */
  checkCertificate(): void {
    if (this.context.registry.findCertificate(certificateIdFrom(this.certificateArn))?.status === 'ACTIVE') return;
    this.close(ReasonCode.NotAuthorized, 'its certificate is no longer ACTIVE');
  }

  /**
   * Disconnects a client that was silent for one and a half keep-alive times [MQTT-3.1.2-22], and compares what an active one sends with AWS's
   * quotas.
   *
   * @returns when the next tick is due, in milliseconds: at once, which is in a second, while bytes come or go
   */
  tick(): number {
    const now = this.context.clocks.monotonic();
    if (this.isActive) this.logRates(now);
    this.isIdle = !this.isActive;
    this.isActive = false;
    if (this.closedAt !== undefined) {
      if (now - this.closedAt >= lingerTime) this.socket.destroy();
      return this.closedAt + lingerTime;
    }
    if (this.outbox.waiting > mostWaiting) {
      this.close(ReasonCode.QuotaExceeded, 'it does not read the answers to its packets');
      return now;
    }
    if (this.awaited) return now;
    if (now - this.lastHeard >= this.silenceAllowed) {
      const explanation = this.client ? 'it was silent for one and a half keep-alive times' : 'it sent no CONNECT';
      this.close(ReasonCode.KeepAliveTimeout, explanation);
      return now;
    }
    if (!this.isIdle) return now;
    this.outbox.release();
    return this.lastHeard + this.silenceAllowed;
  }

  /** Bytes come or go. */
  private setActive(): void {
    this.isActive = true;
    if (!this.isIdle || this.closedAt !== undefined) return;
    this.isIdle = false;
    this.client?.rates.restart(this.context.clocks.monotonic());
    this.context.wake(this);
  }

  private logRates(now: number): void {
    const { bytesRead, bytesWritten } = this.socket;
    for (const event of this.client?.rates.tick(now, bytesRead + bytesWritten) ?? []) this.log.warn(event);
  }

  private receive(chunk: Buffer): void {
    if (this.closedAt !== undefined) return;
    this.setActive();
    if (this.isNew) {
      this.isNew = false;
      const other = otherProtocol(chunk);
      if (other) {
        this.log.warn(`was refused: ${other.explanation}`);
        this.outbox.append(Buffer.from(other.answer));
        this.end({ withWill: false });
        return;
      }
    }
    this.decoder.push(chunk);
    this.read();
  }

  private read(): void {
    this.readPackets();
    // Once for all acknowledgements in a chunk.
    if (this.client?.isFlowDue) this.flow();
  }

  private readPackets(): void {
    const now = this.context.clocks.monotonic();
    try {
      while (this.closedAt === undefined && !this.isStopped) {
        const acknowledged = this.decoder.readPuback();
        if (acknowledged > 0) {
          this.lastHeard = now;
          this.client!.acknowledge(acknowledged);
          continue;
        }
        const packet = this.decoder.read();
        if (!packet) return;
        // Only a complete packet ends the silence [MQTT-3.1.2-22].
        this.lastHeard = now;
        if (packet.type === 'connect') this.connect(packet);
        else this.client!.handle(packet, now);
      }
    } catch (error) {
      this.fail(error);
    }
  }

  /**
   * An error that a client's bytes cause ends its own connection, and nothing else.
   *
   * @param maximumPacketSize - of the client's CONNECT, if that was read
   */
  private fail(error: unknown, maximumPacketSize?: number): void {
    const isTheirs = error instanceof DecodeError || error instanceof ClientFault;
    if (!isTheirs) this.context.log({ level: 'error', message: `IoT Core Local failed: ${(error as Error).stack}` });
    const reasonCode = isTheirs ? error.reasonCode : ReasonCode.UnspecifiedError;
    const explanation = isTheirs ? error.message.replace(/\.$/, '') : 'IoT Core Local failed';
    if (this.client) this.close(reasonCode, explanation);
    else this.refuse(reasonCode, explanation, maximumPacketSize);
  }

  /** Bytes have been handed to the socket, or the socket takes more. */
  private flow(): void {
    this.setActive();
    if (this.closedAt === undefined) this.client?.flow();
  }

  private connect(packet: ConnectPacket): void {
    try {
      this.admit(packet);
    } catch (error) {
      this.fail(error, packet.maximumPacketSize);
    }
  }

  /** @throws ClientFault for a client that may not connect, or not so */
  private admit(packet: ConnectPacket): void {
    if (packet.clientId !== '') this.log.identify(packet.clientId);
    const granted = grantConnect(packet);
    this.log.identify(granted.clientId);
    const isHasty = this.isHasty(granted.clientId);
    if (isHasty && this.context.isStrict) {
      throw new ClientFault(ReasonCode.ConnectionRateExceeded, 'AWS takes one CONNECT a second of a client id');
    }
    this.client = new Client(packet, granted, this.peer, this, this.outbox, this.log, this.context);
    if (isHasty) {
      this.log.warn(
        'connected twice within a second; AWS takes one CONNECT a second of a client id and would refuse it',
      );
    }
    this.silenceAllowed = granted.keepAlive * 1500;
    this.depart = this.context.presence.arrive({
      clientId: granted.clientId,
      certificateArn: this.certificateArn,
      keepAlive: granted.keepAlive,
      sessionExpiry: granted.sessionExpiryInterval / 1000,
    });
    this.client.start(granted);
  }

  private get peer() {
    const { certificateArn, socket } = this;
    return { certificateArn, sourceIp: socket.remoteAddress, domainName: serverNameOf(socket) };
  }

  private isHasty(clientId: string): boolean {
    return this.context.presence.sinceConnect(clientId) < quotas.connectInterval;
  }

  private refuse(reasonCode: number, explanation: string, maximumPacketSize?: number): void {
    this.log.warn(`was refused: ${explanation}`);
    const answer = connectRefusal(this.decoder.version, reasonCode, maximumPacketSize);
    if (answer) this.outbox.append(answer);
    this.end({ withWill: false });
  }

  /** The client or the network has ended the connection. */
  private lose(reason: string): void {
    if (this.closedAt !== undefined) return;
    this.log.info(`is gone: ${reason}`);
    this.end({ withWill: true });
  }
}
