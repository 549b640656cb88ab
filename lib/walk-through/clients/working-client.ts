import type { TLSSocket } from 'node:tls';
import { generate, type IPublishPacket, type Packet, parser } from 'mqtt-packet';
import { type Failure, failureOf, RequestError } from './client-failure';
import type { ConnectOptions } from './device-client';
import { openSecureSocket } from './secure-socket';

/** How a subscriber works. */
export interface WorkOptions {
  /**
   * Called for each message, one after the other. The message is acknowledged when the promise resolves to true, and not at all when it
   * resolves to false.
   */
  readonly work: (message: string, topic: string) => Promise<boolean>;
  /** Called for each message as it comes in, before it waits for the work on earlier ones. */
  readonly onMessage?: (message: string, topic: string) => void;
  /** Called if the connection ends without {@link WorkingClient.end} or {@link WorkingClient.cut}. */
  readonly onLost?: (failure: Failure) => void;
  /** How many QoS 1 messages it takes before it acknowledges one; MQTT 5 only. @default - as many as the server wants */
  readonly receiveMaximum?: number;
}

type Options = Omit<ConnectOptions, 'onMessage' | 'onLost' | 'session'> & WorkOptions;
type Answer = 'connack' | 'suback' | 'unsuback' | 'puback';

/** Seconds. Longer than a scenario lasts, so the client need not send PINGREQ. */
const keepalive = 1200;

/**
 * A subscriber that takes time for a message and acknowledges it afterwards, in a clean session.
 *
 * MQTT.js cannot withhold a PUBACK without ceasing to read. This client goes on reading, so it knows what it has not acknowledged.
 */
export class WorkingClient {
  private readonly parser;
  private readonly answers = new Map<Answer, (result: Packet | RequestError) => void>();
  private readonly closed: Promise<void>;
  private workDone: Promise<void> = Promise.resolve();
  private failure: Failure | undefined;
  private isEnding = false;
  private lastPacketId = 0;

  /**
   * Resolves once the server has accepted the connection.
   *
   * @throws RequestError if it does not
   */
  static async connect(options: Options): Promise<WorkingClient> {
    const client = new WorkingClient(openSecureSocket(options.endpoint, options.credentials), options);
    try {
      await client.sayHello();
      return client;
    } catch (error) {
      client.cut();
      throw error;
    }
  }

  private constructor(
    private readonly socket: TLSSocket,
    private readonly options: Options,
  ) {
    this.parser = parser({ protocolVersion: options.mqtt === 5 ? 5 : 4 });
    this.parser.on('packet', (packet) => this.receive(packet));
    this.parser.on('error', ({ message }) => this.fail({ kind: 'trouble', message }));
    socket.on('data', (chunk: Buffer) => this.parser.parse(chunk));
    socket.on('error', (error) => this.fail(failureOf(error)));
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.fail({ kind: 'closed' });
        resolve();
      });
    });
  }

  get open(): boolean {
    return !this.failure && !this.isEnding;
  }

  /** @throws RequestError if the server refuses */
  async subscribe(topicFilter: string, qos: 0 | 1): Promise<void> {
    const subscriptions = [{ topic: topicFilter, qos }];
    const suback = await this.request({ cmd: 'subscribe', messageId: this.packetId(), subscriptions }, 'suback');
    const [code] = suback.cmd === 'suback' ? suback.granted : [];
    if (typeof code === 'number' && code >= 0x80) throw new RequestError({ kind: 'answer', packet: 'SUBACK', code });
  }

  /** Resolves when the server has answered. Every message that it sent before has then arrived. */
  async unsubscribe(topicFilter: string): Promise<void> {
    await this.request({ cmd: 'unsubscribe', messageId: this.packetId(), unsubscriptions: [topicFilter] }, 'unsuback');
  }

  /**
   * Publishes at QoS 1. One PUBACK is awaited at a time.
   *
   * @throws RequestError if the server refuses it. MQTT 3.1.1 has no such answer: the server then ends the connection.
   */
  async publish(topic: string, message: string, qos: 1, { retain = false } = {}): Promise<void> {
    const publish: Packet = {
      cmd: 'publish',
      topic,
      payload: message,
      qos,
      retain,
      dup: false,
      messageId: this.packetId(),
    };
    const puback = await this.request(publish, 'puback');
    const code = puback.cmd === 'puback' ? (puback.reasonCode ?? 0) : 0;
    if (code >= 0x80) throw new RequestError({ kind: 'answer', packet: 'PUBACK', code });
  }

  /** Sends DISCONNECT if the connection is still open, and resolves when it is closed. */
  async end(): Promise<void> {
    if (!this.isEnding) {
      this.isEnding = true;
      this.socket.once('finish', () => this.socket.destroy());
      if (this.failure) this.socket.destroy();
      else this.socket.end(this.encode({ cmd: 'disconnect' }));
    }
    await this.closed;
  }

  /** Closes the connection without DISCONNECT, as a client does that fails. */
  cut(): void {
    this.isEnding = true;
    this.socket.destroy();
  }

  private async sayHello(): Promise<void> {
    const { clientId, mqtt, receiveMaximum } = this.options;
    const isV5 = mqtt === 5;
    const properties = isV5 && receiveMaximum !== undefined ? { receiveMaximum } : undefined;
    const version = { protocolId: 'MQTT', protocolVersion: isV5 ? 5 : 4 } as const;
    const connack = await this.request(
      { cmd: 'connect', ...version, clientId, clean: true, keepalive, properties },
      'connack',
    );
    const code = connack.cmd === 'connack' ? ((isV5 ? connack.reasonCode : connack.returnCode) ?? 0) : 0;
    if (code !== 0) throw new RequestError({ kind: 'answer', packet: 'CONNACK', code });
  }

  private receive(packet: Packet): void {
    switch (packet.cmd) {
      case 'publish':
        this.take(packet);
        break;
      case 'connack':
      case 'suback':
      case 'unsuback':
      case 'puback':
        this.answers.get(packet.cmd)?.(packet);
        break;
      case 'disconnect':
        this.fail({ kind: 'answer', packet: 'DISCONNECT', code: packet.reasonCode ?? 0 });
        break;
      default:
      // No server sends such a packet to this client: it neither pings nor takes part in QoS 2.
    }
  }

  private take({ topic, payload, qos, messageId }: IPublishPacket): void {
    const message = payload.toString();
    this.options.onMessage?.(message, topic);
    this.workDone = this.workDone.then(async () => {
      const isDone = await this.options.work(message, topic);
      if (isDone && qos === 1 && this.open) this.socket.write(this.encode({ cmd: 'puback', messageId: messageId! }));
    });
  }

  /** The first failure counts: what follows it says less. */
  private fail(failure: Failure): void {
    if (this.failure) return;
    this.failure = failure;
    for (const answer of this.answers.values()) answer(new RequestError(failure));
    if (!this.isEnding) this.options.onLost?.(failure);
    this.socket.destroy();
  }

  private request(packet: Packet, answer: Answer): Promise<Packet> {
    return new Promise((resolve, reject) => {
      if (this.failure) return reject(new RequestError(this.failure));
      const { answerTimeout: milliseconds } = this.options;
      const settle = (result: Packet | RequestError) => {
        clearTimeout(timer);
        this.answers.delete(answer);
        if (result instanceof RequestError) reject(result);
        else resolve(result);
      };
      const timer = setTimeout(() => settle(new RequestError({ kind: 'silence', milliseconds })), milliseconds);
      this.answers.set(answer, settle);
      this.socket.write(this.encode(packet));
    });
  }

  private encode(packet: Packet): Buffer {
    return generate(packet, { protocolVersion: this.options.mqtt === 5 ? 5 : 4 });
  }

  private packetId(): number {
    this.lastPacketId += 1;
    return this.lastPacketId;
  }
}
