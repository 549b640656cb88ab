import type { Fleet } from '../../../lib/fleet/fleet';
import { grouped } from '../../../lib/util/format';
import { type Broker, findPeers, iotCoreLocal, least } from '../../servers/brokers';
import type { Setup } from '../../servers/setup';
import { median, medianRatio } from '../../statistics';
import type { Cell, Table } from '../table';
import { type LoadProps, type LoadResult, measureLoad } from './load';

export interface MessagesProps {
  readonly fleet: Fleet;
  readonly setup: Setup;
  readonly quick: boolean;
}

type Load = Pick<LoadProps, 'qos' | 'withProperties' | 'rate'>;
type Figure = (run: LoadResult) => number | undefined;
type Results = ReadonlyMap<Broker, readonly LoadResult[]>;

/** The rate, in messages a second, at which latencies are compared. */
const steadyRate = 20_000;

/**
 * Compares IoT Core Local with other brokers, and with the least that a server on Node.js can do: processor time per message, messages a
 * second, and latency.
 */
export async function benchmarkMessages(props: MessagesProps): Promise<Table[]> {
  const brokers = [iotCoreLocal, ...findPeers().installed];
  return [
    await throughput([...brokers, least], props, { qos: 0, withProperties: false }),
    await throughput([...brokers, least], props, { qos: 1, withProperties: false }),
    await throughput([...brokers, least], props, { qos: 1, withProperties: true }),
    await latency(brokers, props),
  ];
}

async function throughput(brokers: readonly Broker[], props: MessagesProps, load: Load): Promise<Table> {
  const results = await inTurn(brokers, props, load);
  const ours = results.get(iotCoreLocal)!;
  return {
    title: `Messages at QoS ${load.qos}${load.withProperties ? ', with a content type and a user property' : ''}: 2 publishers, 2 members of a group, 1 consumer, mutual TLS, MQTT 5, 40 bytes`,
    columns: [
      'server',
      'CPU µs/message',
      'this ÷ IoT Core Local',
      'messages/s',
      'IoT Core Local ÷ this',
      'server busy',
      'publishers',
      'receivers',
      'lost',
      'doubled',
    ],
    rows: [...results].map(([{ name }, runs]) => [
      name,
      middle(runs, (run) => run.cpuPerMessage),
      times(runs, ours, (run) => run.cpuPerMessage),
      Math.round(middle(runs, (run) => run.messagesPerSecond)!),
      times(ours, runs, (run) => run.messagesPerSecond),
      percent(middle(runs, (run) => run.busy.broker)),
      percent(middle(runs, (run) => run.busy.publishers)),
      percent(middle(runs, (run) => run.busy.receivers)),
      sum(runs, (run) => run.lost),
      sum(runs, (run) => run.doubled),
    ]),
    notes: [
      'CPU is the processor time of the server alone, for a message that reaches a consumer and a group member. It varies less than the rate.',
      'Both ratios are medians of the ratios run by run, in which the servers took turns. Above 1, IoT Core Local is ahead.',
      'The load does not limit the rate where its processes are less busy than the server. Each of them has one thread.',
      'IoT Core Local lets publishers wait for full receivers. A broker that does not may lose messages here; its processor time is per message received.',
      `"${least.name}" parses, picks a member, copies and acknowledges. It checks nothing and keeps nothing, so it shows the limit.`,
    ],
  };
}

async function latency(brokers: readonly Broker[], props: MessagesProps): Promise<Table> {
  const rows: Cell[][] = [];
  for (const qos of [0, 1] as const) {
    for (const [{ name }, runs] of await inTurn(brokers, props, { qos, withProperties: false, rate: steadyRate })) {
      rows.push([
        `${name}, QoS ${qos}`,
        middle(runs, (run) => run.cpuPerMessage),
        middle(runs, (run) => run.p50),
        middle(runs, (run) => run.p99),
        Math.round(middle(runs, (run) => run.messagesPerSecond)!),
      ]);
    }
  }
  return {
    title: `Milliseconds from a publisher to a receiver, at ${grouped(steadyRate)} messages a second`,
    columns: ['server', 'CPU µs/message', 'p50 ms', 'p99 ms', 'messages/s'],
    rows,
    notes: [],
  };
}

/** Measures the brokers in turns, so that a change of the machine's load meets all of them. */
async function inTurn(brokers: readonly Broker[], { quick, ...props }: MessagesProps, load: Load): Promise<Results> {
  const results = new Map<Broker, LoadResult[]>(brokers.map((broker) => [broker, []]));
  for (let run = 0; run < (quick ? 1 : 5); run += 1) {
    for (const [broker, runs] of results) {
      runs.push(await measureLoad({ broker, seconds: quick ? 1 : 3, ...load, ...props }));
    }
  }
  return results;
}

/** @returns undefined where a run has no such figure: processor time is known on Linux only */
function middle(runs: readonly LoadResult[], figure: Figure): number | undefined {
  const known = knownOf(runs, figure);
  return known && median(known);
}

function times(numerators: readonly LoadResult[], denominators: readonly LoadResult[], figure: Figure): Cell {
  const [above, below] = [knownOf(numerators, figure), knownOf(denominators, figure)];
  return above && below && `${medianRatio(above, below).toFixed(2)}×`;
}

function knownOf(runs: readonly LoadResult[], figure: Figure): number[] | undefined {
  const known = runs.map(figure).filter((value) => value !== undefined);
  return known.length === runs.length ? known : undefined;
}

function percent(share: number | undefined): Cell {
  return share === undefined ? undefined : `${Math.round(share * 100)} %`;
}

function sum(runs: readonly LoadResult[], figure: (run: LoadResult) => number): number {
  return runs.reduce((total, run) => total + figure(run), 0);
}
