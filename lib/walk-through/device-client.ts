import { isIP } from 'node:net';
import { connect as connectTls, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { MqttClient } from 'mqtt';
import type { Endpoint } from '../devices/endpoint';
import { type Failure, failureOf, RequestError } from './client-failure';

/** What a device shows, and what it asks of the server, as PEM. */
export interface Credentials {
  readonly key: string;
  readonly certificate: string;
  readonly rootCa: string;
}

export interface ConnectOptions {
  readonly endpoint: Endpoint;
  readonly clientId: string;
  readonly credentials: SecureContext;
  readonly mqtt: 3 | 5;
  /** Milliseconds to wait for an answer of the server. */
  readonly answerTimeout: number;
  readonly onMessage?: (message: string, topic: string) => void;
  /** Called if the connection ends without {@link DeviceClient.end}. */
  readonly onLost?: (failure: Failure) => void;
}

type Acknowledgement = 'SUBACK' | 'UNSUBACK' | 'PUBACK';
type Callback = (error?: (Error & { code?: unknown }) | null) => void;

/** Reads credentials once, for any number of connections. */
export function secureContext({ key, certificate, rootCa }: Credentials): SecureContext {
  return createSecureContext({ key, cert: certificate, ca: rootCa });
}

/**
 * One MQTT connection over mutual TLS, which starts afresh and never reconnects.
 *
 * Whatever becomes of a request, it ends: with the server's answer, with the connection, or when patience does.
 */
export class DeviceClient {
  private failure: Failure | undefined;
  private ending = false;
  private readonly closed: Promise<void>;
  /** What fails when the connection does; MQTT.js itself leaves a PUBLISH at QoS 1 waiting. */
  private readonly waiting = new Set<(error: RequestError) => void>();

  /**
   * Resolves once the server has accepted the connection.
   *
   * @throws ClientError if it does not
   */
  static async connect(options: ConnectOptions): Promise<DeviceClient> {
    const { host, port } = options.endpoint;
    const socket = connectTls({ host, port, servername: sniOf(host), secureContext: options.credentials });
    // Small packets, each waiting for the other side's answer, are what Nagle's algorithm delays.
    socket.setNoDelay(true);
    const client = new MqttClient(() => socket, {
      clientId: options.clientId,
      protocolVersion: options.mqtt === 5 ? 5 : 4,
      clean: true,
      reconnectPeriod: 0,
      connectTimeout: options.answerTimeout,
    });
    const device = new DeviceClient(client, socket, options);
    await device.request((done) => client.once('connect', () => done()));
    return device;
  }

  private constructor(
    private readonly client: MqttClient,
    private readonly socket: TLSSocket,
    private readonly options: ConnectOptions,
  ) {
    const { onMessage, onLost, answerTimeout } = options;
    if (onMessage) client.on('message', (topic, payload) => onMessage(payload.toString(), topic));
    socket.on('error', (error) => {
      this.failure ??= failureOf(error);
    });
    client.on('error', (error) => {
      const silent = error.message === 'connack timeout';
      this.failure ??= silent ? { kind: 'silence', milliseconds: answerTimeout } : failureOf(error);
    });
    client.on('disconnect', ({ reasonCode }) => {
      this.failure ??= { kind: 'answer', packet: 'DISCONNECT', code: reasonCode ?? 0 };
    });
    this.closed = new Promise((resolve) => {
      client.once('close', () => {
        this.failure ??= { kind: 'closed' };
        for (const fail of this.waiting) fail(new RequestError(this.failure));
        if (!this.ending) onLost?.(this.failure);
        resolve();
      });
    });
  }

  get open(): boolean {
    return this.client.connected && !this.ending;
  }

  /** @throws ClientError if the server refuses */
  subscribe(topicFilter: string, qos: 0 | 1): Promise<void> {
    return this.request(
      (done) =>
        this.client.subscribe(topicFilter, { qos }, (error, _, packet) => {
          // The code of a SUBACK is in the packet only.
          done(error && Object.assign(error, { code: packet?.granted[0] }));
        }),
      'SUBACK',
    );
  }

  /** Resolves when the server has answered, by which time every message that it had sent before has been handed on. */
  unsubscribe(topicFilter: string): Promise<void> {
    return this.request((done) => this.client.unsubscribe(topicFilter, done), 'UNSUBACK');
  }

  /**
   * Resolves when the message is acknowledged (QoS 1) or written (QoS 0).
   *
   * @throws ClientError if the server refuses it, which at QoS 0 only MQTT 3.1.1 lets a client know
   */
  publish(topic: string, message: string, qos: 0 | 1, { retain = false } = {}): Promise<void> {
    return this.request(
      (done) => this.client.publish(topic, message, { qos, retain }, done),
      qos === 1 ? 'PUBACK' : undefined,
    );
  }

  /** Says goodbye, if there is still someone to say it to, and resolves when the connection is closed. */
  async end(): Promise<void> {
    if (!this.ending) {
      this.ending = true;
      // Once the DISCONNECT is written nothing is left to wait for; the server may take its time to close its side.
      this.socket.once('finish', () => this.socket.destroy());
      this.client.end(this.waiting.size > 0);
    }
    await this.closed;
  }

  private request(start: (done: Callback) => void, acknowledgement?: Acknowledgement): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.failure) return reject(new RequestError(this.failure));
      const { answerTimeout } = this.options;
      const settle = (error?: RequestError) => {
        clearTimeout(timer);
        this.waiting.delete(settle);
        if (error) reject(error);
        else resolve();
      };
      const timer =
        acknowledgement &&
        setTimeout(() => settle(new RequestError({ kind: 'silence', milliseconds: answerTimeout })), answerTimeout);
      this.waiting.add(settle);
      start((error) => settle(error ? new RequestError(this.failureOf(error, acknowledgement)) : undefined));
    });
  }

  /** MQTT.js fails what is pending with an error of its own as the connection goes, which says less than what is known here. */
  private failureOf({ code, message }: Error & { code?: unknown }, packet?: Acknowledgement): Failure {
    if (typeof code === 'number' && (packet === 'SUBACK' || packet === 'PUBACK'))
      return { kind: 'answer', packet, code };
    if (message === 'Connection closed') return this.failure ?? { kind: 'closed' };
    return { kind: 'trouble', message };
  }
}

/** Server Name Indication, which AWS wants; an address cannot be one. */
function sniOf(host: string): string | undefined {
  return isIP(host) ? undefined : host;
}
