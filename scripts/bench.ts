import './quiet-sdk';
import { benchmarkCerts } from '../benchmarks/bench/certs';
import { benchmarkConnections } from '../benchmarks/bench/connections/connections';
import { benchmarkGroups } from '../benchmarks/bench/groups';
import { benchmarkMessages } from '../benchmarks/bench/messages/messages';
import { benchmarkStart } from '../benchmarks/bench/start/start';
import { benchmarkSynth } from '../benchmarks/bench/synthesis/synth';
import { formatTable, type Table, tableToJson } from '../benchmarks/bench/table';
import { mosquittoVersion, setUp } from '../benchmarks/servers/brokers';
import { hearSignals } from '../benchmarks/servers/processes';
import { startLocalFleet } from '../lib/targets/local-fleet';
import { runCommand, UsageError } from './command-line';
import { inTemporaryFolder, onInterruption } from './interruption';

const usage = `
Usage: npm run bench [-- part … options]

Compares, in one run on one machine. Parts, all of them unless some are named:
  messages     messages a second, CPU, latency: IoT Core Local, mosquitto, a TLS server that only copies bytes
  connections  memory and CPU of a connected device: IoT Core Local, mosquitto, a bare TLS server
  groups       what a message costs by a group's members, and by the number of topic filters
  start        where the seconds of npm start go
  synth        synthesis, beside the same stacks without this project's code; fleets of up to 10,000 devices
  certs        API calls and seconds of npm run certs, for up to 1,000 devices

Options:
  --quick  fewer and shorter runs: to see that it works, not to quote
  --json   print the tables as JSON
  --help   this text

mosquitto is compared with where it is installed (apt-get install mosquitto). CPU and memory of other processes are read on Linux only.
`;

const options = { quick: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } } as const;

interface Run {
  /** A folder of this run's own. */
  readonly folder: string;
  readonly quick: boolean;
}

/** The blog post's, whichever cdk.json holds: what is measured is to be comparable. */
const fleetOfMessages = {
  topic: 'cars/data',
  cars: ['car1', 'car2'],
  groups: { group2: ['subscriber2A', 'subscriber2B'] },
  consumers: ['consumer3'],
};

const parts: Record<string, (run: Run) => Table[] | Promise<Table[]>> = {
  messages: async ({ folder, quick }) => {
    const context = { fleet: fleetOfMessages };
    const { core, fleet, templates } = await startLocalFleet({ port: 0, devicesRoot: folder, context });
    await core.stop();
    const [template] = templates.values();
    return benchmarkMessages({ fleet, quick, setup: await setUp(folder, template) });
  },
  connections: benchmarkConnections,
  groups: benchmarkGroups,
  start: benchmarkStart,
  synth: benchmarkSynth,
  certs: benchmarkCerts,
};

runCommand('bench', { usage, options, allowPositionals: true }, async ({ quick, json }, named) => {
  const unknown = named.find((name) => !(name in parts));
  if (unknown) throw new UsageError(`A part is ${Object.keys(parts).join(', ')}; "${unknown}" is none.`);
  onInterruption((exitCode) => process.exit(exitCode));
  if (!mosquittoVersion()) console.error('mosquitto is not installed, so nothing is compared with it.');
  const results: Record<string, unknown> = {};
  for (const name of named.length > 0 ? named : Object.keys(parts)) {
    console.error(`${name} …`);
    const tables = await inTemporaryFolder('bench', async (folder) => {
      try {
        return await parts[name]({ folder, quick });
      } finally {
        await hearSignals();
      }
    });
    results[name] = tables.map((table) => ({ title: table.title, rows: tableToJson(table) }));
    if (!json) for (const table of tables) console.log(formatTable(table));
  }
  if (json) console.log(JSON.stringify(results, undefined, 2));
  return 0;
});
