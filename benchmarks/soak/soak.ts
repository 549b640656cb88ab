import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomNumbers } from '../random';
import type { Memory } from '../servers/iot-core-server';
import { median } from '../statistics';
import type { ArrivalCount } from './arrival-count';
import { board, startServer } from './soak-fleet';
import type { Departure } from './soak-subscriber';

export interface SoakOptions {
  readonly minutes: number;
  /** At least 10. */
  readonly devices: number;
  readonly seed: number;
  /** Messages a second of all cars together. */
  readonly rate: number;
  /** A folder for this soak alone. */
  readonly folder: string;
  /** Called every ten seconds. */
  readonly onProgress: (progress: SoakProgress) => void;
  /** Ends the soak early, without waiting for messages that are still missing. */
  readonly signal?: AbortSignal;
}

/** How a soak stands. */
export interface SoakProgress {
  readonly seconds: number;
  readonly acknowledged: number;
  readonly departures: number;
  /** IoT Core Local's. */
  readonly memory: Memory;
}

/** What a soak has shown. */
export interface SoakResult {
  readonly isInterrupted: boolean;
  readonly acknowledged: number;
  /** `lost` counts the messages that did not come; of a soak that was interrupted, some may still be on their way. */
  readonly destinations: readonly { readonly name: string; readonly lost: number; readonly doubled: number }[];
  readonly departures: Readonly<Partial<Record<Departure, number>>>;
  /** IoT Core Local's: the medians of the first third of the samples and of the last. Undefined with fewer than three samples. */
  readonly memory?: { readonly first: Memory; readonly last: Memory };
}

/** Seconds between two samples of IoT Core Local's memory. */
export const interval = 10;

/**
 * Runs devices that publish and subscribe at QoS 1 for minutes, against IoT Core Local in a process of its own. The subscribers leave and
 * return at random, in every way there is.
 *
 * Each consumer has a persistent session, and each group has a member with one. So each message that IoT Core Local acknowledges must come
 * to every destination.
 *
 * @throws Error when IoT Core Local ends, reports an error, or refuses what it must grant
 */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const { minutes, rate, folder, onProgress, signal } = options;
  const { fleet, server } = await startServer(folder, options.devices);
  const random = randomNumbers(options.seed);
  const counts: Partial<Record<Departure, number>> = {};
  const onDeparture = (departure: Departure) => {
    counts[departure] = (counts[departure] ?? 0) + 1;
  };
  const { cars, subscribers, destinations } = await board(fleet, {
    port: server.port,
    folder,
    random,
    onDeparture,
  }).catch(async (error) => {
    await server.stop();
    throw error;
  });
  const publishing = new AbortController();
  const moving = new AbortController();
  // All devices listen to this signal.
  setMaxListeners(0, moving.signal);
  const memory: Memory[] = [];
  const acknowledgedCount = () => cars.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);
  const watch = async () => {
    for (let seconds = 0; !moving.signal.aborted; seconds += interval) {
      memory.push(await server.memory());
      const departures = Object.values(counts).reduce((sum, count) => sum + count, 0);
      onProgress({ seconds, acknowledged: acknowledgedCount(), departures, memory: memory.at(-1)! });
      await sleep(interval * 1000, undefined, { signal: moving.signal }).catch(() => {});
    }
  };
  try {
    const everyone = [
      ...cars.map((car) => car.publish(rate / cars.length, publishing.signal)),
      ...subscribers.map((subscriber) => subscriber.comeAndGo(moving.signal)),
      watch(),
    ];
    const time = sleep(minutes * 60_000, undefined, { signal }).catch(() => {});
    await Promise.race([time, Promise.all(everyone)]);
    publishing.abort();
    moving.abort();
    await Promise.all(everyone);
    const acknowledged = new Map(cars.map((car) => [car.name, car.acknowledged]));
    await allCome(destinations, acknowledged, signal);
    const result = destinations.map((received) => ({ name: received.name, ...received.compare(acknowledged) }));
    return {
      isInterrupted: signal?.aborted ?? false,
      acknowledged: acknowledgedCount(),
      destinations: result,
      departures: counts,
      memory: thirds(memory),
    };
  } finally {
    publishing.abort();
    moving.abort();
    for (const device of [...cars, ...subscribers]) device.leave();
    await server.stop();
  }
}

/** Waits until all messages have come, no message has come for 30 seconds, or the signal. */
async function allCome(
  destinations: readonly ArrivalCount[],
  acknowledged: ReadonlyMap<string, readonly number[]>,
  signal?: AbortSignal,
): Promise<void> {
  let idle = 0;
  let before = -1;
  while (!signal?.aborted && idle < 30 && destinations.some((received) => received.compare(acknowledged).lost > 0)) {
    await sleep(1000);
    const received = destinations.reduce((sum, received) => sum + received.received, 0);
    idle = received === before ? idle + 1 : 0;
    before = received;
  }
}

/** @returns undefined for fewer than three samples: their first third and their last would overlap */
export function thirds(samples: readonly Memory[]): SoakResult['memory'] {
  if (samples.length < 3) return undefined;
  const third = Math.floor(samples.length / 3);
  return { first: medians(samples.slice(0, third)), last: medians(samples.slice(-third)) };
}

function medians(samples: readonly Memory[]): Memory {
  return { needed: median(samples.map(({ needed }) => needed)), held: median(samples.map(({ held }) => held)) };
}
