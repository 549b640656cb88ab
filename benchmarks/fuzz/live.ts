import { connect, type TLSSocket } from 'node:tls';
import { RawClient } from '../../test/support/raw-client';
import type { Credentials } from '../../test/support/secure-context';
import { type Random, randomIntegers } from '../random';
import { hostileStream } from './hostile-stream';

/** IoT Core Local's port and root, and the credentials of a device that it admits. */
export interface FuzzTarget {
  readonly port: number;
  readonly rootCaPem: string;
  readonly credentials: Credentials;
}

export interface FuzzOptions {
  readonly seed: number;
  /** The least number of mutated packets to send. */
  readonly packets: number;
  /** Called after each round trip of the control client. */
  readonly onProgress?: (report: FuzzReport) => void | Promise<void>;
}

/** What was sent so far, and how the control client fared. */
export interface FuzzReport {
  readonly packets: number;
  readonly connections: number;
  /** How often the control client published a message and got it back. */
  readonly roundTrips: number;
  /** Milliseconds of the slowest round trip. */
  readonly slowest: number;
}

/** Hostile connections at the same time. */
const lanes = 8;

/** Milliseconds that a round trip may take, and the closing of a connection whose client is gone. */
const deadline = 10_000;

/**
 * Sends mutated packets over live connections, while a control client publishes messages and gets them back.
 *
 * @throws Error when the control client does not get its message in time, or a connection is not closed in time
 */
export async function fuzzLive(target: FuzzTarget, { seed, packets, onProgress }: FuzzOptions): Promise<FuzzReport> {
  const random = randomIntegers(seed);
  const report = { packets: 0, connections: 0, roundTrips: 0, slowest: 0 };
  const control = await ControlClient.open(target);
  let hasFailed = false;
  const isOver = () => hasFailed || report.packets >= packets;

  const attackOn = async () => {
    while (!isOver()) {
      const sent = await attack(target, random);
      report.connections += 1;
      report.packets += sent;
    }
  };
  const controlOn = async () => {
    do {
      const start = performance.now();
      await control.roundTrip();
      report.slowest = Math.max(report.slowest, performance.now() - start);
      report.roundTrips += 1;
      await onProgress?.(report);
    } while (!isOver());
  };

  try {
    await Promise.all([controlOn(), ...Array.from({ length: lanes }, attackOn)]);
    return report;
  } catch (error) {
    // The other connections end by themselves, and are not followed by new ones.
    hasFailed = true;
    throw error;
  } finally {
    control.close();
  }
}

/** One hostile connection. @returns how many mutated packets were sent */
async function attack({ port, rootCaPem, credentials }: FuzzTarget, random: Random): Promise<number> {
  const { bytes, packets } = hostileStream(random);
  const at = random(bytes.length);
  // One client of sixteen never reads, and closes the connection without waiting for the other side.
  const reads = random(16) > 0;
  const { key, certificate: cert } = credentials;
  const socket = connect({ host: '127.0.0.1', port, ca: rootCaPem, key, cert });
  // A reset is one way to end a connection; 'close' follows it.
  socket.on('error', () => {});
  socket.once('secureConnect', () => {
    if (reads) socket.resume();
    socket.write(bytes.subarray(0, at));
    if (reads) socket.end(bytes.subarray(at));
    else socket.write(bytes.subarray(at), () => socket.destroy());
  });
  await untilClosed(socket);
  return packets;
}

async function untilClosed(socket: TLSSocket): Promise<void> {
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    socket.destroy();
  }, deadline);
  await new Promise((resolve) => socket.once('close', resolve));
  clearTimeout(timer);
  if (isLate) throw new Error(`A connection was still open ${deadline / 1000} s after its client had finished.`);
}

/** A client that behaves well: the hostile ones must not slow it down. */
class ControlClient {
  static async open(target: FuzzTarget): Promise<ControlClient> {
    const client = await RawClient.open({ ...target, version: 5 });
    await client.connect({ clientId: 'control' });
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'control', qos: 1 }] });
    await client.next();
    return new ControlClient(client);
  }

  private count = 0;

  private constructor(private readonly client: RawClient) {}

  /** Publishes a message at QoS 1, and gets it back. */
  async roundTrip(): Promise<void> {
    const { client } = this;
    this.count += 1;
    const payload = `${this.count}`;
    const timer = setTimeout(() => client.destroy(), deadline);
    client.send({ cmd: 'publish', topic: 'control', payload, qos: 1, messageId: 1, dup: false, retain: false });
    const missing = new Set(['puback', 'publish']);
    while (missing.size > 0) {
      const packet = await client.next().catch((error) => {
        throw new Error(`The control client got no answer for ${deadline / 1000} s, or was disconnected.`, {
          cause: error,
        });
      });
      missing.delete(packet.cmd);
      if (packet.cmd !== 'publish') continue;
      if (packet.messageId) client.send({ cmd: 'puback', messageId: packet.messageId });
      // A mutated packet may also be a message to the control client.
      if (String(packet.payload) !== payload) missing.add('publish');
    }
    clearTimeout(timer);
  }

  close(): void {
    this.client.destroy();
  }
}
