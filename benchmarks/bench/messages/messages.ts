import type { Fleet } from '../../../lib/fleet/fleet';
import { grouped } from '../../../lib/util/format';
import { type BrokerName, mosquittoVersion, type Setup } from '../../servers/brokers';
import { type Cell, median, medianRatio, type Table } from '../table';
import { type LoadResult, measureLoad } from './load';

export interface MessagesProps {
  readonly fleet: Fleet;
  readonly setup: Setup;
  readonly quick: boolean;
}

/** The rate, in messages a second, at which latencies are compared. */
const steadyRate = 20_000;

/**
 * Messages a second, processor time and latency of IoT Core Local, beside mosquitto and beside a TLS server that only copies bytes.
 */
export async function benchmarkMessages(props: MessagesProps): Promise<Table[]> {
  return [await throughput(props, 0), await throughput(props, 1), await latency(props)];
}

async function throughput(props: MessagesProps, qos: 0 | 1): Promise<Table> {
  // What only copies bytes acknowledges nothing.
  const brokers = [...comparable(), ...(qos === 0 ? (['bare'] as const) : [])];
  const results = await inTurn(brokers, props, { qos });
  return {
    title: `Messages at QoS ${qos}: 2 publishers, 2 members of a group, 1 consumer, mutual TLS, MQTT 5, 40 bytes`,
    columns: [
      'broker',
      'messages/s',
      'IoT Core Local ÷ this',
      'CPU µs/message',
      'broker busy',
      'publishers',
      'receivers',
      'lost',
      'doubled',
    ],
    rows: brokers.map((broker) => {
      const runs = results.get(broker)!;
      const of = (figure: (run: LoadResult) => number | undefined) => middle(runs.map(figure));
      return [
        nameOf(broker),
        Math.round(of((run) => run.messagesPerSecond)!),
        ratio(results.get('IoT Core Local')!, runs, (run) => run.messagesPerSecond),
        of((run) => run.cpuPerMessage),
        percent(of((run) => run.busy.broker)),
        percent(of((run) => run.busy.publishers)),
        percent(of((run) => run.busy.receivers)),
        broker === 'bare' ? undefined : sum(runs.map((run) => run.lost)),
        broker === 'bare' ? undefined : sum(runs.map((run) => run.doubled)),
      ];
    }),
    notes: [
      'Medians; the brokers took turns. "IoT Core Local ÷ this" is how many times its messages a second IoT Core Local reached, run by run.',
      'The load is no bottleneck where its processes are less busy than the broker: each has one thread.',
    ],
  };
}

async function latency(props: MessagesProps): Promise<Table> {
  const brokers = comparable();
  const rows: Cell[][] = [];
  for (const qos of [0, 1] as const) {
    const results = await inTurn(brokers, props, { qos, rate: steadyRate });
    for (const broker of brokers) {
      const of = (figure: (run: LoadResult) => number | undefined) => middle(results.get(broker)!.map(figure));
      const kept = Math.round(of((run) => run.messagesPerSecond)!);
      rows.push([
        `${nameOf(broker)}, QoS ${qos}`,
        kept,
        of((run) => run.p50),
        of((run) => run.p99),
        of((run) => run.cpuPerMessage),
      ]);
    }
  }
  return {
    title: `Milliseconds from a publisher to a receiver, at ${grouped(steadyRate)} messages a second`,
    columns: ['broker', 'messages/s', 'p50 ms', 'p99 ms', 'CPU µs/message'],
    rows,
    notes: [],
  };
}

/** Each broker once, then each again: what changes on the machine meets all of them. */
async function inTurn(
  brokers: readonly BrokerName[],
  { quick, ...props }: MessagesProps,
  load: { qos: 0 | 1; rate?: number },
): Promise<Map<BrokerName, LoadResult[]>> {
  const results = new Map<BrokerName, LoadResult[]>(brokers.map((broker) => [broker, []]));
  for (let run = 0; run < (quick ? 1 : 5); run += 1) {
    for (const broker of brokers) {
      results.get(broker)!.push(await measureLoad({ broker, seconds: quick ? 1 : 3, ...load, ...props }));
    }
  }
  return results;
}

function comparable(): BrokerName[] {
  return mosquittoVersion() ? ['IoT Core Local', 'mosquitto'] : ['IoT Core Local'];
}

function nameOf(broker: BrokerName): string {
  switch (broker) {
    case 'IoT Core Local':
      return 'IoT Core Local';
    case 'mosquitto':
      return `mosquitto ${mosquittoVersion()}`;
    case 'bare':
      return 'copying bytes only';
  }
}

function ratio(core: readonly LoadResult[], other: readonly LoadResult[], figure: (run: LoadResult) => number): string {
  return `${medianRatio(core.map(figure), other.map(figure)).toFixed(2)}×`;
}

function middle(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? median(known) : undefined;
}

function percent(share: number | undefined): string | undefined {
  return share === undefined ? undefined : `${Math.round(share * 100)} %`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
