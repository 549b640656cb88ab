import { decodeMutant } from '../benchmarks/fuzz/codec';
import { type FuzzOptions, type FuzzReport, fuzzLive } from '../benchmarks/fuzz/live';
import { fuzzPolicies } from '../benchmarks/fuzz/policies';
import { randomIntegers } from '../benchmarks/random';
import { IotCoreServer, type Memory } from '../benchmarks/servers/iot-core-server';
import { setUpPermissive } from '../benchmarks/servers/permissive-setup';
import { grouped, megabytes } from '../lib/util/format';
import { numberIn, runCommand } from './command-line';
import { inTemporaryFolder, onInterruption } from './interruption';

const usage = `
Usage: npm run fuzz [-- options]

Sends hostile packets to IoT Core Local: first to its codec alone, then over live connections to a process of its own. The packets are
mutations of those in the conformance tests. Meanwhile a control client publishes. The run fails if IoT Core Local ends, logs an error, keeps
the control client waiting for 10 s, leaves a connection open, or needs more and more memory.

Before that it evaluates random policies, and compares each answer with the one of a second, plain evaluator. It fails on any difference.

Options:
  --packets N  packets for the codec, and again for the connections (default: 1000000, about a quarter of an hour)
  --policies N policies (default: 100000, about a minute)
  --seed N     the seed of the mutations: the same seed makes the same packets (default: a new one, which is printed)
  --help       this text

Examples:
  npm run fuzz
  npm run fuzz -- --packets 10000 --seed 1
`;

const options = {
  packets: { type: 'string', default: '1000000' },
  policies: { type: 'string', default: '100000' },
  seed: { type: 'string' },
} as const;

/**
 * Bytes that the process may have at the end above those after the first tenth of the packets: for sessions and retained messages, and for
 * what the allocator keeps.
 */
const allowance: Memory = { needed: 35_000_000, held: 70_000_000 };

/** The largest value of --packets and of --seed. */
const most = 999_999_999;

runCommand('fuzz', { usage, options }, async (values) => {
  const packets = numberIn('packets', values.packets, { least: 1, most });
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : numberIn('seed', values.seed, { least: 0, most });
  const policies = numberIn('policies', values.policies, { least: 1, most });
  console.error(`Seed ${seed}.`);
  console.log(fuzzPolicies(policies, seed));
  console.log(fuzzCodec(packets, seed));
  onInterruption((exitCode) => process.exit(exitCode));
  const hasGrown = await inTemporaryFolder('fuzz', (folder) => fuzzConnections(folder, packets, seed));
  console.log(hasGrown ? 'IoT Core Local needs more and more memory.' : 'No crash, no hang, no growth.');
  return hasGrown ? 1 : 0;
});

function fuzzCodec(packets: number, seed: number): string {
  const random = randomIntegers(seed);
  let refused = 0;
  for (let run = 0; run < packets; run += 1) refused += decodeMutant(random).refused ? 1 : 0;
  return `Codec: ${grouped(packets)} packets. It refused ${grouped(refused)} of them, each with a DecodeError.`;
}

/** @returns whether IoT Core Local's memory has grown by more than is allowed */
async function fuzzConnections(folder: string, packets: number, seed: number): Promise<boolean> {
  const { setup, identity } = await setUpPermissive(folder);
  const server = await IotCoreServer.start(folder, [setup.template]);
  let [warm, reported]: [Memory | undefined, number] = [undefined, 0];
  const onProgress: FuzzOptions['onProgress'] = async (report) => {
    if (report.packets < packets / 10 || report.packets < reported + packets / 20) return;
    reported = report.packets;
    const memory = await server.memory();
    warm ??= memory;
    console.error(`${sentence(report)} Memory: ${size(memory)}.`);
  };
  try {
    const target = { port: server.port, rootCaPem: identity.rootCa, credentials: identity };
    const report = await Promise.race([fuzzLive(target, { seed, packets, onProgress }), server.failed]);
    console.log(`Live: ${sentence(report)}`);
    const end = await server.memory();
    const start = warm ?? end;
    console.log(`Memory after the first tenth: ${size(start)}. At the end: ${size(end)}.`);
    return end.needed > start.needed + allowance.needed || end.held > start.held + allowance.held;
  } finally {
    await server.stop();
  }
}

function sentence({ packets, connections, roundTrips, slowest }: FuzzReport): string {
  const control = `${grouped(roundTrips)} round trips of the control client, the slowest in ${Math.round(slowest)} ms`;
  return `${grouped(packets)} packets over ${grouped(connections)} connections; ${control}.`;
}

function size({ needed, held }: Memory): string {
  return `${megabytes(needed)} needed, ${megabytes(held)} held`;
}
