import { setTimeout as sleep } from 'node:timers/promises';
import { grouped } from '../../../lib/util/format';
import { type Broker, findPeers, iotCoreLocal, least } from '../../servers/brokers';
import { setUpPermissive } from '../../servers/permissive-setup';
import { cpuSeconds, forkFile, nextMessage, residentBytes } from '../../servers/processes';
import type { Setup } from '../../servers/setup';
import { median, medianRatio } from '../../statistics';
import type { Table } from '../table';
import type { ConnectionsRequest } from './connections-process';

interface Measured {
  /** Kilobytes of the server's memory for a connection. */
  readonly memory: number;
  /** Milliseconds of the server's processor time for a connect. */
  readonly cpu: number;
}

/**
 * Compares what a connected device costs IoT Core Local, other brokers, and the least that a server on Node.js can do.
 *
 * @param folder - one of the benchmark's own
 */
export async function benchmarkConnections({ folder, quick }: { folder: string; quick: boolean }): Promise<Table[]> {
  const count = quick ? 200 : 2000;
  const { setup, identity } = await setUpPermissive(folder);
  const brokers = [iotCoreLocal, least, ...findPeers().installed];
  const results = new Map<Broker, Measured[]>(brokers.map((broker) => [broker, []]));
  for (let run = 0; run < (quick ? 1 : 3); run += 1) {
    for (const [broker, runs] of results) runs.push(await measure(broker, setup, { identity, count }));
  }
  const core = results.get(iotCoreLocal)!;
  return [
    {
      title: `${grouped(count)} devices, connected over mutual TLS and idle`,
      columns: ['server', 'CPU ms per connect', 'this ÷ IoT Core Local', 'KB per connection', 'this ÷ IoT Core Local '],
      rows: [...results].map(([{ name }, runs]) => {
        const times = (figure: (run: Measured) => number) =>
          `${medianRatio(runs.map(figure), core.map(figure)).toFixed(2)}×`;
        return [
          name,
          median(runs.map(({ cpu }) => cpu)),
          times(({ cpu }) => cpu),
          median(runs.map(({ memory }) => memory)),
          times(({ memory }) => memory),
        ];
      }),
      notes: [
        'Both ratios are medians of the ratios run by run. Above 1, IoT Core Local needs less. The clients are in another process.',
        `"${least.name}" is a TLS server without anything that an idle connection needs of MQTT.`,
      ],
    },
  ];
}

async function measure(broker: Broker, setup: Setup, request: Omit<ConnectionsRequest, 'port'>): Promise<Measured> {
  const server = await broker.start(setup);
  const clients = forkFile('benchmarks/bench/connections/connections-process.ts');
  const open = async (count: number): Promise<void> => {
    const done = nextMessage(clients);
    clients.send({ ...request, port: server.port, count, identity: { ...request.identity, clientId: `c${count}` } });
    await done;
  };
  try {
    // With the first connections, a server loads and compiles what later ones need.
    await open(50);
    const before = { memory: residentBytes(server.pid), cpu: cpuSeconds(server.pid) };
    await open(request.count);
    // Time for the server to free what the handshakes needed.
    await sleep(2000);
    const [memory, cpu] = [residentBytes(server.pid), cpuSeconds(server.pid)];
    if (memory === undefined || cpu === undefined || before.memory === undefined || before.cpu === undefined) {
      throw new Error('The memory and processor time of another process can be read on Linux only.');
    }
    return {
      memory: (memory - before.memory) / 1000 / request.count,
      cpu: ((cpu - before.cpu) * 1000) / request.count,
    };
  } finally {
    clients.kill();
    await server.stop();
  }
}
