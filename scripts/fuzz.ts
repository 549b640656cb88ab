// The only script that imports from test: what it mutates are the tests' tables.

import { ChildIotCore, type Memory } from '../benchmarks/fuzz/child-iot-core';
import { decodeMutant } from '../benchmarks/fuzz/codec';
import { type FuzzReport, fuzzLive } from '../benchmarks/fuzz/live';
import { randomIntegers } from '../benchmarks/random';
import { grouped, megabytes } from '../lib/util/format';
import { numberIn, runCommand } from './command-line';

const usage = `
Usage: npm run fuzz [-- options]

Sends IoT Core Local hostile packets, mutated from the conformance tests: to its codec alone, and over live connections to IoT Core Local in a
process of its own, while a client that behaves goes on publishing. It fails when IoT Core Local ends, logs an error of its own, keeps that
client waiting for 10 s, does not let go of a connection, or has grown.

Options:
  --packets N  how many, each way (default: 1000000, which takes about a quarter of an hour)
  --seed N     what the mutations come from; the same seed has the same packets (default: one that is printed)
  --help       this text
`;

const options = { packets: { type: 'string', default: '1000000' }, seed: { type: 'string' } } as const;

/**
 * Bytes by which the process may be larger at the end than after the first tenth: sessions and retained messages that are kept, and what
 * the allocator does not give back.
 */
const allowance = { heapUsed: 35_000_000, rss: 70_000_000 };

/** Of what --packets and --seed can be. */
const most = 999_999_999;

runCommand('fuzz', { usage, options }, async (values) => {
  const packets = numberIn('packets', values.packets, { least: 1, most });
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : numberIn('seed', values.seed, { least: 0, most });
  console.error(`Seed ${seed}.`);
  console.log(fuzzCodec(packets, seed));
  const core = await ChildIotCore.start();
  try {
    const { report, start, end } = await Promise.race([attack(core, packets, seed), core.failed]);
    console.log(`Live: ${sentence(report)}`);
    console.log(`Memory after the first tenth: ${size(start)}; at the end: ${size(end)}.`);
    const hasGrown = end.heapUsed > start.heapUsed + allowance.heapUsed || end.rss > start.rss + allowance.rss;
    console.log(hasGrown ? 'IoT Core Local has grown.' : 'No crash, no hang, no growth.');
    return hasGrown ? 1 : 0;
  } finally {
    core.stop();
  }
});

function fuzzCodec(packets: number, seed: number): string {
  const random = randomIntegers(seed);
  let refused = 0;
  for (let run = 0; run < packets; run += 1) refused += decodeMutant(random).refused ? 1 : 0;
  return `Codec: ${grouped(packets)} packets, ${grouped(refused)} of them refused, none with another error than a DecodeError.`;
}

/** @returns the memory after the first tenth of the packets, and at the end */
async function attack(core: ChildIotCore, packets: number, seed: number) {
  let warm: Memory | undefined;
  let told = 0;
  const onProgress = async (report: FuzzReport) => {
    if (report.packets < packets / 10 || report.packets < told + packets / 20) return;
    told = report.packets;
    const memory = await core.memory();
    warm ??= memory;
    console.error(`${sentence(report)} Memory: ${size(memory)}.`);
  };
  const report = await fuzzLive(core.target, { seed, packets, onProgress });
  const end = await core.memory();
  return { report, start: warm ?? end, end };
}

function sentence({ packets, connections, roundTrips, slowest }: FuzzReport): string {
  return `${grouped(packets)} packets over ${grouped(connections)} connections; ${grouped(roundTrips)} round trips meanwhile, the slowest in ${Math.round(slowest)} ms.`;
}

function size({ heapUsed, rss }: Memory): string {
  return `heap ${megabytes(heapUsed)}, resident ${megabytes(rss)}`;
}
