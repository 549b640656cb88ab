import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { grouped } from '../../../lib/util/format';
import { type BrokerName, mosquittoVersion, type Setup, startBroker } from '../../servers/brokers';
import { setUpPermissive } from '../../servers/permissive-setup';
import { cpuSeconds, forkFile, nextMessage, residentBytes } from '../../servers/processes';
import { median, medianRatio, type Table } from '../table';
import type { ConnectionsRequest } from './connections-process';

interface Measured {
  /** Kilobytes of the server's memory. */
  readonly memory: number;
  /** Milliseconds of the server's processor time. */
  readonly cpu: number;
}

/**
 * What a connected device costs IoT Core Local, beside a TLS server that does nothing else, and beside mosquitto.
 *
 * @param folder - one of the benchmark's own
 */
export async function benchmarkConnections({ folder, quick }: { folder: string; quick: boolean }): Promise<Table[]> {
  const count = quick ? 200 : 2000;
  const { setup, identity } = await setUpPermissive(folder);
  const brokers: BrokerName[] = ['IoT Core Local', 'bare', ...(mosquittoVersion() ? (['mosquitto'] as const) : [])];
  const results = new Map<BrokerName, Measured[]>(brokers.map((broker) => [broker, []]));
  for (let run = 0; run < (quick ? 1 : 3); run += 1) {
    for (const broker of brokers) results.get(broker)!.push(await measure(broker, setup, { identity, count }));
  }
  const core = results.get('IoT Core Local')!;
  return [
    {
      title: `${grouped(count)} devices, connected over mutual TLS and idle`,
      columns: ['server', 'KB a connection', 'IoT Core Local ÷ this', 'CPU ms a connect', 'IoT Core Local ÷ this '],
      rows: brokers.map((broker) => {
        const runs = results.get(broker)!;
        const times = (figure: (run: Measured) => number) =>
          `${medianRatio(core.map(figure), runs.map(figure)).toFixed(2)}×`;
        return [
          {
            'IoT Core Local': 'IoT Core Local',
            bare: 'a bare Node.js TLS server',
            mosquitto: `mosquitto ${mosquittoVersion()}`,
          }[broker],
          median(runs.map(({ memory }) => memory)),
          times(({ memory }) => memory),
          median(runs.map(({ cpu }) => cpu)),
          times(({ cpu }) => cpu),
        ];
      }),
      notes: [
        '"IoT Core Local ÷ this" is its figure as a multiple of this server’s: below 1, it needs less. The client’s own cost is in another process.',
      ],
    },
  ];
}

async function measure(broker: BrokerName, setup: Setup, request: Omit<ConnectionsRequest, 'port'>): Promise<Measured> {
  const server = await startBroker(broker, setup);
  const clients = forkFile(join(__dirname, 'connections-process.ts'));
  const open = async (count: number): Promise<void> => {
    const done = nextMessage(clients);
    clients.send({ ...request, port: server.port, count, identity: { ...request.identity, clientId: `c${count}` } });
    await done;
  };
  try {
    // The first few bring in what a server loads and compiles only once.
    await open(50);
    const before = { memory: residentBytes(server.pid), cpu: cpuSeconds(server.pid) };
    await open(request.count);
    // Memory is what is left when the handshakes are over and their garbage is gone, as far as the server sees to that.
    await sleep(2000);
    const [memory, cpu] = [residentBytes(server.pid), cpuSeconds(server.pid)];
    if (memory === undefined || cpu === undefined || before.memory === undefined || before.cpu === undefined) {
      throw new Error('Memory and processor time of another process can be read on Linux only.');
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
