import type { TLSSocket } from 'node:tls';
import type { Connection } from '../broker/connection';
import { Decoder } from '../mqtt/decode';
import { DecodeError, quote } from '../mqtt/decode-error';
import { encodeConnack, encodeDisconnect } from '../mqtt/encode';
import { type ClientPacket, type ConnectPacket, ReasonCode } from '../mqtt/packets';
import type { Payload } from '../mqtt/payload';
import type { PublishHead } from '../mqtt/publish-head';
import { quotas } from '../quotas';
import { certificateIdFrom } from '../registry/certificate';
import { Client } from './client';
import { ClientFault } from './client-fault';
import { grantConnect } from './connect-request';
import type { GatewayContext } from './gateway-context';
import { otherProtocol } from './other-protocol';
import { Outbox } from './outbox';

/** Milliseconds within which a client has to send its CONNECT. */
const connectTimeout = 30_000;

/** Milliseconds for which a client that is disconnected may read why, before its socket is destroyed. */
const lingerTime = 5000;

/** The number of bytes that wait for a client from which on its messages have to wait. */
const congestion = 1_048_576;

/** The number of bytes that wait for a client from which on it is disconnected. They are answers, as no messages are sent to it then. */
const mostWaiting = 16 * congestion;

/** CONNACK's return code of 3.1.1 for a version that is neither 3.1.1 nor 5. */
const unacceptableProtocolVersion = 0x01;

/**
 * One connection, from the end of its TLS handshake. It turns bytes into packets and back, decides whether the client is heard and for how
 * long, and ends the connection.
 */
export class ClientConnection implements Connection {
  receiveMaximum: number = quotas.unacknowledged;
  maximumPacketSize = Number.POSITIVE_INFINITY;

  private readonly decoder = new Decoder({ maximumPacketSize: quotas.packet });
  private readonly outbox: Outbox;
  private client?: Client;
  /** Records that the client has gone. */
  private depart?: () => void;
  /** The client's name in the log: the client id of its CONNECT. */
  private name = 'A client without a CONNECT';
  private silenceAllowed = connectTimeout;
  private lastHeard: number;
  /** Bytes came or went since the last tick. */
  private isActive = false;
  /** No bytes came or went in the second before the last tick. */
  private isIdle = false;
  /** No bytes have come yet. */
  private isNew = true;
  private isWaiting = false;
  /** Whether an acknowledgement has made room since the last {@link flow}. */
  private isFlowDue = false;
  private closedAt?: number;

  constructor(
    private readonly socket: TLSSocket,
    private readonly certificateArn: string,
    private readonly context: GatewayContext,
  ) {
    this.lastHeard = context.clocks.monotonic();
    this.outbox = new Outbox(socket, context.schedule, () => this.flow());
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('drain', () => this.flow());
    socket.on('end', () => this.lose('it closed the connection without a DISCONNECT'));
    socket.on('error', (error: NodeJS.ErrnoException) => this.lose(error.code ?? error.message));
    socket.on('close', () => this.lose('it closed the connection'));
  }

  get isCongested(): boolean {
    return this.outbox.waiting > congestion;
  }

  get isHeard(): boolean {
    return !this.isWaiting;
  }

  /** The resource of iot:Receive is the message's own topic, also in a group, as AWS's pages say. */
  mayReceive(topic: string): boolean {
    return this.client!.receiving.allows(topic);
  }

  admits(): boolean {
    return this.client!.rates.admits();
  }

  send(head: PublishHead, payload: Payload, packetId: number): void {
    this.outbox.appendPublish(head, payload, packetId);
  }

  close(reasonCode: number, explanation: string): void {
    if (this.closedAt !== undefined) return;
    this.context.log({ level: 'warn', message: `${this.name} was disconnected: ${explanation}.` });
    if (this.client && this.decoder.version === 5) {
      this.outbox.append(encodeDisconnect({ type: 'disconnect', reasonCode }));
    }
    this.hangUp({ withWill: true });
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
    if (this.isWaiting) return now;
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
    for (const event of this.client?.rates.tick(now, bytesRead + bytesWritten) ?? []) {
      this.context.log({ level: 'warn', message: `${this.name} ${event}.` });
    }
  }

  private receive(chunk: Buffer): void {
    if (this.closedAt !== undefined) return;
    this.setActive();
    if (this.isNew) {
      this.isNew = false;
      const other = otherProtocol(chunk);
      if (other) {
        this.context.log({ level: 'warn', message: `${this.name} was refused: ${other.explanation}.` });
        this.outbox.append(Buffer.from(other.answer));
        this.hangUp({ withWill: false });
        return;
      }
    }
    this.decoder.push(chunk);
    this.read();
  }

  private read(): void {
    this.readPackets();
    // Once for all acknowledgements in a chunk.
    if (this.isFlowDue) this.flow();
  }

  private readPackets(): void {
    const now = this.context.clocks.monotonic();
    try {
      while (this.closedAt === undefined && !this.isWaiting) {
        const acknowledged = this.decoder.readPuback();
        if (acknowledged > 0) {
          this.lastHeard = now;
          this.acknowledge(acknowledged);
          continue;
        }
        const packet = this.decoder.read();
        if (!packet) return;
        // Only a complete packet ends the silence [MQTT-3.1.2-22].
        this.lastHeard = now;
        this.handle(packet, now);
      }
    } catch (error) {
      this.fail(error);
    }
  }

  /** An error that a client's bytes cause ends its own connection, and nothing else. */
  private fail(error: unknown): void {
    const isTheirs = error instanceof DecodeError || error instanceof ClientFault;
    if (!isTheirs) this.context.log({ level: 'error', message: `IoT Core Local failed: ${(error as Error).stack}` });
    const reasonCode = isTheirs ? error.reasonCode : ReasonCode.UnspecifiedError;
    const explanation = isTheirs ? error.message.replace(/\.$/, '') : 'IoT Core Local failed';
    if (this.client) this.close(reasonCode, explanation);
    else this.refuse(reasonCode, explanation);
  }

  /** Bytes have been handed to the socket, or the socket takes more. */
  private flow(): void {
    this.isFlowDue = false;
    this.setActive();
    if (this.closedAt === undefined) this.client?.session.flow();
  }

  private handle(packet: ClientPacket, now: number): void {
    switch (packet.type) {
      case 'connect':
        this.connect(packet);
        break;
      case 'publish': {
        const full = this.client!.publish(packet, now);
        if (full?.isWorthWaitingFor(this.client!.session)) this.waitFor(full);
        break;
      }
      case 'puback':
        this.acknowledge(packet.packetId);
        break;
      case 'subscribe':
        this.client!.subscribe(packet);
        break;
      case 'unsubscribe':
        this.client!.unsubscribe(packet);
        break;
      case 'pingreq':
        this.client!.ping();
        break;
      case 'disconnect':
        this.client!.checkDisconnect(packet);
        this.context.log({ level: 'info', message: `${this.name} disconnected.` });
        // Only a normal disconnection deletes the will [MQTT-3.1.2-8].
        this.hangUp({ withWill: packet.reasonCode !== ReasonCode.Success });
    }
  }

  private acknowledge(packetId: number): void {
    if (this.client!.session.acknowledge(packetId)) this.isFlowDue = true;
  }

  private connect(packet: ConnectPacket): void {
    if (packet.clientId !== '') this.name = quote(packet.clientId);
    this.maximumPacketSize = packet.maximumPacketSize ?? Number.POSITIVE_INFINITY;
    const granted = grantConnect(packet);
    this.name = quote(granted.clientId);
    this.receiveMaximum = Math.min(packet.receiveMaximum ?? quotas.unacknowledged, quotas.unacknowledged);
    const isHasty = this.isHasty(granted.clientId);
    if (isHasty && this.context.isStrict) {
      throw new ClientFault(ReasonCode.ConnectionRateExceeded, 'AWS takes one CONNECT a second of a client id');
    }
    this.client = new Client(packet, granted, this.peer, this, this.outbox, this.context);
    if (isHasty) {
      const event =
        'connected twice within a second; AWS takes one CONNECT a second of a client id and would refuse it';
      this.context.log({ level: 'warn', message: `${this.name} ${event}.` });
    }
    this.silenceAllowed = granted.keepAlive * 1500;
    this.depart = this.context.presence.arrive({
      clientId: granted.clientId,
      certificateArn: this.certificateArn,
      keepAlive: granted.keepAlive,
      sessionExpiry: granted.sessionExpiryInterval / 1000,
    });
    this.client.start();
  }

  private get peer() {
    const { servername } = this.socket as { servername?: string | false };
    const domainName = servername || undefined;
    return { certificateArn: this.certificateArn, sourceIp: this.socket.remoteAddress, domainName };
  }

  private isHasty(clientId: string): boolean {
    return this.context.presence.sinceConnect(clientId) < quotas.connectInterval;
  }

  /** Reads no more packets of the client until a full receiver of its messages has room. */
  private waitFor(full: NonNullable<ReturnType<Client['publish']>>): void {
    this.isWaiting = true;
    this.socket.pause();
    full.whenRoom(() => {
      this.isWaiting = false;
      this.lastHeard = this.context.clocks.monotonic();
      this.socket.resume();
      this.read();
    });
  }

  /** Answers CONNECT with a refusal if the client's version is known. As AWS does, most refusals of a 3.1.1 client only close the connection. */
  private refuse(reasonCode: number, explanation: string): void {
    this.context.log({ level: 'warn', message: `${this.name} was refused: ${explanation}.` });
    const connack = { type: 'connack', sessionPresent: false } as const;
    if (this.decoder.version === 5) {
      const packet = encodeConnack({ ...connack, reasonCode }, 5);
      if (packet.length <= this.maximumPacketSize) this.outbox.append(packet);
    } else if (reasonCode === ReasonCode.UnsupportedProtocolVersion) {
      this.outbox.append(encodeConnack({ ...connack, reasonCode: unacceptableProtocolVersion }, 4));
    } else if (reasonCode < ReasonCode.UnspecifiedError) {
      this.outbox.append(encodeConnack({ ...connack, reasonCode }, 4));
    }
    this.hangUp({ withWill: false });
  }

  /** The client or the network has ended the connection. */
  private lose(reason: string): void {
    if (this.closedAt !== undefined) return;
    this.context.log({ level: 'info', message: `${this.name} is gone: ${reason}.` });
    this.hangUp({ withWill: true });
  }

  private hangUp({ withWill }: { withWill: boolean }): void {
    this.closedAt = this.context.clocks.monotonic();
    this.context.wake(this);
    this.outbox.flush();
    this.socket.end();
    this.logRates(this.closedAt);
    if (this.client) this.context.broker.disconnect(this.client.session, withWill);
    this.depart?.();
  }
}
