import './quiet-sdk';
import { blogFleet } from '../benchmarks/bench/blog-fleet';
import { benchmarkCerts } from '../benchmarks/bench/certs';
import { benchmarkConnections } from '../benchmarks/bench/connections/connections';
import { benchmarkGroups } from '../benchmarks/bench/groups';
import { benchmarkMessages } from '../benchmarks/bench/messages/messages';
import { benchmarkStart } from '../benchmarks/bench/start/start';
import { benchmarkSynth } from '../benchmarks/bench/synthesis/synth';
import { formatTable, type Table, tableToJson } from '../benchmarks/bench/table';
import { findPeers } from '../benchmarks/servers/brokers';
import { hearSignals } from '../benchmarks/servers/processes';
import { type AclEntry, setUp } from '../benchmarks/servers/setup';
import { startLocalFleet } from '../lib/targets/local-fleet';
import { runCommand, UsageError } from './command-line';
import { inTemporaryFolder, onInterruption } from './interruption';

const usage = `
Usage: npm run bench [-- part … options]

Measures IoT Core Local and the CDK app beside others, in turns on one machine. Without a part, it runs all parts:
  messages     CPU per message, with properties too, messages a second, latency: IoT Core Local, FlashMQ, mosquitto, the least server on Node.js
  connections  CPU and memory per connection: the same servers
  groups       the cost of a message by the members of a group, and by the number of topic filters
  start        the seconds of each phase of npm start
  synth        synthesis, and that of the same stacks without this project's code; fleets of up to 10,000 devices
  certs        API calls and seconds of npm run certs, for up to 1,000 devices

Options:
  --quick  fewer and shorter runs, which show that it works but give no figures to quote
  --json   print the tables as JSON
  --help   this text

Examples:
  npm run bench -- start --quick
  npm run -s bench -- messages --json

FlashMQ (https://www.flashmq.org) and mosquitto (apt-get install mosquitto) take part where their commands, flashmq and mosquitto, are on the
PATH. The CPU and the memory of other processes can be read on Linux only.
`;

const options = { quick: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } } as const;

interface Run {
  /** A folder for this run alone. */
  readonly folder: string;
  readonly quick: boolean;
}

const parts: Record<string, (run: Run) => Table[] | Promise<Table[]>> = {
  messages: async ({ folder, quick }) => {
    const context = { fleet: blogFleet };
    const { core, fleet, templates } = await startLocalFleet({ port: 0, devicesRoot: folder, context });
    await core.stop();
    const [template] = templates.values();
    const rights = fleet.devices.map(({ thingName: user, role }): AclEntry => {
      return { user, access: role === 'car' ? 'write' : 'read', topic: fleet.topic };
    });
    return benchmarkMessages({ fleet, quick, setup: await setUp(folder, template, rights) });
  },
  connections: benchmarkConnections,
  groups: benchmarkGroups,
  start: benchmarkStart,
  synth: benchmarkSynth,
  certs: benchmarkCerts,
};

runCommand('bench', { usage, options, allowPositionals: true }, async ({ quick, json }, named) => {
  const unknown = named.find((name) => !(name in parts));
  if (unknown) throw new UsageError(`There is no part "${unknown}". The parts are ${Object.keys(parts).join(', ')}.`);
  onInterruption((exitCode) => process.exit(exitCode));
  for (const name of findPeers().missing) console.error(`${name} is not on the PATH, so it does not take part.`);
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
