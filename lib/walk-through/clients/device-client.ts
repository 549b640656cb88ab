import type { SecureContext, TLSSocket } from 'node:tls';
import { MqttClient } from 'mqtt';
import type { Endpoint } from '../../devices/endpoint';
import { type Failure, failureOf, RequestError } from './client-failure';
import { openSecureSocket } from './secure-socket';

export interface ConnectOptions {
  readonly endpoint: Endpoint;
  readonly clientId: string;
  readonly credentials: SecureContext;
  readonly mqtt: 3 | 5;
  /** Milliseconds to wait for an answer from the server. */
  readonly answerTimeout: number;
  /** Whether the session begins anew and ends with the connection, or is resumed and outlives it. @default 'clean' */
  readonly session?: 'clean' | 'persistent';
  readonly onMessage?: (message: string, topic: string) => void;
  /** Called if the connection ends without {@link DeviceClient.end}. */
  readonly onLost?: (failure: Failure) => void;
}

/** Seconds for which a persistent session of MQTT 5 outlives its connection: not long, for a run that is interrupted. */
const sessionExpiryInterval = 300;

type Acknowledgement = 'SUBACK' | 'UNSUBACK' | 'PUBACK';
type Callback = (error?: (Error & { code?: unknown }) | null) => void;

/**
 * One MQTT connection over mutual TLS. It never reconnects.
 *
 * Every request ends: with the server's answer, with the connection, or after the answer timeout.
 */
export class DeviceClient {
  private failure: Failure | undefined;
  private ending = false;
  private readonly closed: Promise<void>;
  /** The requests that fail when the connection ends. MQTT.js itself leaves a PUBLISH at QoS 1 waiting. */
  private readonly waiting = new Set<(error: RequestError) => void>();

  /**
   * Resolves once the server has accepted the connection.
   *
   * @throws RequestError if it does not
   */
  static async connect(options: ConnectOptions): Promise<DeviceClient> {
    const isPersistent = options.session === 'persistent';
    const socket = openSecureSocket(options.endpoint, options.credentials);
    const client = new MqttClient(() => socket, {
      clientId: options.clientId,
      protocolVersion: options.mqtt === 5 ? 5 : 4,
      clean: !isPersistent,
      // Under MQTT 3.1.1 a session that is not clean is persistent.
      properties: isPersistent && options.mqtt === 5 ? { sessionExpiryInterval } : undefined,
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

  /** @throws RequestError if the server refuses */
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

  /** Resolves when the server has answered. Every message that it sent before has then arrived. */
  unsubscribe(topicFilter: string): Promise<void> {
    return this.request((done) => this.client.unsubscribe(topicFilter, done), 'UNSUBACK');
  }

  /**
   * Resolves when the message is acknowledged (QoS 1) or written (QoS 0).
   *
   * @throws RequestError if the server refuses it. At QoS 0 only MQTT 3.1.1 tells the client.
   */
  publish(topic: string, message: string, qos: 0 | 1, { retain = false } = {}): Promise<void> {
    return this.request(
      (done) => this.client.publish(topic, message, { qos, retain }, done),
      qos === 1 ? 'PUBACK' : undefined,
    );
  }

  /** Sends DISCONNECT if the connection is still open, and resolves when it is closed. */
  async end(): Promise<void> {
    if (!this.ending) {
      this.ending = true;
      // After the DISCONNECT there is nothing to wait for. The server may close its side much later.
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

  /** When a connection ends, MQTT.js fails pending requests with an error that says less than is known here. */
  private failureOf({ code, message }: Error & { code?: unknown }, packet?: Acknowledgement): Failure {
    if (typeof code === 'number' && (packet === 'SUBACK' || packet === 'PUBACK')) {
      return { kind: 'answer', packet, code };
    }
    if (message === 'Connection closed') return this.failure ?? { kind: 'closed' };
    return { kind: 'trouble', message };
  }
}
