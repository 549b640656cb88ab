import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeviceFolder } from '../../../lib/devices/device-folder';
import type { Device, Fleet } from '../../../lib/fleet/fleet';
import { microseconds } from '../../microseconds';
import type { Broker } from '../../servers/brokers';
import { cpuSeconds, forkFile, nextMessage, type ServerProcess } from '../../servers/processes';
import type { Setup } from '../../servers/setup';
import type { Identity } from '../../servers/wire';
import type { Arrived, Counted, LoadRequest, Tallied } from './load-process';

export interface LoadProps {
  readonly broker: Broker;
  readonly qos: 0 | 1;
  /** Whether each message has a content type and a user property. */
  readonly withProperties: boolean;
  /** Messages a second of both publishers together. @default - as many as the broker takes */
  readonly rate?: number;
  /** Seconds in which messages are published, after one second of warming up. All of them are waited for. */
  readonly seconds: number;
  readonly fleet: Fleet;
  readonly setup: Setup;
}

/** One broker under one load. */
export interface LoadResult {
  /** Those that reached the consumer. A group member got each of them, too. */
  readonly messagesPerSecond: number;
  /** Microseconds of the broker's processor time. */
  readonly cpuPerMessage?: number;
  /** The share of the time until the last message came in which each process was busy. The broker should be busier than the load. */
  readonly busy: { readonly broker?: number; readonly publishers: number; readonly receivers: number };
  /** Milliseconds from a publisher to a receiver, at a fixed rate. */
  readonly p50?: number;
  readonly p99?: number;
  /** Of all messages published, for the group and for the consumer. */
  readonly lost: number;
  readonly doubled: number;
}

const payloadSize = 40;
const window = 100;

/** Measures a broker under the load of the blog post's fleet: two publishers, two group members and one consumer. */
export async function measureLoad(props: LoadProps): Promise<LoadResult> {
  const server = await props.broker.start(props.setup);
  const publishers = forkFile('benchmarks/bench/messages/load-process.ts');
  const receivers = forkFile('benchmarks/bench/messages/load-process.ts');
  try {
    return await underLoad(props, server, publishers, receivers);
  } finally {
    publishers.kill();
    receivers.kill();
    await server.stop();
  }
}

async function underLoad(
  { fleet, qos, withProperties, rate, seconds, setup }: LoadProps,
  server: ServerProcess,
  publishers: ChildProcess,
  receivers: ChildProcess,
): Promise<LoadResult> {
  const common = { port: server.port, topic: fleet.topic, qos, withProperties, payloadSize };
  await ask(receivers, {
    type: 'receive',
    latencies: rate !== undefined,
    receivers: fleet.subscribers.map((device) => ({
      ...common,
      identity: identityOf(device, setup.folder),
      topicFilter: device.topicFilter,
      destination: device.role === 'member' ? device.shareName : device.thingName,
    })),
  });
  await ask(publishers, {
    type: 'connect',
    publishers: fleet.cars.map((car, index) => ({
      ...common,
      identity: identityOf(car, setup.folder),
      index,
      window,
      rate: rate && rate / fleet.cars.length,
    })),
  });
  const copies = fleet.groups.size + fleet.consumers.length;
  await publish(1, publishers, receivers, copies);
  const before = await sample(server, publishers, receivers);
  const { seconds: measured, sent } = await publish(seconds, publishers, receivers, copies);
  const after = await sample(server, publishers, receivers);
  const { lost, doubled } = await tally(receivers, sent);

  const [consumer] = fleet.consumers;
  const messages = after.received[consumer.thingName] - before.received[consumer.thingName];
  const cpu = after.broker !== undefined && before.broker !== undefined ? after.broker - before.broker : undefined;
  return {
    messagesPerSecond: messages / measured,
    cpuPerMessage: cpu && (cpu / messages) * 1e6,
    busy: {
      broker: cpu && cpu / measured,
      publishers: (after.publishers - before.publishers) / 1e6 / measured,
      receivers: (after.receivers - before.receivers) / 1e6 / measured,
    },
    p50: rate && after.p50! / 1000,
    p99: rate && after.p99! / 1000,
    lost,
    doubled,
  };
}

async function sample(server: ServerProcess, publishers: ChildProcess, receivers: ChildProcess) {
  const [sending, receiving] = await Promise.all([
    ask<Counted>(publishers, { type: 'count' }),
    ask<Counted>(receivers, { type: 'count' }),
  ]);
  return {
    broker: cpuSeconds(server.pid),
    publishers: sending.cpu,
    receivers: receiving.cpu,
    received: receiving.received,
    p50: receiving.p50,
    p99: receiving.p99,
  };
}

/**
 * Publishes for a time, and waits until all messages have come, or no message has come for a second. So a broker that takes messages faster
 * than it sends them is measured with all of its work.
 *
 * @param copies - how often each message is received
 * @returns the seconds from the first message's departure to the last one's arrival, and the messages that each publisher has ever sent
 */
async function publish(seconds: number, publishers: ChildProcess, receivers: ChildProcess, copies: number) {
  const start = microseconds();
  await ask(publishers, { type: 'start' });
  await sleep(seconds * 1000);
  await ask(publishers, { type: 'stop' });
  const { sent } = await ask<Counted>(publishers, { type: 'count' });
  const expected = sent.reduce((sum, count) => sum + count, 0) * copies;
  for (;;) {
    const { messages, lastAt } = await ask<Arrived>(receivers, { type: 'arrived' });
    const isOver = messages >= expected || microseconds() - Math.max(lastAt, start) > 1e6;
    if (isOver) return { seconds: (lastAt - start) / 1e6, sent };
    await sleep(20);
  }
}

async function tally(receivers: ChildProcess, sent: readonly number[]): Promise<{ lost: number; doubled: number }> {
  const tallies = Object.values(await ask<Tallied>(receivers, { type: 'tally', sent }));
  return {
    lost: tallies.reduce((sum, { lost }) => sum + lost, 0),
    doubled: tallies.reduce((sum, { doubled }) => sum + doubled, 0),
  };
}

function identityOf({ thingName, clientId }: Device, devicesRoot: string): Identity {
  const { keyFile, certificateFile, rootCaFile } = new DeviceFolder(devicesRoot, 'local', thingName);
  const [key, certificate, rootCa] = [keyFile, certificateFile, rootCaFile].map((file) => readFileSync(file, 'utf8'));
  return { clientId, key, certificate, rootCa };
}

function ask<T>(child: ChildProcess, request: LoadRequest): Promise<T> {
  const reply = nextMessage<T>(child);
  child.send(request);
  return reply;
}
